"""The shapes of graders against those of the installed `openai` package."""

from collections.abc import Mapping
from typing import Any, get_args

import pytest
from openai.types import graders as sdk
from openai.types.graders import string_check_grader, text_similarity_grader
from pydantic import BaseModel

from shared.contracts import graders as ours
from shared.contracts.graders import MultiGrader
from shared.errors import InvalidRequest
from shared.graders.check import parse_grader

MESSAGE = {"role": "user", "content": "{{item.question}}: {{sample.output_text}}", "type": "message"}
PARTS = [
    "text",
    {"type": "input_text", "text": "a"},
    {"type": "output_text", "text": "b"},
    {"type": "input_image", "image_url": "https://example.com/a.png", "detail": "low"},
    {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
]
STRING = {"type": "string_check", "name": "s", "input": "{{sample.output_text}}", "reference": "{{item.label}}", "operation": "ilike"}
SIMILAR = {"type": "text_similarity", "name": "t", "input": "a", "reference": "b", "evaluation_metric": "rouge_l"}
SAMPLING = {"max_completions_tokens": 100, "reasoning_effort": "low", "seed": 1, "temperature": 0.5, "top_p": 0.9}
SCORE = {
    "type": "score_model",
    "name": "m",
    "model": "big",
    "input": [MESSAGE, {**MESSAGE, "content": PARTS}],
    "range": [0, 10],
    "sampling_params": SAMPLING,
}
LABEL = {
    "type": "label_model",
    "name": "l",
    "model": "big",
    "input": [{**MESSAGE, "role": "developer", "content": PARTS[1]}],
    "labels": ["a", "b"],
    "passing_labels": ["a"],
}
MULTI = {
    "type": "multi",
    "name": "x",
    "graders": {"s": STRING, "t": SIMILAR, "m": SCORE, "l": LABEL},
    "calculate_output": "(s + t + l) / 3 + m",
}
PAIRS: Mapping[str, tuple[type[BaseModel], type[BaseModel]]] = {
    "string_check": (ours.StringCheckGrader, sdk.StringCheckGrader),
    "text_similarity": (ours.TextSimilarityGrader, sdk.TextSimilarityGrader),
    "score_model": (ours.ScoreModelGrader, sdk.ScoreModelGrader),
    "label_model": (ours.LabelModelGrader, sdk.LabelModelGrader),
    "multi": (ours.MultiGrader, sdk.MultiGrader),
}
EXTENSIONS = {"pass_threshold", "sampling_params"}


@pytest.mark.parametrize("kind", PAIRS)
def test_every_field_of_the_sdk_is_ours_and_as_required(kind: str) -> None:
    shape, theirs = PAIRS[kind]
    assert set(theirs.model_fields) <= set(shape.model_fields)
    assert set(shape.model_fields) - set(theirs.model_fields) <= EXTENSIONS
    for name, field in theirs.model_fields.items():
        assert shape.model_fields[name].is_required() == field.is_required(), name


def test_every_choice_of_the_sdk_is_ours() -> None:
    metrics = text_similarity_grader.TextSimilarityGrader.model_fields["evaluation_metric"].annotation
    assert set(get_args(ours.SimilarityMetric)) == set(get_args(metrics))
    operations = string_check_grader.StringCheckGrader.model_fields["operation"].annotation
    assert get_args(ours.StringCheckGrader.model_fields["operation"].annotation) == get_args(operations)
    roles = sdk.score_model_grader.Input.model_fields["role"].annotation
    assert get_args(ours.GraderMessage.model_fields["role"].annotation) == get_args(roles)
    assert set(ours.SamplingParams.model_fields) == set(sdk.score_model_grader.SamplingParams.model_fields)


@pytest.mark.parametrize("body", [STRING, SIMILAR, SCORE, LABEL, MULTI], ids=lambda body: body["type"])
def test_a_grader_comes_back_as_it_was_sent_and_as_the_sdk_reads_it(body: dict[str, Any]) -> None:
    sent = parse_grader(body).model_dump(mode="json", exclude_unset=True, by_alias=True)
    assert sent == body
    assert PAIRS[body["type"]][1].construct(**sent).to_dict()["name"] == body["name"]  # type: ignore[attr-defined]


def test_a_multi_may_have_one_grader_as_the_type_of_the_sdk_says() -> None:
    grader = parse_grader({**MULTI, "graders": STRING, "calculate_output": "s"})
    assert isinstance(grader, MultiGrader) and list(grader.graders) == ["s"]


def test_a_criterion_of_an_eval_has_a_threshold() -> None:
    for body in (SIMILAR, SCORE, MULTI):
        assert parse_grader({**body, "pass_threshold": 0.8}).model_dump()["pass_threshold"] == 0.8
    with pytest.raises(InvalidRequest, match=r"'grader\.pass_threshold' is not a known parameter"):
        parse_grader({**STRING, "pass_threshold": 0.8})


@pytest.mark.parametrize(
    ("body", "param"),
    [({**STRING, "operation": "gt"}, "operation"), ({**SIMILAR, "evaluation_metric": "rouge_6"}, "evaluation_metric"),
     ({**SCORE, "range": [1]}, "range"),
     ({**SCORE, "range": [0, 1, 2]}, "range"), ({**SCORE, "sampling_params": {"top_k": 1}}, "sampling_params.top_k"),
     ({**LABEL, "passing_labels": ["c"]}, "passing_labels"),
     ({**LABEL, "labels": ["a", "a"]}, "labels"), ({**LABEL, "labels": []}, "labels"),
     ({**SCORE, "input": [{**MESSAGE, "role": "tool"}]}, "input[0].role"),
     ({**SCORE, "input": [{**MESSAGE, "content": [{"type": "input_file"}]}]}, "input[0].content[0].type"),
     ({**MULTI, "graders": {}}, "graders"),
     ({**MULTI, "graders": {"a": MULTI}}, "graders.a.type"),
     ({**MULTI, "graders": dict.fromkeys((f"g{n}" for n in range(21)), STRING)}, "graders"), ({**STRING, "name": ""}, "name")],
)  # fmt: skip
def test_what_the_sdk_does_not_know_is_refused(body: dict[str, Any], param: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        parse_grader(body)
    assert refused.value.param == f"grader.{param}"


def test_a_schema_is_stored_under_its_name() -> None:
    body = {"type": "json_schema", "name": "j", "schema": {"type": "object"}}
    assert parse_grader(parse_grader(body).model_dump(mode="json")) == parse_grader(body)
