"""Tracking: the metrics of a training's steps, as TensorBoard reads them.

The trainer and `publishing` import this room. It knows nothing of how a model is trained, or of jobs.
"""
