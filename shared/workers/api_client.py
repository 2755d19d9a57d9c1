"""Tandem's own HTTP API, as a worker calls it on behalf of one project: files, chat completions, and any call with JSON.

The only HTTP client of the training and evaluation workers. It translates errors and retries nothing (see `retry`).
"""

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import httpx

from shared.errors import Conflict, NotFound, TooManyRequests, Unavailable
from shared.http.connect import HTTPX, open_async_client, worker_headers
from shared.http.errors import raise_for_error, translate_errors
from shared.http.keepalive import KEEPALIVE
from shared.validation.storable import make_storable

SERVICE = "The front door (TANDEM_API_URL)"
BLOCK_BYTES = 1024 * 1024
KEEPALIVE_SECONDS = 4.0  # servers close idle connections after 5 s


@dataclass(frozen=True)
class ChatCompletion:
    """A model's answer: its text, the tokens it cost, its calls of tools, and the citations as the API returned them.

    With a trace, `engine_seconds` is the time of the engine's call, and `retrieved` are the hits of the search, best first: `file_id`,
    `filename`, `score`, `text`, and `in_prompt`. A hit that did not fit into the prompt has an empty text.
    """

    text: str
    prompt_tokens: int
    completion_tokens: int
    citations: list[dict[str, Any]]
    finish_reason: str | None = None
    engine_seconds: float | None = None
    retrieved: list[dict[str, Any]] = field(default_factory=list)
    tool_calls: list[dict[str, Any]] = field(default_factory=list)


class ApiClient:
    """Calls the API over an open HTTP client that carries the worker's key and the project.

    Every method raises `Unavailable` or `DeadlineExceeded` if the service does not answer, and otherwise the error that the
    service returned, such as `NotFound`.
    """

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def read_file(self, file_id: str) -> bytes:
        """Return a file's content."""
        return (await self._send("GET", f"/v1/files/{file_id}/content")).content

    async def download_file(self, file_id: str, target: Path) -> None:
        """Write a file's content to `target`, which appears only once it is complete."""
        partial = target.with_suffix(".part")
        async with self._stream_file(file_id) as blocks:
            with partial.open("wb") as file:
                async for block in blocks:
                    file.write(block)
        partial.replace(target)

    async def copy_file(self, file_id: str, target: BinaryIO) -> None:
        """Replace the content of `target` by that of a file, without the whole of it in memory."""
        async with self._stream_file(file_id) as blocks:
            target.seek(0)
            target.truncate()
            async for block in blocks:
                target.write(block)

    @asynccontextmanager
    async def _stream_file(self, file_id: str) -> AsyncIterator[AsyncIterator[bytes]]:
        with translate_errors(SERVICE, HTTPX):
            async with self._client.stream("GET", f"/v1/files/{file_id}/content") as response:
                if not response.is_success:
                    await response.aread()
                raise_for_error(response, SERVICE)
                yield response.aiter_bytes()

    async def upload_file(self, filename: str, content: bytes, purpose: str) -> str:
        """Store a file and return its id, or the id of a file that has the same name, purpose and content."""
        return await self.upload_stream(filename, BytesIO(content), purpose)

    async def upload_stream(self, filename: str, content: BinaryIO, purpose: str) -> str:
        """Store a file as `upload_file` does, without its content in memory."""
        sha256 = _hash(content)
        files = await self._send("GET", "/v1/files", params={"purpose": purpose, "order": "desc", "limit": 100})
        for file in files.json()["data"]:
            if (file["filename"], file.get("sha256")) == (filename, sha256):
                return str(file["id"])
        content.seek(0)
        upload = await self._send("POST", "/v1/files", data={"purpose": purpose}, files={"file": (filename, content)})
        return str(upload.json()["id"])

    async def delete_namesakes(self, file_id: str | None, filename: str, purpose: str) -> None:
        """Delete the project's other files with this name and purpose, which a worker that died has left, as far as they can be deleted."""
        files = await self._send("GET", "/v1/files", params={"purpose": purpose, "order": "desc", "limit": 100})
        for file in files.json()["data"]:
            if file["filename"] == filename and file["id"] != file_id:
                with suppress(NotFound, Conflict):  # it is deleted already, or used by a job
                    await self._send("DELETE", f"/v1/files/{file['id']}")

    async def complete_chat(self, request: dict[str, Any]) -> ChatCompletion:
        """Return the answer to the body of a chat completion request.

        Raises:
            Unavailable: also if the response is not a chat completion.
        """
        response = await self._send("POST", "/v1/chat/completions", json=request)
        try:
            return _parse_completion(response.json())
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise Unavailable(f"{SERVICE} returned something that is not a chat completion.") from error

    async def call(self, method: str, path: str, *, body: Any = None, params: Mapping[str, Any] | None = None) -> Any:
        """Send a request with JSON, and return the JSON of the response.

        Raises:
            Unavailable: also if the response is not JSON.
        """
        response = await self._send(method, path, params=params, **({} if body is None else {"json": body}))
        try:
            return response.json()
        except ValueError as error:
            raise Unavailable(f"{SERVICE} returned something that is not JSON.") from error

    async def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        with translate_errors(SERVICE, HTTPX):
            response = await self._client.request(method, path, **options)
        try:
            raise_for_error(response, SERVICE)
        except TooManyRequests as error:
            seconds = _read_retry_after(response)
            raise TooManyRequests(error.message, param=error.param, code=error.code, retry_after=seconds) from None
        return response


