"""Evaluation: the Celery worker that compares ways of answering and gives a verdict. No other service imports it.

Its flow is `compare`; `worker` wires it.
"""
