"""What evaluation stores beside its jobs: questions and answers of comparisons, the items of datasets, evals and their output items.

Generation and the evaluation worker may import it. It knows nothing of arms, graders or verdicts.
"""
