"""Graders score one answer in OpenAI's shapes: by rules, by similarity, or by a model.

Comparisons, evals and fine-tuning may import it. It reads no file and no database, and reaches models through small protocols.
"""
