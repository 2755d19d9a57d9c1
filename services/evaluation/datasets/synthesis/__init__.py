"""Synthesis: a model proposes a question about a passage, rules and checks decide whether it is kept, and every step is stored.

Only the rooms of `datasets` import it. It knows nothing of files and of what the questions are used for.
"""
