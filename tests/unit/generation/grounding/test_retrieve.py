from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.generation.grounding.retrieve import VectorStoreClient, retrieve
from services.generation.http.client import ServiceClient
from shared.contracts.chat import RetrievalOptions
from shared.contracts.search import SearchHit, SearchRequest
from shared.errors import NotFound, Unavailable
from tests.fake_retrieval import FakeRetrieval, make_hit
from tests.serving import serving

pytestmark = pytest.mark.anyio
NAME = "The retrieval service (SETTING)"


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


@pytest.fixture
async def client(retrieval_url: str) -> AsyncIterator[ServiceClient]:
    client = ServiceClient(NAME, retrieval_url, 5)
    yield client
    await client.close()


async def test_hits_of_a_store_are_returned(client: ServiceClient, retrieval: FakeRetrieval) -> None:
    retrieval.add_store([make_hit("A seal.", 0.9)])
    hits = await VectorStoreClient(client, []).search("vs_a", SearchRequest(query="seal"))
    assert [hit.content[0].text for hit in hits] == ["A seal."]


@pytest.mark.parametrize("store_id", ["vs_unknown", "../vs_a"])
async def test_an_unknown_store_is_not_found(client: ServiceClient, store_id: str) -> None:
    with pytest.raises(NotFound, match=f"There is no vector store '{store_id}'"):
        await VectorStoreClient(client, []).search(store_id, SearchRequest(query="seal"))


async def test_embeddings_come_from_the_stores_own_model(client: ServiceClient, retrieval: FakeRetrieval) -> None:
    retrieval.add_store([])
    vectors = await VectorStoreClient(client, []).embed("vs_a", ["one", "t\0wo"])
    assert len(vectors) == 2


async def test_something_other_than_search_results_is_an_error_that_names_the_service() -> None:
    async def respond(_: Request) -> Response:
        return JSONResponse({"data": "nonsense"})

    with serving(Starlette(routes=[Route("/{rest:path}", respond, methods=["GET", "POST"])])) as url:
        client = ServiceClient(NAME, url, 5)
        for call in (
            VectorStoreClient(client, []).search("vs_a", SearchRequest(query="seal")),
            VectorStoreClient(client, []).embed("vs_a", ["seal"]),
        ):
            with pytest.raises(Unavailable, match=r"The retrieval service \(SETTING\) returned something other than"):
                await call
        await client.close()
