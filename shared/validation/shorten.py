"""Shortens what a message repeats of a request: names, ids and values can have millions of characters."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from shared.errors import TandemError

MAX_NAME = 100
MAX_PATH = 300
MAX_MESSAGE = 2000
# Ids come from URLs, which are shorter. It keeps the work small for a message that repeats part of a large body; its end is read too.
MAX_READ = 100_000
UNBROKEN = re.compile(r"[^\s']+")


def shorten(text: str, length: int = MAX_NAME) -> str:
    """Return the first `length` characters of a text, followed by `…` if there are more."""
    return text if len(text) <= length else f"{text[:length]}…"


def shorten_message(message: str) -> str:
    """Return a message of at most 2,000 characters and `…`, in which what has no space and over 300 characters is shortened to 100."""
    if len(message) <= MAX_PATH:
        return message
    if len(message) > MAX_READ + MAX_MESSAGE:
        message = f"{message[:MAX_READ]}…{message[-MAX_MESSAGE:]}"
    return shorten(UNBROKEN.sub(lambda part: _shorten_unbroken(part[0]), message), MAX_MESSAGE)


SHORTENERS: dict[str, Callable[[str], str]] = {"message": shorten_message, "param": partial(shorten, length=MAX_PATH)}


def short_envelope(error: TandemError) -> dict[str, Any]:
    """Return what a caller gets of an error, as a body or as an event of a stream: its envelope with a short `message` and `param`."""
    return {"error": shorten_error(error.envelope()["error"])}


def shorten_error(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an error, such as the engine's, with a short `message` and `param`."""
    return {name: SHORTENERS[name](value) if name in SHORTENERS and isinstance(value, str) else value for name, value in fields.items()}


def _shorten_unbroken(text: str) -> str:
    return text if len(text) <= MAX_PATH else shorten(text)
