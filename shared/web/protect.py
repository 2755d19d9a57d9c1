"""Middleware that rejects a request before its body is read: without a valid key, too large, or with a NUL in its address."""

from collections.abc import Collection

from fastapi import Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import InvalidRequest, TandemError, TooLarge
from shared.web.auth import current_caller
from shared.web.error_responses import render

MAX_BODY_BYTES = 10 * 1024 * 1024
PROTECTED_PATHS = ("/v1/", "/v2/", "/rerank")


class ProtectRequests:
    """Checks every request to the API (`PROTECTED_PATHS`). A body may have 10 MiB, except at `self_limited_paths`."""

    def __init__(self, app: ASGIApp, self_limited_paths: Collection[str]) -> None:
        self._app = app
        self._self_limited_paths = self_limited_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PROTECTED_PATHS):
            await self._app(scope, receive, send)
            return
        is_limited = scope["path"] not in self._self_limited_paths
        try:
            current_caller(Request(scope))
            _check_address(scope)
            if is_limited:
                _check_length(Headers(scope=scope).get("content-length", "0"))
        except TandemError as error:
            await render(error)(scope, receive, send)
            return
        await self._app(scope, _limit_body(receive) if is_limited else receive, send)


def _check_address(scope: Scope) -> None:
    # No id or name contains NUL, and PostgreSQL rejects queries that do.
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        raise InvalidRequest("The URL must not contain a NUL character (%00). Remove it.")


def _check_length(content_length: str) -> None:
    if content_length.isdecimal() and int(content_length) > MAX_BODY_BYTES:
        raise TooLarge(f"The body must not be larger than {MAX_BODY_BYTES} bytes; got {content_length}.")


def _limit_body(receive: Receive) -> Receive:
    """Return a `receive` that fails at the limit, for bodies whose length is not announced."""
    received = 0

    async def receive_limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MAX_BODY_BYTES:
            # FastAPI turns every other error that is raised while it reads a body into a 400.
            raise HTTPException(413, f"The body must not be larger than {MAX_BODY_BYTES} bytes.")
        return message

    return receive_limited
