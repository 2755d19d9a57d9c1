import json
from typing import Any, Literal

import pytest
from pydantic import Field, ValidationError

from shared.contracts.embeddings import EmbeddingsRequest
from shared.contracts.search import SearchRequest
from shared.contracts.wire import Attributes, JsonObject, Metadata, Request
from shared.validation.storable import NOT_A_NUMBER, NUL, UNUSABLE_TEXT


class Inner(Request):
    """A body inside of a body."""

    days: int = 7
    kind: Literal["auto"] | int = "auto"


class Described(Request):
    """A body with a field whose default is null, one whose default is a value, and one of each type."""

    metadata: Metadata | None = None
    attributes: Attributes | None = None
    input: list[JsonObject] = []
    inner: Inner = Inner()
    number: float = Field(0.0, ge=0)
    flag: bool = False


def find_problems(body: dict[str, Any]) -> list[dict[str, Any]]:
    with pytest.raises(ValidationError) as caught:
        Described.model_validate(body)
    return [dict(problem) for problem in caught.value.errors()]


@pytest.mark.parametrize(
    ("value", "path", "predicate"),
    [
        ({"a": {"b": float("inf")}}, ("a", "b"), NOT_A_NUMBER),
        ({"a": [1.5, float("-inf")]}, ("a", 1), NOT_A_NUMBER),
        ({"a": float("nan")}, ("a",), NOT_A_NUMBER),
        ({"a": "\0"}, ("a",), NUL),
    ],
)
def test_what_cannot_be_stored_is_refused_at_any_depth_of_an_object(value: Any, path: tuple[Any, ...], predicate: str) -> None:
    [problem] = find_problems({"input": [{}, value]})
    assert (problem["type"], problem["loc"], problem["ctx"]["path"], problem["msg"]) == (UNUSABLE_TEXT, ("input", 1), path, predicate)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"inner": {"days": True}}, ("inner", "days")),
        ({"inner": {"days": "5"}}, ("inner", "days")),
        ({"inner": {"days": 5.5}}, ("inner", "days")),
        ({"number": "0.5"}, ("number",)),
        ({"number": True}, ("number",)),
        ({"number": float("inf")}, ("number",)),
        ({"flag": "yes"}, ("flag",)),
        ({"flag": 1}, ("flag",)),
        ({"input": {}}, ("input",)),
        ({"metadata": {"a": 1}}, ("metadata", "a")),
    ],
)
def test_a_value_of_another_type_is_not_converted(body: dict[str, Any], path: tuple[Any, ...]) -> None:
    assert [problem["loc"] for problem in find_problems(body)] == [path]


@pytest.mark.parametrize(("sent", "read"), [({"days": 5.0}, Inner(days=5)), ({"kind": 3.0}, Inner(kind=3)), ({"days": 2}, Inner(days=2))])
def test_a_number_without_a_fraction_is_an_integer(sent: dict[str, Any], read: Inner) -> None:
    inner = Described.model_validate({"inner": sent}).inner
    assert inner == read
    assert isinstance(inner.days, int)


def test_an_integer_is_a_number() -> None:
    assert Described.model_validate({"number": 3}).number == 3.0


def test_of_many_unknown_fields_only_the_first_is_looked_at() -> None:
    unknown: dict[str, Any] = {f"unknown {number}": [] for number in range(50_000)}
    problems = find_problems({**unknown, "metadata": {"a": "b"}})
    assert [(problem["type"], problem["loc"]) for problem in problems] == [("extra_forbidden", ("unknown 0",))]
    assert [problem["loc"] for problem in find_problems({"inner": unknown})] == [("inner", "unknown 0")]


@pytest.mark.parametrize("field", ["metadata", "attributes"])
def test_the_entries_of_an_object_are_counted_before_they_are_checked(field: str) -> None:
    problems = find_problems({field: {str(number): [] for number in range(50_000)}})
    assert [(problem["type"], problem["loc"], problem["ctx"]["actual_length"]) for problem in problems] == [("too_long", (field,), 50_000)]


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
