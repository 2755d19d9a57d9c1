"""Checks graders before they are used: their shape, their templates against the fields of the items, formulas and schemas."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from shared.contracts.graders import (
    AudioPart,
    Grader,
    JsonSchemaGrader,
    LabelModelGrader,
    MultiGrader,
    NumericGrader,
    PythonGrader,
    ScoreModelGrader,
    TextPart,
)
from shared.errors import InvalidRequest
from shared.graders.formula import FormulaError, find_names, parse_formula
from shared.graders.outcome import GradingFailed
from shared.graders.sample import FIELDS, Sample
from shared.graders.scoring.answers import keep_numbers, read_accepted
from shared.graders.template import Path, Scope, find_paths
from shared.validation.json_schema import find_schema_problem
from shared.validation.locate import BODY
from shared.validation.schema import Schema
from shared.validation.translate import to_invalid_request

CODE = "invalid_grader"
SHOWN_FIELDS = 20
MAX_FIELD_DEPTH = 10
JOINING = ("$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "patternProperties")


def parse_grader(value: Any, param: str = "grader") -> Grader:
    """Return a grader from parsed JSON; `param` is its place in the request, such as `testing_criteria[0]`.

    Raises:
        InvalidRequest: if it is no grader; `param` of the error is the path of the wrong field.
    """
    try:
        return _adapter().validate_python(value)
    except ValidationError as error:
        problems = [{**problem, "loc": (BODY, *problem["loc"])} for problem in error.errors()]
        document = _adapter().json_schema()
        raise to_invalid_request(problems, value, Schema(document, document), (param,)) from error


@cache
def _adapter() -> TypeAdapter[Grader]:
    return TypeAdapter(Grader)


def check_grader(grader: Grader, fields: Collection[str] | None, param: str = "grader") -> None:
    """Check what the shape of a grader does not show.

    `fields` are the fields of the items, those of objects inside them with a dot (`list_fields`); None if they are not known. A field
    without fields inside may hold anything.

    Raises:
        InvalidRequest: if a template names an unknown field, or a formula or a schema is wrong; `param` of the error is its path.
    """
    for path, text in _texts(grader, param):
        check_template(text, fields, path)
    if isinstance(grader, JsonSchemaGrader) and (wrong := find_schema_problem(grader.schema_)):
        raise InvalidRequest(f"'{param}.schema' {wrong}.", param=f"{param}.schema", code=CODE)
    if isinstance(grader, MultiGrader):
        _check_formula(grader, f"{param}.calculate_output")
        for name, each in grader.graders.items():
            check_grader(each, fields, f"{param}.graders.{name}")


def check_template(text: str, fields: Collection[str] | None, param: str) -> None:
    """Check the placeholders of a text, as `check_grader` does. `param` is its path in the request."""
    for written, parts in find_paths(text):
        if problem := _find_problem(parts, written, fields):
            raise InvalidRequest(f"'{param}' {problem}.", param=param, code=CODE)


def find_sample_use(grader: Grader, param: str = "grader") -> tuple[str, str] | None:
    """Return the path of the first text of a grader that uses the answer, and the placeholder as it is written; None if none does."""
    for name, each in grader.graders.items() if isinstance(grader, MultiGrader) else ():
        if found := find_sample_use(each, f"{param}.graders.{name}"):
            return found
    placeholders = ((path, written, parts) for path, text in _texts(grader, param) for written, parts in find_paths(text))
    return next(((path, written) for path, written, parts in placeholders if parts[0] == "sample"), None)


def check_references(grader: Grader, items: Iterable[Any], param: str = "grader") -> None:
    """Check that a numeric grader has a number to compare with in each item, before anything is asked.

    Raises:
        InvalidRequest: if an item has accepted answers, and none with a number.
    """
    for name, each in grader.graders.items() if isinstance(grader, MultiGrader) else ():
        check_references(each, items, f"{param}.graders.{name}")
    for number, item in enumerate(items if isinstance(grader, NumericGrader) else (), start=1):
        problem = _find_reference_problem(grader, item)
        if problem:
            raise InvalidRequest(f"'{param}' cannot grade answers to question {number}: {problem}", param=param, code=CODE)


def _find_reference_problem(grader: Grader, item: Any) -> str | None:
    try:
        if isinstance(grader, NumericGrader):
            keep_numbers(grader, read_accepted(grader.reference, Scope(item, Sample())))
    except GradingFailed as error:
        return error.message if error.kind == "other_error" else None
    return None


def list_fields(schema: Mapping[str, Any]) -> frozenset[str] | None:
    """Return the fields that a JSON Schema of items lists, for `check_grader`; None if it allows more than it lists.

    A schema without `additionalProperties` counts as complete if it has `properties` and is not joined with other schemas.
    """
    properties = _closed_properties(schema)
    return frozenset(_list_fields(properties, 0)) if properties else None


def _closed_properties(schema: Any) -> Mapping[str, Any] | None:
    """Return the properties of a schema for objects; None if there may be more."""
    if not isinstance(schema, Mapping) or schema.get("additionalProperties", False) is not False:
        return None
    properties = schema.get("properties")
    is_complete = isinstance(properties, Mapping) and not any(keyword in schema for keyword in JOINING)
    return properties if is_complete else None


def _list_fields(properties: Mapping[str, Any], depth: int) -> Iterator[str]:
    for name, schema in properties.items():
        yield name
        inner: Any = schema
        while isinstance(inner, Mapping) and isinstance(inner.get("items"), Mapping):
            inner = inner["items"]
        below = _closed_properties(inner) if depth < MAX_FIELD_DEPTH else None
        yield from (f"{name}.{each}" for each in _list_fields(below or {}, depth + 1))


def _texts(grader: Grader, param: str) -> Iterator[tuple[str, str]]:
    """Yield the texts of a grader that may have templates, with their paths."""
    if isinstance(grader, ScoreModelGrader | LabelModelGrader):
        for number, message in enumerate(grader.input):
            yield from list_texts(message.content, f"{param}.input[{number}].content")
    elif not isinstance(grader, MultiGrader | PythonGrader):
        yield f"{param}.input", grader.input
        reference = getattr(grader, "reference", None)
        if isinstance(reference, str):
            yield f"{param}.reference", reference
        elif reference:
            yield from ((f"{param}.reference[{position}]", each) for position, each in enumerate(reference))


def list_texts(content: Any, param: str) -> Iterator[tuple[str, str]]:
    """Yield the texts of the content of a message that may have templates, with their paths; `param` is that of the content."""
    if isinstance(content, list):
        for position, part in enumerate(content):
            yield from _part_texts(part, f"{param}[{position}]")
    else:
        yield from _part_texts(content, param)


def _part_texts(part: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, str):
        yield path, part
    elif isinstance(part, TextPart):
        yield f"{path}.text", part.text
    elif isinstance(part, AudioPart):
        yield f"{path}.input_audio.data", part.input_audio.data
    else:
        yield f"{path}.image_url", part.image_url


def _find_problem(parts: Path, written: str, fields: Collection[str] | None) -> str | None:
    """Return what is wrong with a placeholder, as the predicate of a sentence."""
    if parts[0] == "sample":
        is_known = len(parts) == 1 or parts[1] in FIELDS
        return None if is_known else f"uses '{written}', which a sample does not have; use one of {', '.join(FIELDS)}"
    if parts[0] != "item":
        return f"uses '{written}', which must begin with 'item.' or 'sample.'"
    names = [str(part) for part in parts[1:] if isinstance(part, str)]
    if fields is None or all(_is_known(names[:length], fields) for length in range(1, len(names) + 1)):
        return None
    shown = ", ".join(sorted(fields)[:SHOWN_FIELDS]) or "none"
    return f"uses '{written}', which the items do not have; their fields are {shown}"


def _is_known(names: list[str], fields: Collection[str]) -> bool:
    """Return whether a field is listed, or is inside of one whose own fields are not listed."""
    if ".".join(names) in fields:
        return True
    outer = ".".join(names[:-1])
    return bool(outer) and not any(field.startswith(f"{outer}.") for field in fields)


def _check_formula(grader: MultiGrader, param: str) -> None:
    try:
        unknown = sorted(find_names(parse_formula(grader.calculate_output)) - set(grader.graders))
    except FormulaError as error:
        raise InvalidRequest(f"'{param}' {error}.", param=param, code=CODE) from error
    if unknown:
        known = ", ".join(grader.graders)
        raise InvalidRequest(
            f"'{param}' uses '{unknown[0]}', which is not the name of one of its graders ({known}).", param=param, code=CODE
        )
