"""What both sides of the broker agree on, and what every Celery worker does with a job: take it, hold its lease, end it.

Workers come in, and whoever tells them that there is work.
"""
