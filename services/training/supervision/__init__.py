"""Supervision of the training process: start it, follow it, end it; and wait for other slow things without missing a cancelled job.

The flow (`finetune`), the worker and `publishing` import this room. It imports the trainer's messages, never torch.
"""
