"""From a question to the prompt that an answer is based on: retrieve, fit into the context, write the prompt.

`answers`, `responses` and everything above them may import it. It imports `serving` and `http`, but only `stores` needs an HTTP library.
"""
