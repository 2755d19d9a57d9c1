"""`/v1/files`, `/v1/vector_stores`, `/v1/chunks`, `/v1/embeddings`, `/v1/rerank` and its aliases: retrieval's resources, passed through.

They are described in retrieval's own OpenAPI document.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.generation.dependencies import PartsDep, ProjectDep
from services.generation.http.forward import forward
from services.generation.http.relay import Relay

RESOURCES = ("/v1/files", "/v1/vector_stores", "/v1/chunks", "/v1/embeddings", "/v1/rerank", "/v2/rerank", "/rerank")
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

router = APIRouter(include_in_schema=False)


async def pass_through(request: Request, _: ProjectDep, parts: PartsDep) -> Response:
    """Check who is calling, then pass the call through."""
    return Relay(await forward(request, parts.retrieval))


for resource in RESOURCES:
    router.add_api_route(resource, pass_through, methods=METHODS, response_class=Response)
    router.add_api_route(resource + "/{rest:path}", pass_through, methods=METHODS, response_class=Response)
