"""Opens HTTP clients whose requests carry the current request id, and builds the headers that name a project. Knows the errors of httpx."""

from typing import Any

import httpx

from shared import log
from shared.http.errors import LibraryErrors

REQUEST_ID_HEADER = "X-Request-ID"
PROJECT_HEADER = "X-Tandem-Project"
CONNECT_SECONDS = 5.0
HTTPX = LibraryErrors(
    unconnected=(httpx.ConnectError, httpx.ConnectTimeout),
    late=(httpx.TimeoutException,),
    broken=(httpx.HTTPError, httpx.StreamError),
    bad_url=(httpx.UnsupportedProtocol,),
    malformed=(httpx.DecodingError,),
)


def worker_headers(key: str | None, project: str) -> dict[str, str]:
    """Return the headers with which a worker acts for `project`."""
    headers = {PROJECT_HEADER: project}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    return headers


def open_async_client(url: str, *, timeout_seconds: float = 60, **options: Any) -> httpx.AsyncClient:
    """Return a pooled client; `timeout_seconds` limits each wait for bytes of a response."""
    hooks: dict[str, list[Any]] = {"request": [_add_request_id]}
    return httpx.AsyncClient(base_url=url, timeout=httpx.Timeout(timeout_seconds, connect=CONNECT_SECONDS), event_hooks=hooks, **options)


async def _add_request_id(request: httpx.Request) -> None:
    request_id = log.request_id()
    if request_id:
        request.headers.setdefault(REQUEST_ID_HEADER, request_id)
