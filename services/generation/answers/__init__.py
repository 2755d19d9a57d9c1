"""Answers with documents: generated from a grounded prompt, then cited sentence by sentence. `stored/` keeps chat completions.

`routes` and `responses` may import it. It imports `grounding`, `http` and `contracts`.
"""
