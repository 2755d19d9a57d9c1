"""What both sides of the broker agree on, and what every Celery worker does: claim a job, keep its lease, run its flow, store its end.

The workers may import it, and so may the services that notify them.
"""
