"""Whether every string and number of parsed JSON can be stored, in any field and at any depth; and JSON in which every string can."""

import math
from typing import Any

from pydantic_core import PydanticCustomError

from shared.validation.schema import Path

UNUSABLE_TEXT = "unusable_text"
NOT_A_NUMBER = "must be a finite number; JSON has no NaN or Infinity"
NUL = "must not contain the NUL character (\\u0000)"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LONE_SURROGATE = "must not contain half of a surrogate pair, such as \\ud83d alone"


def check_storable(data: Any) -> Any:
    """Return `data`, for a validator of a schema.

    Raises:
        PydanticCustomError: if a string or a number cannot be stored, with its path in `data` as `path`.
    """
    problem = find_unstorable(data)
    if problem is not None:
        path, predicate = problem
        raise PydanticCustomError(UNUSABLE_TEXT, "{predicate}", {"path": path, "predicate": predicate})
    return data


def make_storable(value: Any) -> Any:
    """Return what a model wrote, or JSON with it, without what a database refuses: lone surrogates and NUL are replaced."""
    if isinstance(value, str):
        return value if _check_scalar(value) is None else value.encode(errors="replace").decode().replace("\0", REPLACEMENT)
    if isinstance(value, dict):
        return {make_storable(key): make_storable(each) for key, each in value.items()}
    return [make_storable(each) for each in value] if isinstance(value, list) else value


def find_unstorable(value: Any) -> tuple[Path, str] | None:
    """Return where in parsed JSON a string or a number cannot be stored, and what it must or must not be; None if there is none.

    JSON's escapes can spell half a character, which no database, index or model can store, and NUL, which PostgreSQL cannot. A number can
    be too large for a double. A key that cannot be stored is named by its object, or by itself if that is the whole value.
    """
    # Each entry is a value with its path: a pair of the last part and the path of its parent. Nesting costs no recursion.
    waiting: list[tuple[Any, Any]] = [(value, None)]
    while waiting:
        each, place = waiting.pop()
        if isinstance(each, str | float):
            if problem := _check_scalar(each):
                return _unwind(place), problem
        elif isinstance(each, dict):
            for key in each:
                if problem := _check_scalar(key):
                    return _unwind(place) or (key.encode(errors="replace").decode(),), problem
            waiting += [(item, (key, place)) for key, item in reversed(each.items()) if isinstance(item, str | float | dict | list)]
        elif isinstance(each, list):
            numbered = zip(range(len(each) - 1, -1, -1), reversed(each), strict=True)
            waiting += [(item, (number, place)) for number, item in numbered if isinstance(item, str | float | dict | list)]
    return None


def _unwind(place: Any) -> Path:
    path: list[str | int] = []
    while place is not None:
        part, place = place
        path.append(part)
    return tuple(reversed(path))


def _check_scalar(value: str | float) -> str | None:
    if isinstance(value, float):
        return None if math.isfinite(value) else NOT_A_NUMBER
    if "\0" in value:
        return NUL
    is_whole = value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)
    return None if is_whole else LONE_SURROGATE