@asynccontextmanager
async def open_api_client(url: str, key: str | None, project: str, timeout_seconds: float) -> AsyncIterator[ApiClient]:
    """Open a client that acts for `project`; `timeout_seconds` limits each wait for bytes of a response."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=KEEPALIVE_SECONDS)
    headers = worker_headers(key, project)
    transport = httpx.AsyncHTTPTransport(limits=limits, socket_options=KEEPALIVE)
    async with open_async_client(url, timeout_seconds=timeout_seconds, headers=headers, transport=transport) as client:
        yield ApiClient(client)


def _parse_completion(body: dict[str, Any]) -> ChatCompletion:
    usage, choice, citations = body["usage"], body["choices"][0], list(body.get("citations") or [])
    trace = body.get("trace") or {}
    milliseconds = (trace.get("timings_ms") or {}).get("generate")
    return ChatCompletion(
        text=make_storable(choice["message"].get("content") or ""),
        prompt_tokens=int(usage["prompt_tokens"]),
        completion_tokens=int(usage["completion_tokens"]),
        citations=citations,
        finish_reason=choice.get("finish_reason"),
        engine_seconds=None if milliseconds is None else milliseconds / 1000,
        retrieved=list_hits(body),
        tool_calls=list(choice["message"].get("tool_calls") or []),
    )


def list_hits(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the hits in the trace of a chat completion with their texts, which only the passages in the prompt have.

    Each has `file_id`, `filename`, `score`, `text` and `in_prompt`. Without a trace there are none.
    """
    texts = {citation.get("index"): citation.get("text") or "" for citation in body.get("citations") or []}
    hits = (body.get("trace") or {}).get("hits") or []
    return [{**_identify(hit), "text": texts.get(hit["index"], ""), "in_prompt": hit["index"] is not None} for hit in hits]


def _identify(hit: dict[str, Any]) -> dict[str, Any]:
    return {name: hit[name] for name in ("file_id", "filename", "score")}


def _hash(content: BinaryIO) -> str:
    """Return the hexadecimal SHA-256 of a file."""
    digest = hashlib.sha256()
    content.seek(0)
    while block := content.read(BLOCK_BYTES):
        digest.update(block)
    return digest.hexdigest()


def _read_retry_after(response: httpx.Response) -> int:
    """Return the seconds of the header `Retry-After`; 1 if it has none, or a date."""
    value = response.headers.get("retry-after", "")
    return int(value) if value.isascii() and value.isdigit() else 1
