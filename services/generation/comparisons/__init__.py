"""Comparisons are checked and stored for the workers; a grader is tried out. Only `routes` and `dependencies` may import this room.

compare        the flow: check everything that the arms need, then store the job
arms           which arms are compared, and what each of them needs
graders        how answers are graded, and which difference matters
questions      the questions of a file
training_file  the examples that the fine-tuned model was trained on
extend         the other flow: continue a comparison with more questions
run_grader     the flow for one answer: check a grader, and grade the answer at once
grader_models  the models that it calls
store          the transactions, which also count looks
project        what all of them use: the models, files, vector stores and jobs of the caller
"""
