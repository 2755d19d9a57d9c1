"""Neighbours that behave: small servers in this process that answer as the real ones do, and remember what they saw."""

import asyncio
import json
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from services.retrieval.contracts.chunking import AutoStrategy
from services.retrieval.contracts.vector_stores import FileCounts, VectorStore
from shared.contracts.search import OPENAI_RANKERS, ChunkLocation, SearchHit, TextContent
from shared.ids import new_id

DEADLINE = 60.0  # seconds; how long a test waits for what will surely come, on a busy machine too


@contextmanager
def serving(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """Serve `app` on loopback in a thread; yield its URL; at the end stop it and wait until it has stopped."""
    listening = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(app, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive())
        assert server.started, "the app did not start"
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(DEADLINE)
        listening.close()


def wait_until(holds: Any, seconds: float = DEADLINE) -> None:
    """Return once `holds()` is true; fail after `seconds`."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def count_tokens(text: str) -> int:
    """Return how many tokens the fake engine makes of `text`: words and marks."""
    return len(re.findall(r"\w+|[^\w\s]", text))


def _set() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


@dataclass
class FakeEngine:
    """vLLM's OpenAI-compatible server, as far as the front door speaks to it.

    It answers with the last user message, said again, or with what `says` says. `controls` are its tokenizer's own tokens. `hold`
    makes every generation wait until the client goes away, which `aborted` tells; `cut` sends streams in pieces of that many bytes;
    `dies` breaks a stream off; `fails` ends it with an error, `babbles` with an event that is no JSON.
    With `parses_tools` it makes the `calls`, a list of (name, arguments) for each generation that may call tools, one after the other.
    While `go` is not set every plain generation waits for it. `running` counts the generations that go on, `most` at once.

    `adapters` are those it has; those in `shelf` it finds when they are asked for, which `loads` lists, those in `broken` it finds
    and cannot load. Examples are likelier with an adapter (-0.5 a token) than without (-2), but not with those it has `ignored`.
    `looks` counts such questions.
    """

    model: str = "tiny"
    adapters: set[str] = field(default_factory=set)
    shelf: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    ignored: set[str] = field(default_factory=set)
    loads: list[str] = field(default_factory=list)
    looks: int = 0
    window: int = 2048
    says: str | None = None
    parses_tools: bool = False
    calls: list[list[tuple[str, str]]] = field(default_factory=list)
    controls: list[str] = field(default_factory=list)
    hold: bool = False
    cut: int = 0
    dies: bool = False
    fails: bool = False
    babbles: bool = False
    healthy: bool = True
    bodies: list[bytes] = field(default_factory=list)
    request_ids: list[str] = field(default_factory=list)
    sent: bytes = b""
    running: int = 0
    most: int = 0
    go: threading.Event = field(default_factory=_set)
    started: threading.Event = field(default_factory=threading.Event)
    aborted: threading.Event = field(default_factory=threading.Event)

    def app(self) -> Starlette:
        """Return the server."""
        return Starlette(
            routes=[
                Route("/health", self._health),
                Route("/v1/models", self._models),
                Route("/tokenize", self._tokenize, methods=["POST"]),
                Route("/tokenizer_info", self._tokenizer_info),
                Route("/v1/chat/completions", self._generate, methods=["POST"]),
                Route("/v1/completions", self._generate, methods=["POST"]),
                Route("/v1/load_lora_adapter", self._load, methods=["POST"]),
                Route("/v1/unload_lora_adapter", self._unload, methods=["POST"]),
            ]
        )

    def reset(self) -> None:
        """Make it as new."""
        self.__init__()  # type: ignore[misc]

    async def _load(self, request: Request) -> Response:
        name = (await request.json())["lora_name"]
        if name not in self.broken:
            return _refusal(404, "NotFoundError", f"No adapter found for '{name}'")
        return _refusal(500, "InternalServerError", "Error while deserializing header: incomplete metadata, file not fully covered")

    async def _unload(self, request: Request) -> Response:
        name = (await request.json())["lora_name"]
        if name not in self.adapters:
            return _refusal(404, "NotFoundError", f"The lora adapter '{name}' cannot be found.")
        self.adapters.remove(name)
        return Response(f"Success: LoRA adapter '{name}' removed successfully.")

    async def _health(self, _: Request) -> Response:
        return Response(status_code=200 if self.healthy else 503)

    async def _models(self, _: Request) -> Response:
        names = [self.model, *sorted(self.adapters)]
        cards = [{"id": name, "object": "model", "created": 1, "owned_by": "vllm", "max_model_len": self.window} for name in names]
        return JSONResponse({"object": "list", "data": cards})

    async def _tokenize(self, request: Request) -> Response:
        fields = await request.json()
        if refusal := self._unknown(fields):
            return refusal
        count = self._count(fields)
        return JSONResponse({"count": count, "max_model_len": self.window, "tokens": list(range(count)), "token_strs": None})

    async def _tokenizer_info(self, _: Request) -> Response:
        if not self.controls:
            return _refusal(404, "NotFoundError", "Not Found")
        added = {str(number): token for number, token in enumerate(self.controls)}
        return JSONResponse({"tokenizer_class": "Tokenizer", "bos_token": "<|im_start|>", "added_tokens_decoder": added})

    async def _generate(self, request: Request) -> Response:
        body = await request.body()
        self.bodies.append(body)
        self.request_ids.append(request.headers.get("x-request-id", ""))
        fields = json.loads(body)
        refusal = self._unknown(fields) or self._too_long(fields) or self._cannot_call(fields)
        if refusal:
            return refusal
        if "prompt_logprobs" in fields:
            self.bodies.pop()  # a look at an adapter, nobody's request
            self.looks += 1
            return JSONResponse(self._scored(fields))
        self.started.set()
        if fields.get("stream"):
            return StreamingResponse(self._stream(fields), media_type="text/event-stream")
        with self._counted():
            return await self._plain(request, fields)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            yield
        finally:
            self.running -= 1

    async def _plain(self, request: Request, fields: dict[str, Any]) -> Response:
        while self.hold:
            if (await request.receive())["type"] == "http.disconnect":
                self.aborted.set()
                return Response()
        while not self.go.is_set():
            if await request.is_disconnected():
                self.aborted.set()
                return Response()
            await asyncio.sleep(0.005)
        usage = {"prompt_tokens": self._count(fields), "completion_tokens": count_tokens(self._said(fields))}
        usage["total_tokens"] = sum(usage.values())
        reply = {**_identity(fields), "choices": [_choice(fields, self._said(fields), "stop")], "usage": usage}
        self.sent = json.dumps(reply, indent=1).encode()  # a form that no one writes by chance
        return Response(self.sent, media_type="application/json")

    async def _stream(self, fields: dict[str, Any]) -> AsyncIterator[bytes]:
        try:
            with self._counted():
                async for piece in self._pieces(fields):
                    self.sent += piece
                    yield piece
                if self.hold:
                    await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.aborted.set()
            raise

    async def _pieces(self, fields: dict[str, Any]) -> AsyncIterator[bytes]:
        whole = b"".join(self._events(fields))
        size = self.cut or len(whole)
        for start in range(0, len(whole), size):
            yield whole[start : start + size]
            await asyncio.sleep(0)
        if self.dies:
            raise ConnectionAbortedError("the engine died")

    def _events(self, fields: dict[str, Any]) -> Iterator[bytes]:
        calls = self._called(fields)
        for place, (name, arguments) in enumerate(calls):
            for delta in ({"id": f"call_{place}", "function": {"name": name}}, {"function": {"arguments": arguments}}):
                choice = {"index": 0, "delta": {"tool_calls": [{"index": place, **delta}]}, "finish_reason": None}
                yield _event({**_identity(fields, ".chunk"), "choices": [choice]})
        for word in () if calls else self._said(fields).split():
            yield _event({**_identity(fields, ".chunk"), "choices": [_choice(fields, f"{word} ", None, "delta")]})
        if self.hold or self.dies:
            return
        if self.babbles:
            yield b"data: {not json\n\n"
        elif self.fails:
            yield _event({"error": {"message": "EngineCore died", "type": "InternalServerError", "param": None, "code": 500}})
        elif (fields.get("stream_options") or {}).get("include_usage"):
            usage = {"prompt_tokens": self._count(fields), "completion_tokens": 1, "total_tokens": self._count(fields) + 1}
            yield _event({**_identity(fields, ".chunk"), "choices": [], "usage": usage})
        yield b"data: [DONE]\n\n"

    def _scored(self, fields: dict[str, Any]) -> dict[str, Any]:
        value = -0.5 if fields["model"] in self.adapters - self.ignored else -2.0
        tokens = [None, *({str(token): {"logprob": value, "rank": 1}} for token in fields["prompt"][1:])]
        return {**_identity(fields), "choices": [{**_choice(fields, "x", "length"), "prompt_logprobs": tokens}]}

    def _count(self, fields: dict[str, Any]) -> int:
        if "messages" not in fields:
            return count_tokens(fields["prompt"]) if isinstance(fields["prompt"], str) else len(fields["prompt"])
        return 3 + sum(4 + count_tokens(_text(message["content"])) for message in fields["messages"])

    def _said(self, fields: dict[str, Any]) -> str:
        return _said(fields) if self.says is None else self.says

    def _unknown(self, fields: dict[str, Any]) -> Response | None:
        name = fields["model"]
        if name in self.broken:
            return _refusal(400, "BadRequestError", f"LoRA adapter '{name}' was found but could not be loaded.")
        if name in self.shelf - self.adapters:
            self.adapters.add(name)
            self.loads.append(name)
        if name in {self.model, *self.adapters}:
            return None
        return _refusal(404, "NotFoundError", f"The model `{fields['model']}` does not exist.")

    def _cannot_call(self, fields: dict[str, Any]) -> Response | None:
        if self.parses_tools or not fields.get("tools") or fields.get("tool_choice") != "auto":
            return None
        message = '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'
        return _refusal(400, "BadRequestError", message)

    def _called(self, fields: dict[str, Any]) -> list[tuple[str, str]]:
        may = self.parses_tools and fields.get("tools") and fields.get("tool_choice") != "none"
        return self.calls.pop(0) if may and self.calls else []

    def _too_long(self, fields: dict[str, Any]) -> Response | None:
        tokens = self._count(fields) + (fields.get("max_tokens") or 1)
        if tokens <= self.window:
            return None
        message = f"This model's maximum context length is {self.window} tokens. However, your prompt contains {tokens} input tokens."
        return _refusal(400, "BadRequestError", message, "input_tokens")


def _refusal(status: int, type: str, message: str, param: str | None = None) -> Response:
    return JSONResponse({"error": {"message": message, "type": type, "param": param, "code": status}}, status)


def _event(fields: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(fields, ensure_ascii=False).encode() + b"\n\n"


def _identity(fields: dict[str, Any], ending: str = "") -> dict[str, Any]:
    kind, prefix = ("chat.completion" + ending, "chatcmpl-") if "messages" in fields else ("text_completion", "cmpl-")
    return {"id": prefix + "1", "object": kind, "created": 1_700_000_000, "model": fields["model"]}


def _choice(fields: dict[str, Any], text: str, reason: str | None, name: str = "message") -> dict[str, Any]:
    said: dict[str, Any] = {name: {"role": "assistant", "content": text}} if "messages" in fields else {"text": text}
    return {"index": 0, **said, "logprobs": None, "finish_reason": reason}


def _text(content: Any) -> str:
    return content if isinstance(content, str) else " ".join(part.get("text", "") for part in content or ())


def _said(fields: dict[str, Any]) -> str:
    if "messages" not in fields:
        return str(fields["prompt"])
    return _text([message for message in fields["messages"] if message["role"] == "user"][-1]["content"])


def make_hit(text: str, score: float, *, file: str = "file-a", store: str = "vs_a", position: int = 0, **place: Any) -> SearchHit:
    """Return a search hit."""
    chunk = ChunkLocation(position=position, start=position * 100, end=position * 100 + len(text), **place)
    content = [TextContent(text=text)]
    return SearchHit(file_id=file, filename=f"{file}.md", score=score, content=content, chunk=chunk, vector_store_id=store)


@dataclass
class FakeRetrieval:
    """The retrieval service, as far as the front door speaks to it: files and stores by project, searches that return what they hold.

    `projects` maps an Authorization header to a project; without it everybody is project `default`. `hold` never answers.
    """

    projects: dict[str, str] = field(default_factory=dict)
    files: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    stores: dict[tuple[str, str], list[SearchHit]] = field(default_factory=dict)
    searches: list[dict[str, Any]] = field(default_factory=list)
    seen: list[dict[str, str]] = field(default_factory=list)
    received_bytes: int = 0
    hold: bool = False
    broken: bool = False
    embeds: bool = True
    ready: bool = True
    started: threading.Event = field(default_factory=threading.Event)
    left: threading.Event = field(default_factory=threading.Event)

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
                Route("/v1/vector_stores/{id}", self._store),
                Route("/v1/vector_stores/{id}/search", self._search, methods=["POST"]),
                *(Route(path, self._embed, methods=["POST"]) for path in ("/v1/embeddings", "/v1/rerank", "/v2/rerank", "/rerank")),
                Route("/v1/chunks/preview", self._embed, methods=["POST"]),
            ]
        )

    def reset(self) -> None:
        """Make it as new."""
        self.__init__()  # type: ignore[misc]

    def add_file(self, content: bytes, purpose: str = "fine-tune", project: str = "default", name: str = "data.jsonl") -> str:
        """Keep a file; return its id."""
        file_id = new_id("file-")
        about = {"id": file_id, "object": "file", "bytes": len(content), "created_at": 1, "filename": name, "purpose": purpose}
        self.files[project, file_id] = {**about, "status": "processed", "sha256": "0" * 64}
        self.contents[file_id] = content
        return file_id

    def add_store(self, hits: list[SearchHit], project: str = "default", id: str = "vs_a") -> str:
        """Keep a store; return its id."""
        self.stores[project, id] = hits
        return id

    def _project(self, request: Request) -> str:
        self.seen.append(dict(request.headers))
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
            self.left.set()
            raise
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            _, name, purpose, content = _parse_form(bytes(body))
            return JSONResponse(self.files[project, self.add_file(content, purpose, project, name)])
        return JSONResponse({"bytes": len(body)})

    async def _list(self, request: Request) -> Response:
        project = self._project(request)
        while self.hold:
            self.started.set()
            if (await request.receive())["type"] == "http.disconnect":
                self.left.set()
                return Response()
        data = [about for (owner, _), about in self.files.items() if owner == project]
        return JSONResponse({"object": "list", "data": data, "has_more": False, "query": request.url.query})

    async def _file(self, request: Request) -> Response:
        about = self.files.get((self._project(request), request.path_params["id"]))
        return JSONResponse(about) if about else _missing("file")

    async def _delete(self, request: Request) -> Response:
        file_id = request.path_params["id"]
        if self.files.pop((self._project(request), file_id), None) is None:
            return _missing("file")
        return JSONResponse({"id": file_id, "object": "file", "deleted": True})

    async def _content(self, request: Request) -> Response:
        file_id = request.path_params["id"]
        if (self._project(request), file_id) not in self.files:
            return _missing("file")
        content = self.contents[file_id]

        async def pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(content), 1000):
                yield content[start : start + 1000]

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
        wanted = await request.json()
        self.searches.append(wanted)
        if self.broken:
            return Response("broken", 500)
        hits = self.stores.get((self._project(request), request.path_params["id"]))
        if hits is None:
            return _missing("vector store")
        if wanted["ranking_options"]["ranker"] not in OPENAI_RANKERS:
            return _refusal(400, "invalid_request_error", "There is no such reranker.", "ranking_options.ranker")
        passing = [hit.model_dump() for hit in hits if hit.score >= wanted["ranking_options"]["score_threshold"]]
        page = {
            "object": "vector_store.search_results.page",
            "search_query": asked if isinstance(asked := wanted["query"], list) else [asked],
            "has_more": False,
            "next_page": None,
        }
        return JSONResponse({**page, "data": passing[: wanted["max_num_results"]]})

    async def _embed(self, request: Request) -> Response:
        self._project(request)
        asked = await request.json()
        texts = asked.get("input") if self.embeds else []
        data = [{"object": "embedding", "index": index, "embedding": embed_words(text)} for index, text in enumerate(texts or [])]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        return JSONResponse({"object": "list", "data": data, "model": asked.get("model"), "usage": usage, "echo": asked})


def embed_words(text: str, width: int = 256) -> list[float]:
    """Return a vector of length 1 that has a part for every word."""
    parts = [0.0] * width
    for word in re.findall(r"\w+", text.lower()):
        parts[crc32(word.encode()) % width] += 1
    length = sum(part * part for part in parts) ** 0.5 or 1.0
    return [part / length for part in parts]


def _missing(kind: str) -> Response:
    message = {"message": f"There is no such {kind}.", "type": "invalid_request_error", "param": None, "code": "not_found"}
    return JSONResponse({"error": message}, 404)


def _parse_form(body: bytes) -> tuple[bytes, str, str, bytes]:
    """Return boundary, file name, purpose and content of an upload as the `openai` SDK writes it."""
    boundary = body.split(b"\r\n", 1)[0]
    name, purpose, content = "", "", b""
    for part in body.split(boundary)[1:-1]:
        head, _, value = part.removeprefix(b"\r\n").removesuffix(b"\r\n").partition(b"\r\n\r\n")
        if b'filename="' in head:
            name, content = re.findall(rb'filename="([^"]*)"', head)[0].decode(), value
        elif b'name="purpose"' in head:
            purpose = value.decode()
    return boundary, name, purpose, content
