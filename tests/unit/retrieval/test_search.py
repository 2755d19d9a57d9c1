from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.contracts.search import SearchRequest
from tests.unit.retrieval.stand_ins import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(tmp_path)
    yield opened
    opened.close()


def test_of_several_queries_a_chunk_has_its_best_score(office: Office) -> None:
    for text in ("The seal is turquoise.", "The valve is orange."):
        office.put(text)
        office.worker().work_once()

    def scores(query: str | list[str]) -> dict[str, float]:
        found = office.searcher.search(office.store(), SearchRequest(query=query))
        assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
        return {hit.chunk.text: hit.score for hit in found}

    one, other = scores("turquoise seal"), scores("orange valve")
    assert scores(["turquoise seal", "orange valve"]) == {text: max(one[text], other[text]) for text in one}


@pytest.mark.parametrize("query", ["", [], [""], ["a", ""], ["a"] * 33])
def test_a_query_without_words_is_refused(query: str | list[str]) -> None:
    with pytest.raises(ValidationError, match="at least one character"):
        SearchRequest(query=query)


def refused(type: str, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        SearchRequest.model_validate({"query": "a", "filters": {"type": type, "key": "year", "value": value}})
    return str(caught.value)


def test_a_filter_that_means_nothing_is_refused_and_told_what_would_be_right() -> None:
    assert "its value is a number, such as 2024" in refused("gt", "2024")
    assert "its value is a number, such as 2024" in refused("lte", True)
    assert "takes a list of 1 to 1000 values" in refused("in", "a")
    assert "takes a list of 1 to 1000 values" in refused("nin", [])
    assert "for a list there are `in` and `nin`" in refused("ne", ["a"])
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
        with pytest.raises(ValidationError, match="8 levels deep and have 128 parts"):
            SearchRequest.model_validate({"query": "a", "filters": filter})
