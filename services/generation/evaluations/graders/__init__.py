"""Graders are checked before they are used, and one answer is graded at once. Comparisons, evals and the routes may import it.

check_graders  how answers are graded, and which difference matters
run_grader     the flow for one answer: check a grader, and grade the answer at once
grader_models  the models that it calls
"""
