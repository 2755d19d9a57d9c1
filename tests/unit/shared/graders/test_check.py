from typing import Any

import pytest

from shared.errors import InvalidRequest
from shared.graders.check import check_grader, list_fields, parse_grader

F1 = {"type": "f1", "name": "f"}
JUDGE = {"type": "score_model", "name": "j", "model": "m", "input": [{"role": "user", "content": "{{item.question}}"}]}
FIELDS = {"question", "answers", "meta", "meta.kind", "list", "list.part", "open"}


def check(body: dict[str, Any], fields: Any = FIELDS, param: str = "grader") -> None:
    check_grader(parse_grader(body, param), fields, param)


@pytest.mark.parametrize(
    "text",
    ["{{item.question}}", "{{item.meta.kind}}", "{{item.meta}}", "{{item.list[0].part}}", "{{item.list[3]}}", "{{item.open.any.thing}}",
     "{{item}}", "{{sample.output_json.x}}",
     "{{sample.choices[0].message}}", "{{sample}}", "plain", "{{broken", "{{item.question[0]}}"],
)  # fmt: skip
def test_known_fields_pass(text: str) -> None:
    check({**F1, "input": text})


@pytest.mark.parametrize(
    ("text", "problem"),
    [("{{item.qestion}}", "do not have; their fields are answers, list, list.part, meta, meta.kind, open, question."),
     ("{{item.meta.sort}}", "which the items do not have"), ("{{item.list[0].whole}}", "which the items do not have"),
     ("{{question}}", "must begin with 'item.' or 'sample.'"),
     ("{{sample.text}}", "which a sample does not have; use one of output_text, output_json, output_tools"),
     ("{{items.question}}", "must begin with 'item.' or 'sample.'")],
)  # fmt: skip
def test_an_unknown_field_is_named_with_its_place(text: str, problem: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        check({**F1, "input": f"so: {text}"})
    assert problem in refused.value.message
    assert refused.value.message.startswith("'grader.input' uses ")
    assert refused.value.param == "grader.input"


def test_fields_that_are_not_known_are_not_checked() -> None:
    check({**F1, "input": "{{item.anything}}"}, None)
    with pytest.raises(InvalidRequest, match="their fields are none"):
        check(F1, ())


@pytest.mark.parametrize(
    ("body", "param"),
    [({**F1, "reference": ["{{item.answers}}", "{{item.no}}"]}, "grader.reference[1]"),
     ({**F1, "reference": "{{item.no}}"}, "grader.reference"),
     ({**JUDGE, "input": [*JUDGE["input"], {"role": "user", "content": "{{item.no}}"}]}, "grader.input[1].content"),
     ({**JUDGE, "input": [{"role": "user", "content": ["ok", {"type": "input_text", "text": "{{item.no}}"}]}]},
     "grader.input[0].content[1].text"),
     ({**JUDGE, "input": [{"role": "user", "content": [{"type": "input_image", "image_url": "{{item.no}}"}]}]},
     "grader.input[0].content[0].image_url"),
     ({"type": "multi", "name": "m", "graders": {"a": {**F1, "input": "{{item.no}}"}}, "calculate_output": "a"}, "grader.graders.a.input"),
     ({"type": "multi", "name": "m", "graders": {"a": F1}, "calculate_output": "a +"}, "grader.calculate_output"),
     ({"type": "multi", "name": "m", "graders": {"a": F1}, "calculate_output": "a + b"}, "grader.calculate_output"),
     ({"type": "json_schema", "name": "j", "schema": {"type": "nothing"}}, "grader.schema")],
)  # fmt: skip
def test_the_path_of_what_is_wrong_is_the_param(body: dict[str, Any], param: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        check(body)
    assert refused.value.param == param
    assert refused.value.code == "invalid_grader"
    assert refused.value.message.startswith(f"'{param}' ") and refused.value.message.endswith(".")


@pytest.mark.parametrize(
    ("body", "param", "message"),
    [({"type": "nothing", "name": "x"}, "criteria[2].type", "must be one of 'string_check', 'text_similarity'"),
     ({}, "criteria[2].type", "is required"),
     ({**F1, "more": 1}, "criteria[2].more", "is not a known parameter"), ({"type": "f1"}, "criteria[2].name", "is required"),
     ("f1", "criteria[2]", "must be"), (None, "criteria[2]", "must be"),
     ({**JUDGE, "range": [1, 1]}, "criteria[2].range", "must be two numbers, the lower one first"),
     ({**JUDGE, "input": []}, "criteria[2].input", "must not be empty"),
     ({"type": "multi", "name": "m", "calculate_output": "a", "graders": {"a": {"type": "multi"}}}, "criteria[2].graders.a.type",
     "must be one of"),
     ({"type": "multi", "name": "m", "calculate_output": "a", "graders": {"a b": F1}}, "criteria[2].graders.a b", "must have only letters"),
     ({"type": "multi", "name": "m", "calculate_output": "a", "graders": {"a": {"type": "python"}}}, "criteria[2].graders.a.type",
     "must not be 'python'"),
     ({"type": "multi", "name": "m", "calculate_output": "a" * 1001, "graders": {"a": F1}}, "criteria[2].calculate_output",
     "must have 1 to 1000 characters"),
     ({**F1, "input": "\ud83d"}, "criteria[2].input", "surrogate"),
     ({**F1, "pass_threshold": float("nan")}, "criteria[2].pass_threshold", "must be a finite number")],
)  # fmt: skip
def test_what_is_no_grader_is_refused_with_its_place(body: Any, param: str, message: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        parse_grader(body, "criteria[2]")
    assert (refused.value.param, message in refused.value.message) == (param, True), refused.value.message


def test_the_fields_of_a_schema_are_listed_with_those_inside() -> None:
    schema = {
        "type": "object",
        "properties": {
            "question": {"type": "string"},
            "meta": {"type": "object", "properties": {"kind": {}}},
            "list": {"type": "array", "items": {"type": "object", "properties": {"part": {"type": "string"}}}},
            "open": {"type": "object", "properties": {"a": {}}, "additionalProperties": True},
        },
    }
    assert sorted(list_fields(schema) or ()) == ["list", "list.part", "meta", "meta.kind", "open", "question"]
    assert list_fields({**schema, "additionalProperties": {"type": "string"}}) is None
    joining: list[dict[str, Any]] = [{"$ref": "#"}, {"allOf": [{}]}, {"patternProperties": {}}]
    for joined in joining:
        assert list_fields({**schema, **joined}) is None
        assert sorted(list_fields({"properties": {"outer": {**schema, **joined}}}) or ()) == ["outer"]
    assert list_fields({}) is None and list_fields({"type": "object"}) is None


def test_a_recursive_schema_has_an_end() -> None:
    schema: dict[str, Any] = {"type": "object", "properties": {}}
    schema["properties"]["self"] = schema
    assert len(list_fields(schema) or ()) == 11
