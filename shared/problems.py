"""What FastAPI found wrong with a request, as one error: where, as the caller wrote it, and what would be right.

Where a field takes several forms, pydantic says of each why what was sent is not that one, under a path with the form's name in it.
Here the path is the caller's, such as `filters.filters[1].value`, and the forms that got furthest are told together.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from shared.errors import InvalidRequest

Problem: TypeAlias = Mapping[str, Any]
Path: TypeAlias = tuple[str | int, ...]

BODY = "body"
PLACES = (BODY, "query", "path", "header")
KEY = "[key]"


def to_error(problems: Sequence[Problem], body: Any) -> InvalidRequest:
    """Return the error for the first of pydantic's `problems`, with what else it says of the same field; `body` is the parsed body."""
    located = [(_path(problem, body), problem) for problem in problems]
    first = located[0][0]
    path = max((each for each, _ in located if each[: len(first)] == first), key=len)
    about = [problem for each, problem in located if each == path]
    where, code = _written(path), about[0]["type"]
    return InvalidRequest(f"{_place(where, code)}{'; or '.join(dict.fromkeys(map(_said, about)))}", param=where or None, code=code)


def not_json(problem: Problem) -> InvalidRequest:
    """Return the error for a body that is not JSON."""
    reason, place = problem.get("ctx", {}).get("error", problem["msg"]), problem["loc"][-1]
    return InvalidRequest(f"The body is not JSON: {reason}, at character {place} (counted from 0).", code="invalid_json")


def _path(problem: Problem, body: Any) -> Path:
    """Return a problem's place without what the caller did not write."""
    # The first part says where the field was sent; only that, for a field may itself be called `query`.
    parts: Path = problem["loc"][problem["loc"][0] in PLACES :]
    if problem["loc"][0] != BODY:
        return parts
    path, here = list[str | int](), body
    for part in parts:
        if _is_in(part, here):
            path, here = [*path, part], here[part]
    return (*path, parts[-1]) if problem["type"] == "missing" and parts else tuple(path)


def _is_in(part: str | int, here: Any) -> bool:
    return part in here if isinstance(here, Mapping) else isinstance(here, list) and isinstance(part, int) and part < len(here)


def _written(path: Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _place(where: str, code: str) -> str:
    if where:
        return f"'{where}': "
    return "" if code == "value_error" else "The body: "


def _said(problem: Problem) -> str:
    """Return what pydantic says of a problem, or what a check of ours does."""
    said = str(problem["ctx"]["error"]) if problem["type"] == "value_error" else str(problem["msg"])
    return f"Its name: {said}" if problem["loc"][-1] == KEY else said
