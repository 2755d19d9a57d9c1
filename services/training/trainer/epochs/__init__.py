"""What happens at the ends of epochs: their adapters are kept and measured, the best one is found, and the training may stop early.

Only `trainer` imports this room; `supervision` imports its `adapters`.
"""
