"""Evals in OpenAI's shapes (`openai.types.evals`): criteria for answers, the runs that are graded by them, and their output items.

Generation and the evaluation worker may import it. It knows nothing of how rows are read, models are called, or scores are computed.
"""
