"""Datasets for training: find the base model's files, render its chat template, encode examples, and validate a whole file.

The flow (`finetune`), `planning`, and `publishing` import this room. It knows nothing of jobs, plans, or torch.
"""
