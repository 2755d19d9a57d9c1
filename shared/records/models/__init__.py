"""Fine-tuned models: their rows, which projects may use them, and what the files of models contain.

The training worker publishes them, and the front door serves them; both import this room.
"""
