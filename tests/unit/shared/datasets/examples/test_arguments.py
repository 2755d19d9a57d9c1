"""The arguments of a call under the parameters of its tool."""

from typing import Any

import pytest

from shared.datasets.examples.arguments import find_arguments_problem, find_parameters_problem

NESTED: dict[str, Any] = {
    "type": "object",
    "properties": {
        "unit": {"enum": ["kg", "山"]},
        "boxes": {"type": "array", "items": {"$ref": "#/$defs/box"}},
        "count": {"type": ["integer", "null"], "minimum": 1},
    },
    "$defs": {"box": {"type": "object", "required": ["size"], "additionalProperties": False, "properties": {"size": {"type": "number"}}}},
}


@pytest.mark.parametrize(
    "arguments", [{}, {"unit": "山", "boxes": [{"size": 1.5}], "count": None}, {"boxes": [], "other": "is allowed", "count": 10**30}]
)
def test_arguments_that_match_have_no_problem(arguments: dict[str, Any]) -> None:
    assert find_arguments_problem(arguments, NESTED) is None


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"unit": "g"}, """'unit' must be one of ["kg", "山"]; got 'g'"""),
        ({"boxes": [{"size": 1}, {}]}, "'boxes[1].size' is missing"),
        ({"boxes": [{"size": 1, "x": 2}]}, "'boxes[0]' must be left out, because the schema does not allow it"),
        ({"count": "1"}, "'count' must have the type 'integer' or 'null'; got '1'"),
        ({"count": 0}, "'count' must match 'minimum' of the schema; got 0"),
    ],
)
def test_a_problem_names_the_argument(arguments: dict[str, Any], problem: str) -> None:
    assert find_arguments_problem(arguments, NESTED) == problem


def test_a_tool_without_parameters_takes_any_arguments() -> None:
    assert find_arguments_problem({"x": 1}, {}) is None
    assert find_parameters_problem({}) is None


@pytest.mark.parametrize(
    "parameters", [{"$ref": "https://example.com/x.json"}, {"properties": {"x": {"pattern": "("}}}, {"type": "object", "required": "x"}]
)
def test_parameters_that_cannot_be_applied_are_a_problem(parameters: dict[str, Any]) -> None:
    assert find_parameters_problem(parameters)


def nest(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels):
        value = {"items": value}
    return value


def test_what_is_nested_too_deeply_is_a_problem() -> None:
    assert find_arguments_problem(nest(99), {}) is None
    assert find_arguments_problem(nest(900), {}) == "they are nested more than 100 levels deep"
    assert find_parameters_problem(nest(99)) is None
    assert find_parameters_problem(nest(900)) == "must not be nested more than 100 levels deep"


def test_letters_that_no_model_can_learn_are_a_problem() -> None:
    assert (find_arguments_problem({"part": ["K\ud800"]}, {}) or "").startswith("'part[0]' must ")


def test_a_long_schema_is_applied_too() -> None:
    long = {"properties": {"part": {"type": "string", "description": "x" * 50_000}}}
    assert find_parameters_problem(long) is None
    assert find_arguments_problem({"part": 5}, long) == "'part' must have the type 'string'; got 5"


def test_references_in_a_circle_end() -> None:
    circle = {"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/a"}]}}}
    problem = find_arguments_problem({}, circle)
    assert problem is not None
    assert "cannot be applied" in problem


def test_many_calls_of_a_tool_are_checked_with_one_validator() -> None:
    simple = {"type": "object", "properties": {"part": {"type": "string"}}}
    assert [find_arguments_problem({"part": str(number)}, simple) for number in range(2000)] == [None] * 2000
