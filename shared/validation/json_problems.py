"""Explains what is wrong with JSON, for the person who wrote it. Python's own messages are for programmers."""

import json

EXPLANATIONS = {
    "Expecting value": "a value is missing or is not valid; strings need double quotes",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Expecting ':' delimiter": "a colon is missing after a key",
    "Expecting property name enclosed in double quotes": "a key in double quotes is missing",
    "Illegal trailing comma": "there is a comma before a closing bracket",
    "Unterminated string": "a string is not closed with a double quote",
    "Extra data": "there is more text after the end of the value",
    "Invalid control character": "a string contains a line break or another control character; escape it, for example as \\n",
    "Invalid \\": "a backslash does not begin a valid escape; write it as \\\\",
}


# What Python prints for an object is not JSON.
SINGLE_QUOTES = "a key or string is in single quotes; JSON needs double quotes, as Python's json.dumps writes them"
PYTHON_WORDS = {"True": "true", "False": "false", "None": "null"}


def explain(error: json.JSONDecodeError) -> str:
    """Return what is wrong, without where."""
    rest = error.doc[error.pos : error.pos + 5]
    if error.msg.startswith("Expecting") and rest.startswith("'"):
        return SINGLE_QUOTES
    if error.msg.startswith("Expecting value") and (word := next((each for each in PYTHON_WORDS if rest.startswith(each)), None)):
        return f"{word} is not JSON; write {PYTHON_WORDS[word]}"
    return next((words for start, words in EXPLANATIONS.items() if error.msg.startswith(start)), "it cannot be read")
