"""HTTP clients of the neighbours: pooled, with the request id on every hop, and errors translated once.

Knows no service by name; the caller says what the neighbour is called in messages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import httpx

from shared import log
from shared.errors import (
    AuthenticationFailed,
    Conflict,
    DeadlineExceeded,
    InvalidRequest,
    NotFound,
    StorageFull,
    TandemError,
    TooLarge,
    TooManyRequests,
    Unavailable,
)

REQUEST_ID_HEADER = "X-Request-ID"
PROJECT_HEADER = "X-Tandem-Project"
BY_STATUS: dict[int, type[TandemError]] = {
    kind.status: kind
    for kind in (
        InvalidRequest, AuthenticationFailed, NotFound, Conflict, TooLarge, TooManyRequests, Unavailable, DeadlineExceeded, StorageFull,
    )
}  # fmt: skip


def worker_headers(key: str | None, project: str) -> dict[str, str]:
    """Return the headers with which a worker acts for `project`."""
    headers = {PROJECT_HEADER: project}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    return headers


def open_client(url: str, *, seconds: float = 60, **options: Any) -> httpx.Client:
    """Return a pooled client whose calls carry the bound request id; `seconds` is the longest wait for bytes."""
    hooks: dict[str, list[Any]] = {"request": [_add_request_id]}
    return httpx.Client(base_url=url, timeout=httpx.Timeout(seconds, connect=5), event_hooks=hooks, **options)


def open_async_client(url: str, *, seconds: float = 60, **options: Any) -> httpx.AsyncClient:
    """Return the asynchronous twin of `open_client`."""

    async def add_request_id(request: httpx.Request) -> None:
        _add_request_id(request)

    hooks: dict[str, list[Any]] = {"request": [add_request_id]}
    return httpx.AsyncClient(base_url=url, timeout=httpx.Timeout(seconds, connect=5), event_hooks=hooks, **options)


def _add_request_id(request: httpx.Request) -> None:
    bound = log.request_id()
    if bound:
        request.headers.setdefault(REQUEST_ID_HEADER, bound)


@contextmanager
def translate_errors(neighbour: str) -> Iterator[None]:
    """Turn httpx's errors into ours; `neighbour` is named in the message.

    Raises:
        DeadlineExceeded: it was too slow.
        Unavailable: it could not be reached, or broke off.
    """
    try:
        yield
    except httpx.TimeoutException as error:
        raise DeadlineExceeded(f"{neighbour} did not answer in time ({type(error).__name__}).") from error
    except httpx.HTTPError as error:
        raise Unavailable(f"{neighbour} cannot be reached ({error or type(error).__name__}).") from error


class HttpResponse(Protocol):
    """An answer of a neighbour whose body was read."""

    status_code: int

    @property
    def is_success(self) -> bool:
        """Whether it is a 2xx."""

    def json(self) -> Any:
        """Return the body parsed. Raises ValueError where it is not JSON."""


def raise_for_error(response: HttpResponse, neighbour: str) -> None:
    """Raise the error that a neighbour's answer (already read) stands for; return where it is a success.

    A 5xx without OpenAI's envelope becomes Unavailable, since the caller can do nothing about it.
    """
    if response.is_success:
        return
    try:
        error = response.json()["error"]
        message, param, code = error["message"], error.get("param"), error.get("code")
    except (ValueError, KeyError, TypeError):
        message, param, code = f"{neighbour} answered {response.status_code}.", None, None
    kind = BY_STATUS.get(response.status_code, InvalidRequest if response.status_code < 500 else Unavailable)
    raise kind(message, param=param, code=str(code) if code else None)
