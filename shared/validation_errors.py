"""What FastAPI found wrong with a request, as one error: where, as the caller wrote it, and what would be right.

Where a field takes several forms, pydantic says of each why what was sent is not that one, under a path with the form's name in it.
Here the path is the caller's, such as `filters.filters[1].value`. Where what was sent has one of the forms, only what is wrong with it
as that is told, otherwise the forms that there are, in one sentence.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from shared.errors import InvalidRequest

Problem: TypeAlias = Mapping[str, Any]
Path: TypeAlias = tuple[str | int, ...]

BODY = "body"
JSON = "application/json"
PLACES = (BODY, "query", "path", "header")
KEY = "[key]"
UNFIT = "unusable_text"
# What pydantic calls the forms of a value, and what a caller does; a text that could be read as a number was one of its tries.
FORMS = {
    "string_type": "a text", "bool_type": "true or false", "bool_parsing": "true or false", "int_type": "a whole number",
    "int_parsing": "a whole number", "int_from_float": "a whole number", "float_type": "a number", "float_parsing": "a number",
    "list_type": "a list", "dict_type": "an object", "model_type": "an object", "model_attributes_type": "an object",
}  # fmt: skip
TAGS = ("union_tag_invalid", "union_tag_not_found")
KINDS = {str: "a text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}


def to_invalid_request(problems: Sequence[Problem], body: Any) -> InvalidRequest:
    """Return the error for the first of pydantic's `problems`, with what else it says of the same field; `body` is the parsed body."""
    if problems[0]["type"] == UNFIT:
        return InvalidRequest(problems[0]["msg"], param=problems[0]["ctx"]["where"], code=UNFIT)
    located = [(_path(problem, body), problem) for problem in problems]
    first = located[0][0]
    path = max((each for each, _ in located if each[: len(first)] == first), key=len)
    about = [problem for each, problem in located if each == path]
    about = [problem for problem in about if problem["type"] not in FORMS] or about
    where, code = _written(path), about[0]["type"]
    said = _wanted(about) if code in FORMS else "; or ".join(dict.fromkeys(map(_said, about)))
    return InvalidRequest(f"{_place(where, code)}{said}", param=where or None, code=code)


def not_sent_as_json(content_type: str | None) -> InvalidRequest:
    """Return the error for a body that was not read as JSON, because it was sent as something else."""
    sent = f"as '{content_type}'" if content_type else "as nothing in particular"
    return InvalidRequest(f"The body was sent {sent}; it is JSON here, sent with 'Content-Type: {JSON}'.", code="invalid_content_type")


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
    if problem["type"] in TAGS:
        return (*path, problem["ctx"]["discriminator"].strip("'"))
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
    """Return what pydantic says of a problem, in our words where it speaks of itself, or what a check of ours does."""
    said = OURS.get(problem["type"], _pydantics)(problem)
    return f"Its name: {said}" if problem["loc"][-1] == KEY else said


def _pydantics(problem: Problem) -> str:
    return str(problem["msg"])


def _missing(problem: Problem) -> str:
    return "It is empty, or null; this call wants a JSON object" if problem["loc"] == (BODY,) else "Field required"


def _too_many(problem: Problem) -> str:
    return f"{len(problem['input'])} entries are too many; there may be {problem['ctx']['max_length']}"


OURS: Mapping[str, Callable[[Problem], str]] = {
    "value_error": lambda problem: str(problem["ctx"]["error"]),
    "missing": _missing,
    "too_long": _too_many,
    "extra_forbidden": lambda _: "There is no such field here",
    "union_tag_not_found": lambda _: "Field required",
    "union_tag_invalid": lambda problem: f"'{problem['ctx']['tag']}' is none of {problem['ctx']['expected_tags']}",
}


def _wanted(about: Sequence[Problem]) -> str:
    """Return which forms there are, where what was sent has none of them."""
    forms = list(dict.fromkeys(FORMS[problem["type"]] for problem in about))
    if "a number" in forms and "a whole number" in forms:
        forms.remove("a whole number")
    sent = about[0].get("input")
    kind = "null" if sent is None else KINDS.get(type(sent), "something else")
    return f"It must be {' or '.join(forms)}" + (f", not {kind}" if kind not in forms else "")
