"""A fake of the retrieval service: it behaves like it as far as the front door uses it, and records what it received."""

import asyncio
import re
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from services.retrieval.contracts.chunking import AutoStrategy
from services.retrieval.contracts.vector_stores import FileCounts, VectorStore
from shared.contracts.search import OPENAI_RANKERS, ChunkLocation, SearchHit, TextContent
from shared.ids import new_id
from tests.fake_engine import error_response


def make_hit(text: str, score: float, *, file: str = "file-a", store: str = "vs_a", position: int = 0, **place: Any) -> SearchHit:
    """Return a search hit."""
    chunk = ChunkLocation(position=position, start=position * 100, end=position * 100 + len(text), **place)
    content = [TextContent(text=text)]
    return SearchHit(file_id=file, filename=f"{file}.md", score=score, content=content, chunk=chunk, vector_store_id=store)


@dataclass
class FakeRetrieval:
    """The retrieval service: files and vector stores by project, and searches that return what the stores contain.

    `projects` maps an Authorization header to a project; callers that are not in it belong to `default`. With `hangs`, lists of files are
    never returned. With `broken`, searches and holds fail. With `stalls`, contents stop after the first piece until it is false again.
    Without `returns_embeddings`, embeddings are empty.
    """

    projects: dict[str, str] = field(default_factory=dict)
    files: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    stores: dict[tuple[str, str], list[SearchHit]] = field(default_factory=dict)
    holds: dict[str, dict[str, int]] = field(default_factory=dict)  # seconds by file and holder
    searches: list[dict[str, Any]] = field(default_factory=list)
    request_headers: list[dict[str, str]] = field(default_factory=list)
    received_bytes: int = 0
    hangs: bool = False
    broken: bool = False
    stalls: bool = False
    returns_embeddings: bool = True
    ready: bool = True
    started: threading.Event = field(default_factory=threading.Event)
    disconnected: threading.Event = field(default_factory=threading.Event)

    def app(self) -> Starlette:
        """Return the server."""
        return Starlette(
            routes=[
                Route("/health/ready", self._health),
                Route("/v1/files", self._upload, methods=["POST"]),
                Route("/v1/files", self._list),
                Route("/v1/files/{id}", self._file),
                Route("/v1/files/{id}", self._delete, methods=["DELETE"]),
                Route("/v1/files/{id}/content", self._content),
                Route("/v1/files/{id}/holds/{holder}", self._hold, methods=["PUT", "DELETE"]),
                Route("/v1/vector_stores/{id}", self._store),
                Route("/v1/vector_stores/{id}/search", self._search, methods=["POST"]),
                *(Route(path, self._embed, methods=["POST"]) for path in ("/v1/embeddings", "/v1/rerank", "/v2/rerank", "/rerank")),
                Route("/v1/chunks/preview", self._embed, methods=["POST"]),
            ]
        )

    def reset(self) -> None:
        """Restore the initial state."""
        self.__init__()  # type: ignore[misc]

    def add_file(self, content: bytes, purpose: str = "fine-tune", project: str = "default", name: str = "data.jsonl") -> str:
        """Add a file and return its id."""
        file_id = new_id("file-")
        about = {"id": file_id, "object": "file", "bytes": len(content), "created_at": 1, "filename": name, "purpose": purpose}
        self.files[project, file_id] = {**about, "status": "processed", "sha256": "0" * 64}
        self.contents[file_id] = content
        return file_id

    def add_store(self, hits: list[SearchHit], project: str = "default", id: str = "vs_a") -> str:
        """Add a vector store and return its id."""
        self.stores[project, id] = hits
        return id

    def _project(self, request: Request) -> str:
        self.request_headers.append(dict(request.headers))
        named = self.projects.get(request.headers.get("authorization", ""), "default")
        return request.headers.get("x-tandem-project", named)

    async def _health(self, _: Request) -> Response:
        return JSONResponse({"status": "ready" if self.ready else "not_ready"}, 200 if self.ready else 503)

    async def _upload(self, request: Request) -> Response:
        project, body = self._project(request), bytearray()
        self.started.set()
        try:
            async for chunk in request.stream():
                body += chunk
                self.received_bytes = len(body)
        except Exception:
            self.disconnected.set()
            raise
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            _, name, purpose, content = _parse_form(bytes(body))
            return JSONResponse(self.files[project, self.add_file(content, purpose, project, name)])
        return JSONResponse({"bytes": len(body)})

    async def _list(self, request: Request) -> Response:
        project = self._project(request)
        while self.hangs:
            self.started.set()
            if (await request.receive())["type"] == "http.disconnect":
                self.disconnected.set()
                return Response()
        data = [about for (owner, _), about in self.files.items() if owner == project]
        return JSONResponse({"object": "list", "data": data, "has_more": False, "query": request.url.query})

    async def _file(self, request: Request) -> Response:
        about = self.files.get((self._project(request), request.path_params["id"]))
        return JSONResponse(about) if about else _missing("file")

    async def _delete(self, request: Request) -> Response:
        file_id = request.path_params["id"]
        if holder := next(iter(self.holds.get(file_id, {})), None):
            return error_response(409, "invalid_request_error", f"The file '{file_id}' is used by '{holder}'.", "file_id")
        if self.files.pop((self._project(request), file_id), None) is None:
            return _missing("file")
        return JSONResponse({"id": file_id, "object": "file", "deleted": True})

    async def _hold(self, request: Request) -> Response:
        file_id, holder = request.path_params["id"], request.path_params["holder"]
        if self.broken:
            return Response("broken", 500)
        if (self._project(request), file_id) not in self.files:
            return _missing("file")
        if request.method == "PUT":
            self.holds.setdefault(file_id, {})[holder] = int(request.query_params["seconds"])
        else:
            self.holds.get(file_id, {}).pop(holder, None)
        return Response(status_code=204)

    async def _content(self, request: Request) -> Response:
        file_id = request.path_params["id"]
        if (self._project(request), file_id) not in self.files:
            return _missing("file")
        content = self.contents[file_id]

        async def pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(content), 1000):
                yield content[start : start + 1000]
                self.started.set()
                while self.stalls:
                    await asyncio.sleep(0.01)

        headers = {"content-disposition": f'attachment; filename="{file_id}"'}
        return StreamingResponse(pieces(), media_type="application/octet-stream", headers=headers)

    async def _store(self, request: Request) -> Response:
        store_id = request.path_params["id"]
        if (self._project(request), store_id) not in self.stores:
            return _missing("vector store")
        fields = {"id": store_id, "created_at": 1, "name": "", "status": "completed", "usage_bytes": 0, "last_active_at": 1}
        about = VectorStore(**fields, file_counts=FileCounts(), embedding_model="words", chunking_strategy=AutoStrategy())
        return JSONResponse(about.model_dump(mode="json"))

    async def _search(self, request: Request) -> Response:
        search = await request.json()
        self.searches.append(search)
        if self.broken:
            return Response("broken", 500)
        hits = self.stores.get((self._project(request), request.path_params["id"]))
        if hits is None:
            return _missing("vector store")
        if search["ranking_options"]["ranker"] not in OPENAI_RANKERS:
            return error_response(
                400, "invalid_request_error", "'ranking_options.ranker' must be 'none' or 'auto'.", "ranking_options.ranker"
            )
        passing = [hit.model_dump() for hit in hits if hit.score >= search["ranking_options"]["score_threshold"]]
        page = {
            "object": "vector_store.search_results.page",
            "search_query": query if isinstance(query := search["query"], list) else [query],
            "has_more": False,
            "next_page": None,
        }
        return JSONResponse({**page, "data": passing[: search["max_num_results"]]})

    async def _embed(self, request: Request) -> Response:
        self._project(request)
        body = await request.json()
        texts = body.get("input") if self.returns_embeddings else []
        data = [{"object": "embedding", "index": index, "embedding": embed_words(text)} for index, text in enumerate(texts or [])]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        return JSONResponse({"object": "list", "data": data, "model": body.get("model"), "usage": usage, "echo": body})


def embed_words(text: str, width: int = 256) -> list[float]:
    """Return a vector of length 1 with a component for every word."""
    parts = [0.0] * width
    for word in re.findall(r"\w+", text.lower()):
        parts[crc32(word.encode()) % width] += 1
    length = sum(part * part for part in parts) ** 0.5 or 1.0
    return [part / length for part in parts]


def _missing(kind: str) -> Response:
    message = {"message": f"There is no such {kind}.", "type": "invalid_request_error", "param": None, "code": "not_found"}
    return JSONResponse({"error": message}, 404)


def _parse_form(body: bytes) -> tuple[bytes, str, str, bytes]:
    """Return boundary, filename, purpose and content of an upload as the `openai` SDK writes it."""
    boundary = body.split(b"\r\n", 1)[0]
    name, purpose, content = "", "", b""
    for part in body.split(boundary)[1:-1]:
        head, _, value = part.removeprefix(b"\r\n").removesuffix(b"\r\n").partition(b"\r\n\r\n")
        if b'filename="' in head:
            name, content = re.findall(rb'filename="([^"]*)"', head)[0].decode(), value
        elif b'name="purpose"' in head:
            purpose = value.decode()
    return boundary, name, purpose, content
