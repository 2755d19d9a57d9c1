"""Evals, comparisons and graders are checked, and stored for the workers. Only `routes` and `dependencies` may import this room.

comparisons  the same questions in several ways, and the verdict
evals        OpenAI's evals: criteria for answers, and the runs that are graded by them
graders      what both grade with; a grader is tried out
project      what all of them use: the models, files, vector stores and jobs of the caller
"""
