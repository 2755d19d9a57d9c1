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
