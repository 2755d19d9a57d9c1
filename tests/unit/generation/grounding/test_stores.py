from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.generation.grounding.stores import VectorStoreClient
from services.generation.http.client import ServiceClient
from shared.contracts.search import SearchRequest
from shared.errors import NotFound, Unavailable
from tests.fake_retrieval import FakeRetrieval, make_hit
from tests.serving import serving

pytestmark = pytest.mark.anyio
NAME = "The retrieval service (SETTING)"


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
