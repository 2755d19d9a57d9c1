"""An app with one route for each thing that the web layer does."""

import itertools
from collections.abc import Callable
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry
from pydantic import BaseModel, Field

from shared import log
from shared.errors import NotFound, TooManyRequests
from shared.records.projects import hash_key
from shared.settings import CommonSettings
from shared.web.auth import Authenticator
from shared.web.install import install
from shared.web.json_route import JsonRoute

Build = Callable[..., TestClient]
KEY = {"Authorization": "Bearer good"}


class Body(BaseModel):
    size: int = Field(ge=1, le=9)


def build_client(checks: dict[str, Callable[[], None]] | None = None, settings: dict[str, Any] | None = None, **options: Any) -> TestClient:
    app = FastAPI(strict_content_type=False)
    app.state.authenticator = Authenticator({hash_key("good"): "default"}, None, enabled=True)
    install(app, CollectorRegistry(), checks or {}, CommonSettings(**settings or {}), **options)
    router = APIRouter(route_class=JsonRoute)

    @app.get("/missing")
    def missing() -> None:
        raise NotFound("There is no such file.", param="file_id")

    @app.get("/busy")
    def busy() -> None:
        raise TooManyRequests("The queue is full.", retry_after=7)

    @app.get("/bug")
    def bug() -> None:
        raise RuntimeError("secret detail")

    @app.post("/v1/files")
    async def upload(request: Request) -> int:
        return len(await request.body())

    @router.post("/sized")
    @router.post("/v1/sized")
    def sized(body: Body) -> Body:
        return body

    app.include_router(router)
    add_methods(app)

    @app.get("/listed")
    def listed(limit: Annotated[int, Query(ge=1, le=100)] = 20) -> int:
        return limit

    @app.get("/bound")
    def bound() -> str | None:
        return log.request_id()

    return TestClient(app, raise_server_exceptions=False)


def add_methods(app: FastAPI) -> None:
    @app.get("/both")
    @app.delete("/both")
    def both() -> None: ...

    @app.put("/both")
    def put_both() -> None: ...

    @app.get("/streamed")
    def streamed() -> StreamingResponse:
        return StreamingResponse(itertools.repeat(b"endless"), headers={"X-Kind": "stream"})


@pytest.fixture
def build() -> Build:
    """Return what builds a client of such an app."""
    return build_client


@pytest.fixture
def client() -> TestClient:
    return build_client()
