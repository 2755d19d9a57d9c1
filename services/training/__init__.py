"""Training: the Celery worker that turns a dataset into a published LoRA adapter. No other service imports it.

Its flow is `finetune`; `worker` wires it.
"""
