import pytest

from services.generation.grounding.retrieve import retrieve
from shared.contracts.chat import RetrievalOptions
from shared.contracts.search import SearchHit, SearchRequest
from tests.fakes import make_hit

pytestmark = pytest.mark.anyio


class Stores:
    """Stores that hold hits, and remember what they were asked."""

    def __init__(self, **held: list[SearchHit]) -> None:
        self.held = held
        self.asked: list[tuple[str, SearchRequest]] = []

    async def search(self, store_id: str, wanted: SearchRequest) -> list[SearchHit]:
        self.asked.append((store_id, wanted))
        return self.held[store_id][: wanted.max_num_results]


async def test_hits_of_several_stores_are_merged_by_score() -> None:
    a, b = make_hit("a", 0.9), make_hit("b", 0.3, position=1)
    c = make_hit("c", 0.5, file="file-c")
    options = RetrievalOptions(vector_store_ids=["vs_a", "vs_b"], max_num_results=2)
    assert await retrieve("q", options, Stores(vs_a=[a, b], vs_b=[c])) == [a, c]


async def test_a_passage_in_two_stores_comes_once_with_its_best_score() -> None:
    low, high = make_hit("same", 0.4, store="vs_a"), make_hit("same", 0.8, store="vs_b")
    options = RetrievalOptions(vector_store_ids=["vs_a", "vs_b"])
    assert await retrieve("q", options, Stores(vs_a=[low], vs_b=[high])) == [high]


async def test_the_options_reach_every_store_once() -> None:
    stores = Stores(vs_a=[])
    options = RetrievalOptions(vector_store_ids=["vs_a", "vs_a"], max_num_results=7, score_threshold=0.25, search_mode="keyword")
    assert await retrieve("q", options, stores) == []
    [(_, wanted)] = stores.asked
    assert (wanted.query, wanted.max_num_results, wanted.ranking_options.score_threshold, wanted.search_mode) == ("q", 7, 0.25, "keyword")


@pytest.mark.parametrize(("question", "asked"), [("a\0b", "a\ufffdb"), (["\0", "fine"], ["\ufffd", "fine"])])
async def test_a_question_with_the_character_zero_is_searched_without_it(question: str | list[str], asked: str | list[str]) -> None:
    stores = Stores(vs_a=[make_hit("a", 0.9)])
    assert len(await retrieve(question, RetrievalOptions(vector_store_ids=["vs_a"]), stores)) == 1
    [(_, wanted)] = stores.asked
    assert wanted.query == asked
