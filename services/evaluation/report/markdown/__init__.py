"""The sections of the report in Markdown. Only `write_markdown` comes in. It knows nothing of how figures were computed.

syntax.py   escaped text and tables
figures.py  arms, differences, costs, tags, retrieval
trust.py    judges, seeds, leaks, failures
answers.py  examples, and every question
"""
