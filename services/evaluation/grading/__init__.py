"""Grading: gives every answer a score from each grader, and measures how far the graders that are models can be trusted.

The flow (`compare`) imports this room. It knows nothing of arms, statistics or the verdict; `shared.graders` computes the scores.

    grade_answers.py   the scores of answers, stored as they come
    measure_judges.py  how far the graders that are models can be trusted
    models.py          the models that graders call
"""
