"""Fine-tuned models: their rows, which projects may use them, what the files of models contain, and what the
engine can load.

The training worker publishes them, and the front door serves them; both import this room.
"""
