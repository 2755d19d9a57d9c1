"""What both sides of the broker agree on, and what every Celery worker does: claim a job, keep its lease, run its flow, store its end.

The workers may import it, and so may the services that notify them. A service may also run a child process that responds to its calls
(`child_process.py`).
"""
