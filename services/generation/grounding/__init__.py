"""From a question to the prompt that an answer is based on: retrieve, select the passages that fit, write the prompt.

`answers`, `responses` and everything above them may import it. It imports `serving` and `http`, but no HTTP library.
"""
