"""Supervision of the training process: start it, follow it, end it; and wait for other slow things without missing a cancelled job.

The flow (`finetune`) and the worker import this room. Of the trainer it imports messages and checkpoints, never torch.
"""
