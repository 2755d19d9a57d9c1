"""Calibrations of the device: how fast it trains a base model, measured in a few steps, because an estimate asked for it.

    calibrate (waits for requests, and gives way to jobs) ──▶ measure ──▶ the training process

Only the worker imports this room. It trains through `supervision`, in the same process as a job, and imports no torch.
"""
