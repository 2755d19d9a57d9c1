"""Statistics that comparisons and evals share: the difference of two proportions in the same items, and the error levels of looks.

Generation and the evaluation worker may import it. It needs numpy only, and knows nothing of answers, graders or the database.
"""
