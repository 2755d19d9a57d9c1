"""Middleware that rejects a request before its body is read: without a key that is needed, too large, or with a NUL in its URL.

It also limits how long a body may take.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import InvalidRequest, NotFound, TandemError, TooLarge
from shared.settings import Access
from shared.web.auth import current_caller
from shared.web.error_responses import render

MAX_BODY_BYTES = 10 * 1024 * 1024
# A body may pause for a while, but not be slower than this on average; a modem of 1995 sent three times as much.
MIN_BYTES_PER_SECOND = 1000
PROTECTED_PATHS = ("/v1/", "/v2/", "/rerank")
METRICS = "/metrics"
DOCS = ("/docs", "/redoc", "/openapi.json")


@dataclass(frozen=True)
class Protection:
    """Who may read the pages for operators and developers, and how long a body may pause."""

    metrics: Access
    docs: Access
    body_seconds: float

    def access(self, path: str) -> Access:
        """Return who may use a path."""
        if path.startswith(PROTECTED_PATHS):
            return "key"
        if path == METRICS:
            return self.metrics
        return self.docs if path.startswith(DOCS) else "open"


@dataclass(frozen=True)
class BodyLimit:
    """How many bytes a body may have, and the setting that says so, if there is one."""

    max_bytes: int
    setting: str | None = None

    def check(self, content_length: str) -> None:
        """Raise TooLarge if a body with this `Content-Length` is too large."""
        if content_length.isdecimal() and int(content_length) > self.max_bytes:
            setting = f" ({self.setting})" if self.setting else ""
            raise TooLarge(f"The body must not be larger than {self.max_bytes} bytes{setting}; got {content_length}.")


USUAL_LIMIT = BodyLimit(MAX_BODY_BYTES)


class ProtectRequests:
    """Checks every request. A body may have 10 MiB, except at `self_limited_paths`.

    The routes of these limit what they read. If such a path has a limit here, a body that is announced as longer is refused at once.
    """

    def __init__(self, app: ASGIApp, protection: Protection, self_limited_paths: Mapping[str, BodyLimit | None]) -> None:
        self._app = app
        self._protection = protection
        self._self_limited_paths = self_limited_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._self_limited_paths.get(scope["path"], USUAL_LIMIT)
        try:
            _check_access(scope, self._protection.access(scope["path"]))
            _check_address(scope)
            if limit is not None:
                limit.check(Headers(scope=scope).get("content-length", "0"))
        except TandemError as error:
            await render(error)(scope, receive, send)
            return
        max_bytes = None if scope["path"] in self._self_limited_paths else MAX_BODY_BYTES
        await self._app(scope, LimitedBody(receive, max_bytes, self._protection.body_seconds), send)


class LimitedBody:
    """A `receive` that fails if the body of a request is too long, pauses for too long, or is too slow. `max_bytes` None: any length."""

    def __init__(self, receive: Receive, max_bytes: int | None, seconds: float) -> None:
        self._receive = receive
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._received = 0
        self._waited = 0.0
        self._is_complete = False

    async def __call__(self) -> Message:
        if self._is_complete:
            return await self._receive()
        message = await self._receive_in_time()
        self._received += len(message.get("body", b""))
        self._is_complete = not message.get("more_body", False)
        if self._max_bytes is not None and self._received > self._max_bytes:
            raise TooLarge(f"The body must not be larger than {self._max_bytes} bytes.")
        return message

    async def _receive_in_time(self) -> Message:
        loop = asyncio.get_running_loop()
        started = loop.time()
        slack = self._seconds + self._received / MIN_BYTES_PER_SECOND - self._waited
        try:
            async with asyncio.timeout(min(self._seconds, slack)):
                return await self._receive()
        except TimeoutError as error:
            problem = (
                f"The body did not arrive in time. The server waits {self._seconds:g} seconds for the next bytes (TANDEM_BODY_SECONDS)."
            )
            raise InvalidRequest(problem, code="request_timeout", status=408) from error
        finally:
            self._waited += loop.time() - started


def _check_access(scope: Scope, access: Access) -> None:
    if access == "off":
        raise NotFound(f"There is no such endpoint: {scope['method']} {scope['path']}.")
    if access == "key":
        current_caller(Request(scope))


def _check_address(scope: Scope) -> None:
    # No id or name contains NUL, and PostgreSQL rejects queries that do.
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        raise InvalidRequest("The URL must not contain a NUL character (%00). Remove it.")
