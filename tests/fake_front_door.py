"""A front door that behaves: it stores files, checks keys, answers as four arms would, and fails on request. Served on a real port."""

import asyncio
import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse

from shared.errors import AuthenticationFailed, NotFound, TandemError, Unavailable
from tests.serving import serving


class ChatRequest(NamedTuple):
    """A request for an answer."""

    question: str
    model: str
    has_documents: bool


@dataclass
class FrontDoor:
    """What the front door knows and what it received. `indexing_seconds` are those of the vector stores, by id.

    The next `num_failures` requests for an answer fail for the moment. After `hang_after` answers, every request hangs until its
    caller goes away; `cancelled` counts those.
    """

    answers: dict[str, str] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    indexing_seconds: dict[str, float | None] = field(default_factory=dict)
    requests: list[ChatRequest] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    worker_key: str | None = None
    num_failures: int = 0
    hang_after: int | None = None
    cancelled: int = 0
    url: str = ""

    def add_file(self, filename: str, content: bytes, purpose: str) -> dict[str, Any]:
        """Store a file; return its object."""
        file = {
            "id": f"file-{len(self.files) + 1}",
            "object": "file",
            "bytes": len(content),
            "created_at": int(time.time()),
            "filename": filename,
            "purpose": purpose,
            "sha256": hashlib.sha256(content).hexdigest(),
            "content": content,
        }
        self.files[str(file["id"])] = file
        return file

    def answer(self, request: ChatRequest) -> str:
        """Answer as the arm would: documents bring the fact, fine-tuning brings the style."""
        fact = self.answers[request.question] if request.has_documents else "nobody knows"
        return fact if request.model.startswith("ft:") else f"Well, that is a long story, but in the end it is {fact}, I should think."


def create_app(front_door: FrontDoor) -> FastAPI:
    """Return the application that serves `front_door`."""

    def check_key(request: Request) -> None:
        front_door.headers.append(dict(request.headers))
        if front_door.worker_key and request.headers.get("authorization") != f"Bearer {front_door.worker_key}":
            raise AuthenticationFailed("This API key is not known.")

    app = FastAPI(dependencies=[Depends(check_key)], exception_handlers={TandemError: _render_error})
    app.post("/v1/chat/completions")(partial(_complete, front_door))
    _add_file_routes(app, front_door)
    _add_store_route(app, front_door)
    return app


def _add_file_routes(app: FastAPI, front_door: FrontDoor) -> None:
    @app.get("/v1/files/{file_id}/content")
    def read_content(file_id: str) -> Response:
        if file_id not in front_door.files:
            raise NotFound(f"There is no file '{file_id}'.")
        return Response(front_door.files[file_id]["content"])

    @app.get("/v1/files")
    def list_files(purpose: str) -> dict[str, Any]:
        files = [{**file, "content": None} for file in front_door.files.values() if file["purpose"] == purpose]
        return {"object": "list", "data": files[::-1]}

    @app.post("/v1/files")
    async def upload(request: Request) -> dict[str, Any]:
        async with request.form() as form:
            file, purpose = form["file"], form["purpose"]
            assert not isinstance(file, str)
            return {**front_door.add_file(file.filename or "", await file.read(), str(purpose)), "content": None}


def _add_store_route(app: FastAPI, front_door: FrontDoor) -> None:
    @app.get("/v1/vector_stores/{store_id}")
    def read_store(store_id: str) -> dict[str, Any]:
        if store_id not in front_door.indexing_seconds:
            raise NotFound(f"There is no vector store '{store_id}'.")
        return {"id": store_id, "object": "vector_store", "indexing_seconds": front_door.indexing_seconds[store_id]}


async def _complete(front_door: FrontDoor, request: Request) -> Any:
    """Answer a request. One for a single token warms an arm up; it is not counted and never fails."""
    body = await request.json()
    received = ChatRequest(body["messages"][-1]["content"], body["model"], "retrieval" in body)
    if body["max_tokens"] > 1:
        await _count(front_door, received, request)
    text = front_door.answer(received)
    citation = {"index": 1, "file_id": "file-d", "filename": "story.md", "vector_store_id": "vs_1", "score": 0.9, "text": text, "chunk": {}}
    trace = {"trace": {"hits": [citation], "timings_ms": {"search": 2.0, "generate": 10.0}}} if "trace" in body.get("include", []) else {}
    return {
        "choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 500 if received.has_documents else 20, "completion_tokens": len(text.split())},
        **({"citations": [citation], **trace} if received.has_documents else {}),
    }


async def _count(front_door: FrontDoor, received: ChatRequest, request: Request) -> None:
    if front_door.num_failures:
        front_door.num_failures -= 1
        raise Unavailable("The engine is starting.")
    front_door.requests.append(received)
    if front_door.hang_after is not None and len(front_door.requests) > front_door.hang_after:
        while not await request.is_disconnected():
            await asyncio.sleep(0.01)
        front_door.cancelled += 1


async def _render_error(_: Request, error: Any) -> Response:
    return JSONResponse(error.envelope(), error.status)


@contextmanager
def serve_front_door(front_door: FrontDoor) -> Iterator[FrontDoor]:
    """Serve `front_door` on a free port of this machine, which is in its `url`."""
    with serving(create_app(front_door)) as front_door.url:
        yield front_door
