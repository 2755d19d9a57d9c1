"""Sources: the documents of vector stores as passages, grouped, split into parts, and the questions to request about them.

Only the rooms of `datasets` import it. It knows nothing of models.
"""
