"""Translates pydantic's errors into one error of Tandem: for the first field that is wrong, with all its problems.

A check of a schema raises ValueError with the predicate of a sentence (`must be …`), which gets the field as its subject, or with a
whole sentence if it is about several fields of the body.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared.errors import InvalidRequest
from shared.validation.codes import find_code
from shared.validation.locate import BODY, Problem, drop_later_items, find_path, is_about_key, write_path
from shared.validation.schema import UNKNOWN, Node, Path, Schema, schema_of
from shared.validation.wording import failed_form, has_wrong_type, main_problem, word

REQUEST = "The request body"

ModelT = TypeVar("ModelT", bound=BaseModel)


def parse(model: type[ModelT], value: Any, location: Path = (), *, whole: str = REQUEST) -> ModelT:
    """Return `value` as a `model`. `location` is where in the body it is; `whole` is what a message calls the body.

    Raises:
        InvalidRequest: if it does not match the model.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problems = [{**problem, "loc": (BODY, *problem["loc"])} for problem in error.errors()]
        raise to_invalid_request(problems, value, schema_of(model), location, whole=whole) from error


def to_invalid_request(
    problems: Sequence[Problem], body: Any, schema: Schema = UNKNOWN, location: Path = (), *, whole: str = REQUEST
) -> InvalidRequest:
    """Return the error for the first field that is wrong. `schema` describes `body`, which was parsed from JSON."""
    located = [(find_path(problem, body), problem) for problem in drop_later_items(problems)]
    path = _closest([(each, problem) for each, problem in located if each[: len(located[0][0])] == located[0][0]])
    about = [problem for each, problem in located if each == path]
    place = (*location, *path)
    forms = schema.key_forms_at(path[:-1]) if is_about_key(about[0]) else schema.forms_at(path)
    message = _word_key(about, forms, place, whole) if is_about_key(about[0]) else _word_value(about, forms, place, whole)
    main = main_problem(about)
    return InvalidRequest(message, param=write_path(place) or None, code=find_code(main, failed_form(main, forms)))


def _closest(located: Sequence[tuple[Path, Problem]]) -> Path:
    """Return the path of the problem with the form that the caller meant: one of the right type, or else the one that fits furthest.

    `[5, "a"]` fits a list of integers up to its second item, and a list of strings not at all.
    """
    right_type = [path for path, problem in located if not has_wrong_type(problem)]
    return reduce(_further, right_type or [path for path, _ in located])


def _further(path: Path, other: Path) -> Path:
    """Return the path with the later item of the list in which they part, or else the longer one, or else `path`."""
    part, other_part = next((pair for pair in zip(path, other, strict=False) if pair[0] != pair[1]), ("", ""))
    if isinstance(part, int) and isinstance(other_part, int):
        return path if part > other_part else other
    return max(path, other, key=len)


def _word_key(about: Sequence[Problem], forms: Sequence[Node], path: Path, whole: str) -> str:
    return f"A key of {_subject(path[:-1], whole)} {word(about, forms)}."


def _word_value(about: Sequence[Problem], forms: Sequence[Node], path: Path, whole: str) -> str:
    predicate = word(about, forms)
    is_sentence = predicate[:1] == "'" or predicate[:1].isupper()
    return f"{predicate}." if is_sentence else f"{_subject(path, whole)} {predicate}."


def _subject(path: Path, whole: str) -> str:
    return f"'{write_path(path)}'" if path else whole
