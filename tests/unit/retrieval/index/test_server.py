from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from services.retrieval.index.points import Query, SparseVector
from services.retrieval.index.server import ServerIndex
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
