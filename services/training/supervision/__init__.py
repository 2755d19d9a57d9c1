"""Supervision of the training process: start it, follow it, stop it; and wait for other slow work without missing a cancellation.

The flow (`finetune`) and the worker import this room. Of the trainer it imports messages, checkpoints and adapters, never torch.
"""
