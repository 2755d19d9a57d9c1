"""Computations of a training on a processor, in fewer passes over memory than those of PEFT, TRL and transformers that they replace.

The results are the same up to rounding. Only `trainer` imports this room.
"""
