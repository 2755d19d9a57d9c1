"""Checks that every string and number of parsed JSON can be stored, in any field and at any depth."""

import math
from collections.abc import Iterator
from typing import Any

from pydantic_core import PydanticCustomError

UNUSABLE_TEXT = "unusable_text"
NOT_A_NUMBER = "must be a finite number; JSON has no NaN or Infinity"
NUL = "must not contain the NUL character (\\u0000)"
LONE_SURROGATE = "must not contain half of a surrogate pair, such as \\ud83d alone"


def check_storable(data: Any) -> Any:
    """Return `data`, for a validator of a schema.

    JSON's escapes can spell half a character, which no database, index or model can store, and NUL, which PostgreSQL cannot.

    Raises:
        PydanticCustomError: if a string or a number cannot be stored, with its path as `param`.
    """
    problem = _find_unstorable(data)
    if problem is not None:
        path, predicate = problem
        raise PydanticCustomError(UNUSABLE_TEXT, "{predicate}", {"param": path, "predicate": predicate})
    return data


def _find_unstorable(value: Any, path: str = "") -> tuple[str, str] | None:
    """Return where in parsed JSON a string or a number cannot be stored, and what it must or must not be; None if there is none."""
    if isinstance(value, str | float):
        problem = _check_scalar(value)
        return (path, problem) if problem else None
    for each, place in _children(value, path):
        if isinstance(each, str | float | dict | list) and (unstorable := _find_unstorable(each, place)):
            return unstorable
    return None


def _children(value: Any, path: str) -> Iterator[tuple[Any, str]]:
    if isinstance(value, list):
        yield from ((each, f"{path}[{position}]") for position, each in enumerate(value))
    elif isinstance(value, dict):
        # Half a character cannot be shown in an error either, and becomes a question mark.
        yield from ((key, path or key.encode(errors="replace").decode()) for key in value)
        yield from ((each, f"{path}.{key}" if path else key) for key, each in value.items())


def _check_scalar(value: str | float) -> str | None:
    if isinstance(value, float):
        return None if math.isfinite(value) else NOT_A_NUMBER
    if "\0" in value:
        return NUL
    is_whole = value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)
    return None if is_whole else LONE_SURROGATE
