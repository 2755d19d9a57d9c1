import time
from typing import Any

import pytest

from shared.graders.outcome import GradingFailed
from shared.graders.scoring.json_output import score_json_schema
from shared.validation.json_schema import find_schema_problem

PERSON: dict[str, Any] = {
    "type": "object",
    "properties": {"name": {"type": "string", "minLength": 1}, "age": {"type": "integer", "minimum": 0}, "tags": {"$ref": "#/$defs/tags"}},
    "required": ["name"],
    "additionalProperties": False,
    "$defs": {"tags": {"type": "array", "items": {"enum": ["a", "b"]}, "uniqueItems": True}},
}


@pytest.mark.parametrize(
    ("text", "score"),
    [('{"name": "\u00dc"}', 1), ('{"name": "x", "age": 3, "tags": ["a", "b"]}', 1), ('{"name": ""}', 0), ("{}", 0),
     ('{"name": "x", "age": -1}', 0),
     ('{"name": "x", "age": 1.5}', 0), ('{"name": "x", "tags": ["a", "a"]}', 0), ('{"name": "x", "more": 1}', 0), ("[]", 0),
     ("```json\n{}\n```", 0), ("", 0)],
)  # fmt: skip
def test_json_is_valid_under_a_schema_or_not(text: str, score: float) -> None:
    assert score_json_schema(text, PERSON) == score


def test_names_that_match_a_pattern_have_their_own_schema() -> None:
    schema = {"patternProperties": {"^n_": {"type": "number"}}, "additionalProperties": {"type": "string"}}
    assert [score_json_schema(text, schema) for text in ('{"n_a": 1, "b": "c"}', '{"n_a": "1"}', '{"b": 1}')] == [1, 0, 0]
    assert score_json_schema('{"n_a": 1, "b": 2}', {**schema, "additionalProperties": False}) == 0


def test_a_recursive_schema_is_followed_as_deep_as_the_answer() -> None:
    tree = {"type": "object", "properties": {"child": {"$ref": "#"}}, "additionalProperties": False}
    assert find_schema_problem(tree) is None
    assert score_json_schema('{"child": {"child": {}}}', tree) == 1
    assert score_json_schema('{"child": {"child": {"x": 1}}}', tree) == 0
    with pytest.raises(GradingFailed, match="The schema cannot be applied"):
        score_json_schema("{}", {"$ref": "#"})


@pytest.mark.parametrize(
    ("schema", "problem"),
    [({"type": "nothing"}, "must be a JSON Schema"), ({"properties": []}, "must be a JSON Schema"),
     ({"$ref": "https://example.com/a.json"}, "must not refer to 'https://example.com/a.json'"),
     ({"items": {"$ref": "file:///etc/passwd"}}, "must not refer to 'file:///etc/passwd'"),
     ({"pattern": "("}, "must have only valid patterns"), ({"patternProperties": {"[": {}}}, "must have only valid patterns"),
     ({"pattern": "a" * 1001}, "must have only valid patterns"),
     ({"patternProperties": {"a": {}}, "unevaluatedProperties": False}, "must not have 'unevaluatedProperties'"),
     ({"enum": list(range(3)), "properties": {str(each): {"type": "string"} for each in range(10_001)}}, "at most 10,000 keywords")],
)  # fmt: skip
def test_a_wrong_schema_is_refused(schema: dict[str, Any], problem: str) -> None:
    assert problem in (find_schema_problem(schema) or "")


def test_a_schema_that_is_nested_too_deeply_is_refused() -> None:
    schema: dict[str, Any] = {}
    for _ in range(5000):
        schema = {"not": schema}
    assert find_schema_problem(schema) == "is nested too deeply"


def doubling() -> dict[str, Any]:
    names = [f"d{number}" for number in range(40)]
    following = dict(zip(names, [*names[1:], "end"], strict=True))
    defs: dict[str, Any] = {name: {"allOf": [{"$ref": f"#/$defs/{next_}"}] * 2} for name, next_ in following.items()}
    return {"$defs": {**defs, "end": {"type": "string"}}, "$ref": "#/$defs/d0"}


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"pattern": "^(a|aa)+$"}, f'"{"a" * 5000}b"'),
        ({"patternProperties": {"^(a|aa)+$": {}}}, f'{{"{"a" * 5000}b": 1}}'),
        (doubling(), '"x"'),
    ],
)
def test_a_hostile_schema_ends_with_an_error(schema: dict[str, Any], text: str) -> None:
    started = time.monotonic()
    with pytest.raises(GradingFailed, match="takes too long"):
        score_json_schema(text, schema)
    assert time.monotonic() - started < 10


def test_long_lists_are_compared_in_linear_time_and_longer_answers_refused() -> None:
    unique = {"type": "array", "uniqueItems": True}
    listed = ", ".join(f'{{"a": {number}}}' for number in range(20_000))
    assert score_json_schema(f"[{listed}]", unique) == 1
    assert score_json_schema(f'[{listed}, {{"a": 0}}]', unique) == 0
    with pytest.raises(GradingFailed, match="more than 2,000,000 characters"):
        score_json_schema(" " * 2_000_001, unique)
