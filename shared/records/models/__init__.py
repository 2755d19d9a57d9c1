"""Fine-tuned models: their rows, who may use them, what files of models contain, what engines can load.

The training worker publishes them, and the front door serves and imports them; both import this room.
"""
