"""The training process: a subprocess of the worker, and the only home of torch, TRL and PEFT.

`python -m services.training.trainer.process` starts it. `supervision` imports its messages, and the flow its checkpoints; both modules are
free of torch. Nothing else may import this room.
"""
