"""Finds the path of a problem as the caller wrote it, such as `filters.filters[1].value`.

For a field that takes several forms, pydantic adds the name of each form to the path. These names are left out here.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from pydantic_core import PydanticCustomError

from shared.validation.schema import Path
from shared.validation.shorten import MAX_PATH, shorten

Problem: TypeAlias = Mapping[str, Any]

BODY = "body"
PLACES = (BODY, "query", "path", "header")
KEY = "[key]"
TAG_TYPES = ("union_tag_invalid", "union_tag_not_found")


def find_path(problem: Problem, body: Any) -> Path:
    """Return the path of the field that `problem` is about. `body` is the parsed body of the request."""
    # FastAPI's first part says where the field was sent. Only the first part: a field may itself be called `query`.
    place, parts = _split_place(problem["loc"])
    path = _follow(parts, body) if place == BODY else _parameter_path(parts)
    if problem["type"] in TAG_TYPES:
        return (*path, problem["ctx"]["discriminator"].strip("'"))
    if problem["type"] == "missing" and place == BODY and parts:
        return (*path, parts[-1])
    return (*path, *problem.get("ctx", {}).get("path", ()))


def error_at(path: Path, reason: ValueError) -> PydanticCustomError:
    """Return what a check of several fields raises about the one at `path`, which begins at the object that is checked."""
    return PydanticCustomError("value_error", "{error}", {"error": reason, "path": path})


def drop_later_items(problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems without those of the later items of a list whose earlier item is wrong, separately for each form of the list."""
    first = dict[Path, str | int]()
    return [problem for problem in problems if _is_of_first_items(problem["loc"], first)]


def is_about_key(problem: Problem) -> bool:
    """Whether the problem is the name of an entry, and not its value."""
    return bool(problem["loc"]) and problem["loc"][-1] == KEY


def write_path(path: Path) -> str:
    """Return the path in the form that `param` has on the wire. Long names are shortened, and so is a long path."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{shorten(part)}" for part in path)
    return shorten("".join(parts).removeprefix("."), MAX_PATH)


def _is_of_first_items(location: Path, first: dict[Path, str | int]) -> bool:
    """Whether no list in `location` has an earlier item in `first`: the first wrong item of each list so far, which is added to."""
    lists = [end for end, part in enumerate(location) if isinstance(part, int)]
    return all(first.setdefault(location[:end], location[end]) == location[end] for end in lists)


def _split_place(location: Path) -> tuple[str, Path]:
    if location and location[0] in PLACES:
        return str(location[0]), location[1:]
    return BODY, location


def _parameter_path(parts: Path) -> Path:
    """Return the name of a parameter, and the position of the item in a parameter that is a list."""
    return (*parts[:1], *(part for part in parts[1:] if isinstance(part, int)))


def _follow(parts: Path, value: Any) -> Path:
    """Return the parts that lead into `value`."""
    path = list[str | int]()
    for part in parts:
        if _is_in(part, value):
            path, value = [*path, part], value[part]
    return tuple(path)


def _is_in(part: str | int, value: Any) -> bool:
    return part in value if isinstance(value, Mapping) else isinstance(value, list) and isinstance(part, int) and part < len(value)
