"""Translates pydantic's errors into one error of Tandem: for the first field that is wrong, with all its problems.

A check of a schema raises ValueError with the predicate of a sentence (`must be …`), which gets the field as its subject, or with a
whole sentence if it is about several fields of the body.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared.errors import InvalidRequest
from shared.validation.locate import BODY, Problem, find_path, is_about_key, write_path
from shared.validation.schema import UNKNOWN, Node, Path, Schema, schema_of
from shared.validation.wording import JSON_TYPES, word

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
    if "param" in problems[0].get("ctx", {}):
        return _custom_error(problems[0], location, whole)
    located = [(find_path(problem, body), problem) for problem in problems]
    first = located[0][0]
    path = max((each for each, _ in located if each[: len(first)] == first), key=len)
    about = [problem for each, problem in located if each == path]
    code = next((problem["type"] for problem in about if problem["type"] not in JSON_TYPES), about[0]["type"])
    place = (*location, *path)
    message = _word_key(about, schema, place, whole) if is_about_key(about[0]) else _word_value(about, schema.forms_at(path), place, whole)
    return InvalidRequest(message, param=write_path(place) or None, code=code)


def _custom_error(problem: Problem, location: Path, whole: str) -> InvalidRequest:
    """Return the error of a check that found the field itself, which is in the `param` of its context."""
    param = problem["ctx"]["param"]
    path = (*location, param) if param else location
    return InvalidRequest(f"{_subject(path, whole)} {problem['msg']}.", param=write_path(path) or None, code=problem["type"])


def _word_key(about: Sequence[Problem], schema: Schema, path: Path, whole: str) -> str:
    return f"A key of {_subject(path[:-1], whole)} {word(about, schema.key_forms_at(path[:-1]))}."


def _word_value(about: Sequence[Problem], forms: Sequence[Node], path: Path, whole: str) -> str:
    predicate = word(about, forms)
    is_sentence = predicate[:1] == "'" or predicate[:1].isupper()
    return f"{predicate}." if is_sentence else f"{_subject(path, whole)} {predicate}."


def _subject(path: Path, whole: str) -> str:
    return f"'{write_path(path)}'" if path else whole
