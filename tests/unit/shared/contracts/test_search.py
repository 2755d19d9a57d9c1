from typing import Any

import pytest
from pydantic import ValidationError

from shared.contracts.search import SearchRequest
from shared.errors import InvalidRequest
from shared.validation.translate import parse


@pytest.mark.parametrize("query", ["", " \n\u3000", [], ["a", " "], [""], ["a", ""], ["a"] * 33])
def test_a_blank_query_is_refused(query: str | list[str]) -> None:
    with pytest.raises(ValidationError, match=r"must be a string that is not blank|at least 1 item|at most 32 items"):
        SearchRequest(query=query)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"fusion": {"type": "rrf"}, "search_mode": "vector"}, "requires 'search_mode' to be 'hybrid'"),
        ({"fusion": {"type": "rrf"}, "ranking_options": {"hybrid_search": {"embedding_weight": 1, "text_weight": 1}}}, "be combined"),
        ({"ranking_options": {"hybrid_search": {"embedding_weight": 0, "text_weight": 0}}}, "at least one weight greater than 0"),
        ({"fusion": {"type": "dbsf", "weights": {"vector": 0, "keyword": 0}}}, "at least one weight greater than 0"),
        ({"rerank": {}, "ranking_options": {"ranker": "none"}}, "must not be 'none'"),
        ({"max_num_results": 51}, "less than or equal to 50"),
        ({"diversity": 1.5}, "less than or equal to 1"),
    ],
)
def test_options_that_cannot_be_combined_are_refused(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        SearchRequest.model_validate({"query": "a", **options})


WEIGHTS = {"hybrid_search": {"embedding_weight": 1, "text_weight": 1}}


@pytest.mark.parametrize(
    ("options", "param", "predicate"),
    [
        (
            {"search_mode": "vector", "ranking_options": WEIGHTS},
            "hybrid_search",
            "be left out unless 'search_mode' is 'hybrid'; it is 'vector'",
        ),
        ({"fusion": {"type": "rrf"}, "ranking_options": WEIGHTS}, "hybrid_search", "not be combined with 'fusion'. Send one of them"),
        ({"rerank": {}, "ranking_options": {"ranker": "none"}}, "ranker", "not be 'none' if 'rerank' is sent"),
    ],
)
def test_a_ranking_that_cannot_be_combined_is_named(options: dict[str, Any], param: str, predicate: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse(SearchRequest, {"query": "a", **options})
    path = f"ranking_options.{param}"
    assert (caught.value.message, caught.value.param) == (f"'{path}' must {predicate}.", path)


def test_a_fusion_is_named_if_the_search_is_not_hybrid() -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse(SearchRequest, {"query": "a", "search_mode": "vector", "fusion": {"type": "rrf"}})
    message = "'fusion' requires 'search_mode' to be 'hybrid'; got 'vector'."
    assert (caught.value.message, caught.value.param, caught.value.code) == (message, "fusion", "invalid_value")


def refused(type: str, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        SearchRequest.model_validate({"query": "a", "filters": {"type": type, "key": "year", "value": value}})
    return str(caught.value)


def test_a_filter_with_a_value_of_the_wrong_type_is_refused() -> None:
    assert "must be a number for the type" in refused("gt", "2024")
    assert "must be a number for the type" in refused("lte", True)
    assert "must be a list of 1 to 1000 values" in refused("in", "a")
    assert "must be a list of 1 to 1000 values" in refused("nin", [])
    assert "must be a single value for the type" in refused("ne", ["a"])
    assert "'eq', 'ne', 'gt'" in refused("like", "a")
    assert "finite number" in refused("eq", float("inf"))


def test_a_filter_that_is_too_deep_or_too_large_is_refused() -> None:
    leaf = {"type": "eq", "key": "year", "value": 1}
    deep: dict[str, object] = leaf
    for _ in range(7):
        deep = {"type": "or", "filters": [deep]}
    SearchRequest.model_validate({"query": "a", "filters": deep})
    wide = {"type": "and", "filters": [{"type": "or", "filters": [leaf] * 70}] * 2}
    for filter in ({"type": "and", "filters": [deep]}, wide):
        with pytest.raises(ValidationError, match="deeper than 8 levels or have more than 128 parts"):
            SearchRequest.model_validate({"query": "a", "filters": filter})
