"""A front door that behaves: keeps files, knows keys, answers as four arms would, and refuses when told to. Served on a real port."""

import asyncio
import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse

from shared.errors import AuthenticationFailed, NotFound, TandemError, Unavailable
from tests.fakes import serving


@dataclass
class Door:
    """What the front door knows and saw. `refuse` counts refusals still to come;
    after `stuck_after` answers, every call hangs until its caller goes away."""

    answers: dict[str, str] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str, bool]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    worker_key: str | None = None
    refuse: int = 0
    stuck_after: int | None = None
    cancelled: int = 0
    url: str = ""

    def put(self, filename: str, content: bytes, purpose: str) -> dict[str, Any]:
        """Keep a file; return its object."""
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

    def answer(self, question: str, model: str, *, documents: bool) -> str:
        """Answer as the arm would: documents bring the fact, fine-tuning brings the style."""
        fact = self.answers[question] if documents else "nobody knows"
        return fact if model.startswith("ft:") else f"Well, that is a long story, but in the end it is {fact}, I should think."


def create_app(door: Door) -> FastAPI:
    """Return the application around what `door` knows."""

    def check(request: Request) -> None:
        door.headers.append(dict(request.headers))
        if door.worker_key and request.headers.get("authorization") != f"Bearer {door.worker_key}":
            raise AuthenticationFailed("This API key is not known.")

    app = FastAPI(dependencies=[Depends(check)], exception_handlers={TandemError: _render})
    app.post("/v1/chat/completions")(partial(_complete, door))
    _add_files(app, door)
    return app


def _add_files(app: FastAPI, door: Door) -> None:
    @app.get("/v1/files/{file_id}/content")
    def content(file_id: str) -> Response:
        if file_id not in door.files:
            raise NotFound(f"There is no file '{file_id}'.")
        return Response(door.files[file_id]["content"])

    @app.get("/v1/files")
    def files(purpose: str) -> dict[str, Any]:
        shown = [{**file, "content": None} for file in door.files.values() if file["purpose"] == purpose]
        return {"object": "list", "data": shown[::-1]}

    @app.post("/v1/files")
    async def upload(request: Request) -> dict[str, Any]:
        async with request.form() as form:
            file, purpose = form["file"], form["purpose"]
            assert not isinstance(file, str)
            return {**door.put(file.filename or "", await file.read(), str(purpose)), "content": None}


async def _complete(door: Door, request: Request) -> Any:
    """Answer; free of charge where only one token is wanted, as when an arm is warmed up."""
    body = await request.json()
    question, documents = body["messages"][-1]["content"], "retrieval" in body
    if body["max_tokens"] > 1:
        if door.refuse:
            door.refuse -= 1
            raise Unavailable("The engine is starting.")
        door.asked.append((question, body["model"], documents))
        if door.stuck_after is not None and len(door.asked) > door.stuck_after:
            while not await request.is_disconnected():
                await asyncio.sleep(0.01)
            door.cancelled += 1
    text = door.answer(question, body["model"], documents=documents)
    citation = {"index": 1, "file_id": "file-d", "filename": "story.md", "vector_store_id": "vs_1", "score": 0.9, "text": text, "chunk": {}}
    return {
        "choices": [{"message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": 500 if documents else 20, "completion_tokens": len(text.split())},
        **({"citations": [citation]} if documents else {}),
    }


async def _render(_: Request, error: Any) -> Response:
    return JSONResponse(error.envelope(), error.status)


@contextmanager
def open_door(door: Door) -> Iterator[Door]:
    """Serve `door` on a free port of this machine; its `url` says where."""
    with serving(create_app(door)) as door.url:
        yield door
