import json
from typing import Any

import pytest
from pydantic import ValidationError

from shared.contracts.embeddings import EmbeddingsRequest
from shared.contracts.search import SearchRequest
from shared.contracts.wire import Metadata, Request
from shared.validation.storable import UNUSABLE_TEXT

LONE_SURROGATE = json.loads('"\\ud83d"')


class Described(Request):
    """A body with a field whose default is null, and one whose default is a value."""

    metadata: Metadata | None = None
    input: list[dict[str, Any]] = []


def find_problem(kind: type[Request], body: dict[str, object]) -> tuple[str, str]:
    """Return the field that is wrong, and the predicate of the message."""
    with pytest.raises(ValidationError) as caught:
        kind.model_validate(body)
    problem = caught.value.errors()[0]
    assert problem["type"] == UNUSABLE_TEXT
    return problem["ctx"]["param"], problem["msg"]


@pytest.mark.parametrize(
    ("kind", "body", "param"),
    [
        (SearchRequest, {"query": f"a {LONE_SURROGATE}"}, "query"),
        (SearchRequest, {"query": ["fine", LONE_SURROGATE]}, "query[1]"),
        (SearchRequest, {"query": "a", "filters": {"type": "eq", "key": "k", "value": LONE_SURROGATE}}, "filters.value"),
        (EmbeddingsRequest, {"model": "m", "input": ["fine", LONE_SURROGATE]}, "input[1]"),
        (EmbeddingsRequest, {f"key {LONE_SURROGATE}": 1}, "key ?"),
    ],
)
def test_half_of_a_surrogate_pair_is_refused_in_every_field(kind: type[Request], body: dict[str, object], param: str) -> None:
    assert find_problem(kind, body) == (param, "must not contain half of a surrogate pair, such as \\ud83d alone")


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"metadata": {"a\0": "b"}}, "metadata"),
        ({"metadata": {"a": "b\0"}}, "metadata.a"),
        ({"input": [{"a": ["fine", "\0"]}]}, "input[0].a[1]"),
        ({"a\0": 1}, "a\0"),
    ],
)
def test_the_nul_character_is_refused_in_every_value_and_key(body: dict[str, object], param: str) -> None:
    assert find_problem(Described, body) == (param, "must not contain the NUL character (\\u0000)")


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_json_does_not_have_is_refused_in_every_field(number: float) -> None:
    param, predicate = find_problem(Described, {"input": [{"a": {"b": number}}]})
    assert (param, predicate) == ("input[0].a.b", "must be a finite number; JSON has no NaN or Infinity")


def test_complete_characters_of_any_script_are_accepted() -> None:
    query = json.loads('"\\ud83d\\ude00 \\u4e2d\\u6587 e\\u0301"')
    assert SearchRequest.model_validate({"query": query}).query == query


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (SearchRequest, {"query": "a", **dict.fromkeys(("ranking_options", "filters", "max_num_results", "rewrite_query", "search_mode"))}),
        (SearchRequest, {"query": "a", "ranking_options": {"ranker": None, "score_threshold": None, "hybrid_search": None}}),
        (EmbeddingsRequest, {"model": "m", "input": "a", "encoding_format": None, "dimensions": None, "user": None}),
        (Described, {"metadata": None, "input": None}),
    ],
)
def test_null_means_the_default(kind: type[Request], body: dict[str, object]) -> None:
    sent = {name: value for name, value in body.items() if value is not None and name != "ranking_options"}
    assert kind.model_validate(body) == kind.model_validate(sent)


def test_null_is_a_value_of_a_field_whose_default_is_null() -> None:
    assert Described.model_validate({"metadata": None}).model_fields_set == {"metadata"}


def test_null_is_not_a_value_of_a_required_field() -> None:
    with pytest.raises(ValidationError):
        SearchRequest.model_validate({"query": None})
