import pytest

from services.generation.grounding.retrieve import retrieve
from shared.contracts.chat import RetrievalOptions
from shared.contracts.search import SearchHit, SearchRequest
from tests.fake_retrieval import make_hit

pytestmark = pytest.mark.anyio


class MemorySearcher:
    """Searches stores in memory, and remembers the requests."""

    def __init__(self, **hits: list[SearchHit]) -> None:
        self.hits = hits
        self.requests: list[tuple[str, SearchRequest]] = []

    async def search(self, store_id: str, request: SearchRequest) -> list[SearchHit]:
        self.requests.append((store_id, request))
        return self.hits[store_id][: request.max_num_results]


async def test_hits_of_several_stores_are_merged_by_score() -> None:
    a, b = make_hit("a", 0.9), make_hit("b", 0.3, position=1)
    c = make_hit("c", 0.5, file="file-c")
    options = RetrievalOptions(vector_store_ids=["vs_a", "vs_b"], max_num_results=2)
    assert await retrieve("q", options, MemorySearcher(vs_a=[a, b], vs_b=[c])) == [a, c]


async def test_a_passage_in_two_stores_appears_once_with_its_best_score() -> None:
    low, high = make_hit("same", 0.4, store="vs_a"), make_hit("same", 0.8, store="vs_b")
    options = RetrievalOptions(vector_store_ids=["vs_a", "vs_b"])
    assert await retrieve("q", options, MemorySearcher(vs_a=[low], vs_b=[high])) == [high]


async def test_the_options_reach_every_store_once() -> None:
    searcher = MemorySearcher(vs_a=[])
    options = RetrievalOptions(vector_store_ids=["vs_a", "vs_a"], max_num_results=7, score_threshold=0.25, search_mode="keyword")
    assert await retrieve("q", options, searcher) == []
    [(_, request)] = searcher.requests
    assert (request.query, request.max_num_results, request.ranking_options.score_threshold, request.search_mode) == (
        "q",
        7,
        0.25,
        "keyword",
    )


@pytest.mark.parametrize(("query", "searched"), [("a\0b", "a\ufffdb"), (["\0", "fine"], ["\ufffd", "fine"])])
async def test_nul_characters_in_a_query_are_replaced(query: str | list[str], searched: str | list[str]) -> None:
    searcher = MemorySearcher(vs_a=[make_hit("a", 0.9)])
    assert len(await retrieve(query, RetrievalOptions(vector_store_ids=["vs_a"]), searcher)) == 1
    [(_, request)] = searcher.requests
    assert request.query == searched
