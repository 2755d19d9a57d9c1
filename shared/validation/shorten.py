"""Shortens what a message repeats of a request: names, ids and values can have millions of characters."""

import re

MAX_NAME = 100
MAX_PATH = 300
MAX_MESSAGE = 2000
# Ids come from URLs, which are shorter. It keeps the work small for a message that repeats part of a large body.
MAX_READ = 100_000
UNBROKEN = re.compile(r"[^\s']+")


def shorten(text: str, length: int = MAX_NAME) -> str:
    """Return the first `length` characters of a text, followed by `…` if there are more."""
    return text if len(text) <= length else f"{text[:length]}…"


def shorten_message(message: str) -> str:
    """Return a message of at most 2,000 characters and `…`, in which what has no space and over 300 characters is shortened to 100."""
    if len(message) <= MAX_PATH:
        return message
    return shorten(UNBROKEN.sub(lambda part: _shorten_unbroken(part[0]), message[:MAX_READ]), MAX_MESSAGE)


def _shorten_unbroken(text: str) -> str:
    return text if len(text) <= MAX_PATH else shorten(text)
