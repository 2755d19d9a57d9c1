"""Comparisons are checked and stored for the workers. Only the routes may import this room.

compare        the flow: check everything that the arms need, then store the job
arms           which arms are compared, and what each of them needs
questions      the questions of a file
from_eval      the rows and the criteria of an eval as questions and graders
training_file  the examples that the fine-tuned model was trained on
extend         the other flow: continue a comparison with more questions
cancel         a comparison is canceled with the jobs that it started
store          the transactions, which also count looks
"""
