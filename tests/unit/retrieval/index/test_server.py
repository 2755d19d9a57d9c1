from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from services.retrieval.index import server
from services.retrieval.index.points import Query, SparseVector
from services.retrieval.index.server import ServerIndex
from shared.contracts.filters import ComparisonFilter
from tests.serving import serving

QUERY = Query(vector=[0.1] * 4, keywords=SparseVector([1], [1.0]))


async def answer_nothing(_: Request) -> JSONResponse:
    """Answer as Qdrant does, once in some thousand searches, while a collection is being created."""
    return JSONResponse({"result": [], "status": "ok", "time": 0.0})


def test_a_collection_that_is_being_created_has_no_hits() -> None:
    app = Starlette(routes=[Route("/collections/{name}/points/query/batch", answer_nothing, methods=["POST"])])
    with serving(app) as url:
        index = ServerIndex(url)
        assert index.search("words", "vs_1", QUERY, None, 10) == ([], [])
        index.close()


def test_only_the_keyword_search_says_which_stores_word_rarity_is_counted_over() -> None:
    bodies = []

    async def record(request: Request) -> JSONResponse:
        bodies.append(await request.json())
        return await answer_nothing(request)

    app = Starlette(routes=[Route("/collections/{name}/points/query/batch", record, methods=["POST"])])
    with serving(app) as url:
        index = ServerIndex(url)
        index.search("words", "vs_1", QUERY, ComparisonFilter(type="eq", key="year", value=2024), 10, ["vsf_1"], "vsf_2")
        index.search("words", "vs_1", QUERY, None, 10, corpus=["vs_1", "vs_2"])
        index.close()
    parameters = [(search["using"], search.get("params")) for body in bodies for search in body["searches"]]
    assert parameters == [("dense", None), ("keywords", corpus("vs_1")), ("dense", None), ("keywords", corpus("vs_1", "vs_2"))]


def corpus(*tenants: str) -> dict[str, Any]:
    """Return the parameters of a search whose word rarities are counted over the tenants."""
    return {"idf": {"corpus": {"should": [{"key": "vector_store_id", "match": {"value": tenant}} for tenant in tenants]}}}


@pytest.mark.parametrize(("version", "warnings"), [("1.18.2", 1), ("1.19.0", 0), ("2.0.0-dev", 0)])
def test_a_server_that_counts_words_over_all_stores_is_reported_once(version: str, warnings: int, monkeypatch: pytest.MonkeyPatch) -> None:
    logs: list[str] = []
    monkeypatch.setattr(server.log, "warning", lambda event, **_: logs.append(event), raising=False)

    async def collections(_: Request) -> JSONResponse:
        return JSONResponse({"result": {"collections": []}, "status": "ok", "time": 0.0})

    async def root(_: Request) -> JSONResponse:
        return JSONResponse({"title": "qdrant", "version": version, "commit": ""})

    with serving(Starlette(routes=[Route("/collections", collections), Route("/", root)])) as url:
        index = ServerIndex(url)
        index.check()
        index.check()
        index.close()
    assert len([event for event in logs if "too old to count word rarities" in event]) == warnings
