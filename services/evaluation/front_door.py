"""The front door's HTTP: files and chat, as a worker acting for one project. Knows nothing of comparisons."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from shared.errors import Unavailable
from shared.http.connect import open_async_client, worker_headers
from shared.http.errors import raise_for_error, translate_errors

NAME = "The front door"
PURPOSE = "evals"
KEEPALIVE_SECONDS = 4.0  # servers close idle connections after 5 s


@dataclass(frozen=True)
class Completion:
    """An answer: its text, what it cost in tokens, and the citations as they came."""

    text: str
    prompt_tokens: int
    completion_tokens: int
    citations: list[dict[str, Any]]


class HttpFrontDoor:
    """Calls of the front door; its errors are ours, and a front door that is gone is `Unavailable`."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def read_file(self, file_id: str) -> bytes:
        """Return a file's content."""
        return (await self._send("GET", f"/v1/files/{file_id}/content")).content

    async def complete(self, body: dict[str, Any]) -> Completion:
        """Return the answer to a chat completion request."""
        response = await self._send("POST", "/v1/chat/completions", json=body)
        try:
            return _read_completion(response.json())
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise Unavailable(f"{NAME} answered with something else than a chat completion.") from error

    async def keep_file(self, filename: str, content: bytes) -> str:
        """Store a report and return its id; where a worker before us stored the same one, return that one's."""
        sha256 = hashlib.sha256(content).hexdigest()
        stored = await self._send("GET", "/v1/files", params={"purpose": PURPOSE, "order": "desc", "limit": 100})
        for file in stored.json()["data"]:
            if (file["filename"], file.get("sha256")) == (filename, sha256):
                return str(file["id"])
        upload = await self._send("POST", "/v1/files", data={"purpose": PURPOSE}, files={"file": (filename, content)})
        return str(upload.json()["id"])

    async def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        with translate_errors(NAME):
            response = await self._client.request(method, path, **options)
        raise_for_error(response, NAME)
        return response


@asynccontextmanager
async def open_front_door(url: str, key: str | None, project: str, seconds: float) -> AsyncIterator[HttpFrontDoor]:
    """Open the front door for a worker acting for `project`; `seconds` is the longest wait for an answer."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=KEEPALIVE_SECONDS)
    async with open_async_client(url, timeout_seconds=seconds, headers=worker_headers(key, project), limits=limits) as client:
        yield HttpFrontDoor(client)


def _read_completion(body: dict[str, Any]) -> Completion:
    usage = body["usage"]
    return Completion(
        text=_storable(body["choices"][0]["message"].get("content") or ""),
        prompt_tokens=int(usage["prompt_tokens"]),
        completion_tokens=int(usage["completion_tokens"]),
        citations=list(body.get("citations") or []),
    )


def _storable(text: str) -> str:
    """Return `text` without what a database refuses: lone halves of characters, and NUL."""
    return text.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
