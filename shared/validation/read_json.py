"""Reads JSON that a client sent, within limits that keep reading and checking it fast.

A small body can take long: `[[1],[1],…]` takes a hundred times as long as a string of the same length. So the size of the structure is
limited in addition to the number of bytes, and counted before anything is parsed.
"""

import codecs
import gc
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic_core import from_json

from shared.errors import InvalidRequest
from shared.validation.json_problems import TOO_MANY_DIGITS, explain, explain_parser
from shared.validation.locate import write_path
from shared.validation.storable import find_unstorable

MAX_VALUES = 400_000
MAX_KEYS = 60_000
MAX_DEPTH = 200  # of pydantic's parser
CODE = "invalid_json"
VALUE_MARKS = (b",", b"[", b"{")
REST_OF_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
NUL = b"\\u0000"
# What Python's parser accepts although it is not JSON. The error about it can name the field.
LENIENT = re.compile(rb"\\u[dD]|NaN|Infinity")
MAX_LENIENT_BYTES = 1024 * 1024


def read_storable_json(body: bytes) -> Any:
    """Return the value of a JSON text, as `read_json` does. No string or key in it has a NUL character.

    Raises:
        InvalidRequest: as `read_json` does, or if a string or key has a NUL character.
    """
    value = read_json(body)
    if NUL in body:
        refuse_unstorable(value)
    return value


def refuse_unstorable(value: Any) -> None:
    """Raise InvalidRequest if a string or a number in `value` cannot be stored; `param` is its path."""
    problem = _unstorable(value)
    if problem:
        raise problem


def read_json(body: bytes) -> Any:
    """Return the value of a JSON text in UTF-8. No string or key in it has half a character. A number may be infinite (`1e999`).

    Raises:
        InvalidRequest: if `body` is not JSON, is nested more than 200 levels deep, or has more than 400,000 values or 60,000 keys.
    """
    _check_structure(body)
    try:
        with _no_collections():
            return from_json(body.removeprefix(codecs.BOM_UTF8), allow_inf_nan=False, cache_strings="keys")
    except ValueError as error:
        raise _unstorable_in_lenient(body) or _invalid(body, error) from error


@contextmanager
def _no_collections() -> Iterator[None]:
    """Keep the garbage collector from walking the whole heap several times while 400,000 values are made, none of them garbage."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _check_structure(body: bytes) -> None:
    """Raise InvalidRequest if the body has too many values or keys. Brackets and commas in strings do not count."""
    if len(body) <= MAX_KEYS or _fits(*_count(body, 0, len(body))):
        return
    values = keys = position = 0
    while position < len(body):
        quote = body.find(b'"', position)
        end = quote if quote >= 0 else len(body)
        more_values, more_keys = _count(body, position, end)
        values, keys = values + more_values, keys + more_keys
        if not _fits(values, keys):
            raise InvalidRequest(
                f"The body must have at most {MAX_VALUES:,} values and {MAX_KEYS:,} keys. Split it into several requests.", code=CODE
            )
        position = _end_of_string(body, end)


def _fits(values: int, keys: int) -> bool:
    return values <= MAX_VALUES and keys <= MAX_KEYS


def _count(body: bytes, start: int, end: int) -> tuple[int, int]:
    return sum(body.count(mark, start, end) for mark in VALUE_MARKS), body.count(b":", start, end)


def _end_of_string(body: bytes, start: int) -> int:
    found = REST_OF_STRING.match(body, start + 1)
    return found.end() if found else len(body)


def _unstorable(value: Any) -> InvalidRequest | None:
    problem = find_unstorable(value)
    if problem is None:
        return None
    param = write_path(problem[0])
    subject = f"'{param}'" if param else "The request body"
    return InvalidRequest(f"{subject} {problem[1]}.", param=param or None, code="invalid_value")


def _unstorable_in_lenient(body: bytes) -> InvalidRequest | None:
    if len(body) > MAX_LENIENT_BYTES or not LENIENT.search(body):
        return None
    try:
        return _unstorable(json.loads(body))
    except (ValueError, RecursionError):
        return None


def _invalid(body: bytes, error: ValueError) -> InvalidRequest:
    reason = str(error)
    if "recursion limit" in reason:
        reason = f"it is nested more than {MAX_DEPTH} levels deep"
    elif not _is_utf8(body):
        reason = "it is not UTF-8"
    else:
        reason = _explain(body) or explain_parser(reason)
    return InvalidRequest(f"The body is not valid JSON: {reason}.", code=CODE)


def _explain(body: bytes) -> str | None:
    """Return what is wrong in plain words, and where; None if the body is too long to look again, or Python's parser finds nothing."""
    if len(body) > MAX_LENIENT_BYTES:
        return None
    try:
        json.loads(body)
    except json.JSONDecodeError as error:
        return f"{explain(error)} (line {error.lineno}, column {error.colno})"
    except RecursionError:
        return None
    except ValueError:
        return TOO_MANY_DIGITS
    return None


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
