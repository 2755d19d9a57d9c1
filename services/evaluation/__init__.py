"""Evaluation: the Celery worker that compares ways of answering, runs evals, and makes datasets. No other service imports it.

Its flows are `compare`, `evaluate`, and those of `datasets`; `worker` wires them.
"""
