"""Templates: `{{item.x}}` and `{{sample.output_text}}` are replaced by what they name. Braces that are no path stay as they are.

A path has names after dots and positions in brackets: `{{ item.a.b }}`, `{{item.list[0]}}`, `{{item["a.b"]}}`. It only looks up: nothing
in a template runs, and what is put in is not read as a template again. What is not text is written as JSON.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.graders.outcome import GradingFailed
from shared.graders.sample import Sample

MAX_CHARS = 20_000_000  # of a rendered text
PLACEHOLDER = re.compile(
    r'\{\{\s*([A-Za-z_]\w{0,63})\s*((?:\.(?!\s{0,256}[.\[}])[^.\[\]{}\n]{1,256}|\[\d{1,9}\]\s*|\["[^"{}\n]{1,256}"\]\s*){0,32})\}\}'
)
PART = re.compile(r'\.([^.\[\]{}\n]+)|\[(\d+)\]|\["([^"]+)"\]')
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Scope:
    """What templates can name: the item of the dataset, and the answer."""

    item: Any
    sample: Sample


def find_paths(text: str) -> Iterator[tuple[str, Path]]:
    """Yield each placeholder of a text as it is written, and its path, which begins with `item`, `sample`, or a name that is neither."""
    for found in PLACEHOLDER.finditer(text):
        yield found[0], _parse_path(found)


def render(text: str, scope: Scope) -> str:
    """Return the text with what its placeholders name.

    Raises:
        GradingFailed: if a placeholder names what is not there, or the result is too long.
    """
    pieces, end, length = list[str](), 0, 0
    for found in PLACEHOLDER.finditer(text):
        pieces += [text[end : found.start()], to_text(look_up(_parse_path(found), found[0], scope))]
        end, length = found.end(), length + len(pieces[-1])
        if length > MAX_CHARS:
            raise GradingFailed("other_error", f"A template with its fields has more than {MAX_CHARS:,} characters.")
    return "".join([*pieces, text[end:]])


def resolve(text: str, scope: Scope) -> Any:
    """Return the value itself if the text is one placeholder and nothing else, such as the list of `{{item.answers}}`; else `render`."""
    found = PLACEHOLDER.fullmatch(text.strip())
    return look_up(_parse_path(found), found[0], scope) if found else render(text, scope)


def look_up(path: Path, written: str, scope: Scope) -> Any:
    """Return what a path names.

    Raises:
        GradingFailed: if it is not there; the message has the placeholder as it was `written`.
    """
    if path[0] == "item":
        return _follow(scope.item, path[1:], written, "the item")
    if path[0] == "sample":
        return _look_up_sample(path, written, scope.sample)
    raise GradingFailed("invalid_variable_error", f"'{written}' must begin with 'item' or 'sample'.")


def _look_up_sample(path: Path, written: str, sample: Sample) -> Any:
    if len(path) == 1:
        return sample.to_dict()
    try:
        value = sample.read(str(path[1]))
    except KeyError as error:
        raise GradingFailed("invalid_variable_error", f"'{written}': the sample has no '{path[1]}'.") from error
    return _follow(value, path[2:], written, f"'sample.{path[1]}'")


def _follow(value: Any, path: Path, written: str, whole: str) -> Any:
    for position, part in enumerate(path):
        if position and path[position - 1] == "arguments" and isinstance(value, str):
            value = _parse_arguments(value)
        if not _has(value, part):
            raise GradingFailed(_fault(whole), f"'{written}': {whole} has no '{_write(path[: position + 1])}'.")
        value = value[part]
    return value


def _fault(whole: str) -> Any:
    return "invalid_variable_error" if whole == "the item" else "sample_parse_error"


def _has(value: Any, part: str | int) -> bool:
    if isinstance(part, int):
        return isinstance(value, Sequence) and not isinstance(value, str) and part < len(value)
    return isinstance(value, Mapping) and part in value


def _parse_arguments(text: str) -> Any:
    """Return the arguments of a tool call, which the API has as JSON in a string."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _parse_path(found: re.Match[str]) -> Path:
    parts = PART.finditer(found[2])
    return (found[1], *(int(part[2]) if part[2] else (part[3] or part[1].strip()) for part in parts))


def _write(path: Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def to_text(value: Any) -> str:
    """Return text as it is, and everything else as JSON.

    Raises:
        GradingFailed: if it is nested too deeply.
    """
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False)
    except (RecursionError, TypeError, ValueError) as error:
        raise GradingFailed("other_error", "A field cannot be written as JSON: it is nested too deeply, or is not JSON.") from error
