"""The training process: a subprocess of the worker, and the only home of torch, TRL and PEFT.

`python -m services.training.trainer.process` starts it. Only `supervision` imports this room, and of it only `messages`, `checkpoints`,
`failures`, `fence` and `epochs.adapters`, which do without torch.
"""
