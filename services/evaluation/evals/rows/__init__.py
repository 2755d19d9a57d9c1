"""Rows: what a run evaluates, read a few at a time and always in the same order, so that a run whose worker died can continue.

    read_rows.py           the rows of a run's source
    file_rows.py           the lines of a JSONL file
    stored_answers.py      the stored answers of a project
    filters.py             which of them a run evaluates
    stored_completions.py  chat completions that were stored
    stored_responses.py    responses that were stored
    row.py                 a row

Only `evals` imports this room. It knows nothing of models and graders.
"""
