"""A problem of a line: the field as the caller wrote it, what is wrong, and what to do."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

MAX_SHOWN = 60
FindingCode = Literal["invalid_encoding", "invalid_json", "invalid_value", "not_supported"]


@dataclass(frozen=True)
class Finding:
    """A problem of a line. `field` is the path of a field in it, or None for the line as a whole.

    `not_supported` means that the line is as OpenAI has it but cannot be trained here.
    """

    field: str | None
    message: str
    code: FindingCode = "invalid_value"


def wrong(field: str, predicate: str) -> Finding:
    """Return the problem of a field: `'field' must be …`."""
    return Finding(field, f"'{field}' {predicate}")


def wrong_type(field: str, expected: str, value: Any) -> Finding:
    """Return the problem of a field that has another type than the expected one."""
    return wrong(field, f"must be {expected}; got {show(value)}.")


def untrainable(field: str, predicate: str) -> Finding:
    """Return the problem of a field that is as OpenAI has it but cannot be trained here."""
    return Finding(field, f"'{field}' {predicate}", "not_supported")


def required(fields: Mapping[str, Any], name: str, path: str, remedy: str) -> Iterator[Finding]:
    """Yield the problem of a field that is missing."""
    if name not in fields:
        place = join(path, name)
        yield wrong(place, f"is required; {remedy}.")


def unknown_keys(fields: Iterable[str], known: Iterable[str], path: str, owner: str) -> Iterator[Finding]:
    """Yield a problem for each key that is not known."""
    allowed = tuple(known)
    for key in fields:
        if key not in allowed:
            yield wrong(join(path, clip(key)), f"is not a field of {owner}; delete it.")


def check_then(findings: Iterator[Finding], further: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Yield the findings, or if there are none, those of the further check, which needs a value that is right so far."""
    first = next(findings, None)
    if first is None:
        yield from further()
    else:
        yield first
        yield from findings


def join(path: str, name: str) -> str:
    """Return the path of a field of the object at `path`."""
    return f"{path}.{name}" if path else name


def clip(text: str) -> str:
    """Return a text as a message shows it."""
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def show(value: Any) -> str:
    """Return a value as a message shows it."""
    if isinstance(value, str):
        return f"'{clip(value)}'"
    if isinstance(value, list):
        return "a list"
    return "an object" if isinstance(value, dict) else json.dumps(value)
