"""Explains what is wrong with JSON, for the person who wrote it. Python's own messages are for programmers, and so are pydantic's."""

import json
import re

NO_VALUE = "a value is missing or is not valid; strings need double quotes"
NO_COMMA = "a comma or a closing bracket is missing"
NO_COLON = "a colon is missing after a key"
NO_KEY = "a key in double quotes is missing"
COMMA_AT_END = "there is a comma before a closing bracket"
NOT_CLOSED = "a string is not closed with a double quote"
MORE_TEXT = "there is more text after the end of the value"
CONTROL_CHARACTER = "a string contains a line break or another control character; escape it, for example as \\n"
BACKSLASH = "a backslash does not begin a valid escape; write it as \\\\"
HALF_CHARACTER = "a string contains half of a surrogate pair, such as \\ud83d alone"
INVALID_NUMBER = "a number is not valid"
TOO_MANY_DIGITS = "a number has too many digits"
UNREADABLE = "it cannot be read"
# By how a message of Python's parser starts.
EXPLANATIONS = {
    "Expecting value": NO_VALUE, "Expecting ',' delimiter": NO_COMMA, "Expecting ':' delimiter": NO_COLON,
    "Expecting property name enclosed in double quotes": NO_KEY, "Illegal trailing comma": COMMA_AT_END,
    "Unterminated string": NOT_CLOSED, "Extra data": MORE_TEXT, "Invalid control character": CONTROL_CHARACTER, "Invalid \\": BACKSLASH,
}  # fmt: skip
# By how a message of pydantic's parser starts.
PARSER_EXPLANATIONS = {
    "expected value": NO_VALUE, "expected ident": NO_VALUE, "EOF while parsing a value": NO_VALUE, "invalid number": INVALID_NUMBER,
    "expected `,`": NO_COMMA, "EOF while parsing a list": NO_COMMA, "EOF while parsing an object": NO_COMMA, "expected `:`": NO_COLON,
    "key must be a string": NO_KEY, "trailing comma": COMMA_AT_END, "EOF while parsing a string": NOT_CLOSED,
    "trailing characters": MORE_TEXT, "control character": CONTROL_CHARACTER, "invalid escape": BACKSLASH,
    "lone leading surrogate": HALF_CHARACTER, "unexpected end of hex escape": HALF_CHARACTER, "number out of range": TOO_MANY_DIGITS,
}  # fmt: skip
PLACE = re.compile(r" at (line \d+) (column \d+)$")
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
    return next((words for start, words in EXPLANATIONS.items() if error.msg.startswith(start)), UNREADABLE)


def explain_parser(message: str) -> str:
    """Return what is wrong, and where, from a message of pydantic's parser."""
    explanation = next((words for start, words in PARSER_EXPLANATIONS.items() if message.startswith(start)), UNREADABLE)
    place = PLACE.search(message)
    return f"{explanation} ({place[1]}, {place[2]})" if place and explanation != TOO_MANY_DIGITS else explanation
