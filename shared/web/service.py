"""What both services' HTTP sides have in common: request ids, access log, metrics, the check of keys and body sizes, errors in
OpenAI's envelope, health routes.

Knows no service's routes but `/v1/files`, whose bodies are streamed to disk.
"""

import time
from collections.abc import Callable, Collection
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import clear_contextvars

from shared.contracts.health import Live, Ready
from shared.errors import AuthenticationFailed, InvalidRequest, NotFound, TandemError, TooLarge, TooManyRequests
from shared.http import PROJECT_HEADER, REQUEST_ID_HEADER
from shared.log import bind_request_id, get_logger
from shared.records.auth import Authenticator, Caller
from shared.validation_errors import not_json, not_sent_as_json, to_error

log = get_logger("http")
Check = Callable[[], None]
About = Callable[[], dict[str, Any]]
QUIET_PATHS = ("/health/", "/metrics")
KINDS: dict[int, type[TandemError]] = {404: NotFound, 413: TooLarge}
MAX_BODY_BYTES = 10 * 1024 * 1024
UPLOADS = "/v1/files"
GUARDED = ("/v1/", "/v2/", "/rerank")
NOT_ANSWERED = 499  # in log and metrics: the client left before there was an answer


def install(
    app: FastAPI, registry: CollectorRegistry, checks: dict[str, Check], own_limits: Collection[str] = (UPLOADS,), about: About = dict
) -> None:
    """Give `app` its middleware, error handlers, `/health/*` and `/metrics`.

    `checks` maps a neighbour's name to a call that raises TandemError where it is missing; `own_limits` are the paths whose
    routes bound their bodies themselves, every other body under `GUARDED` ends at 10 MiB. `about` is asked after the checks for what
    else readiness tells (fields of `Ready`).
    """
    app.add_middleware(Guarded, own_limits=own_limits)
    app.add_middleware(Observed, registry=registry)
    app.add_exception_handler(TandemError, _render_ours)
    app.add_exception_handler(RequestValidationError, _render_invalid)
    app.add_exception_handler(HTTPException, _render_http)
    app.include_router(_operations(registry, checks, about))


def current_caller(request: Request) -> Caller:
    """Return who is calling; a dependency. The app keeps its `Authenticator` in `app.state.authenticator`."""
    authenticator: Authenticator = request.app.state.authenticator
    return authenticator.authenticate(request.headers.get("authorization"), request.headers.get(PROJECT_HEADER))


def current_project(caller: Annotated[Caller, Depends(current_caller)]) -> str:
    """Return the id of the caller's project; a dependency."""
    return caller.project_id


class Observed:
    """Middleware: binds the request id, answers with it, writes one access line and the request metrics."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        labels = ("method", "route", "status")
        self._count = Counter("http_requests_total", "Requests answered.", labels, registry=registry)
        self._seconds = Histogram("http_request_seconds", "Time until the whole answer was sent.", labels[:2], registry=registry)
        self._running = Gauge("http_requests_running", "Requests that are being answered, this one included.", registry=registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        clear_contextvars()
        request_id = bind_request_id(Headers(scope=scope).get(REQUEST_ID_HEADER))
        started, status = time.perf_counter(), NOT_ANSWERED

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (REQUEST_ID_HEADER.lower().encode(), request_id.encode())]
            await send(message)

        self._running.inc()
        try:
            await self._app(scope, receive, send_with_id)
        except Exception as error:
            if status != NOT_ANSWERED:
                raise
            await _render_bug(scope["path"], error)(scope, receive, send_with_id)
        finally:
            self._running.dec()
            self._record(scope, status, time.perf_counter() - started)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        self._count.labels(scope["method"], route, status).inc()
        self._seconds.labels(scope["method"], route).observe(seconds)
        if not scope["path"].startswith(QUIET_PATHS):
            log.info("request", method=scope["method"], path=scope["path"], status=status, ms=round(seconds * 1000, 1))


class Guarded:
    """Middleware: under `GUARDED` checks the key before any of the body is read, and the body's length before it fills the memory."""

    def __init__(self, app: ASGIApp, own_limits: Collection[str]) -> None:
        self._app = app
        self._own_limits = own_limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(GUARDED):
            await self._app(scope, receive, send)
            return
        bounded = scope["path"] not in self._own_limits
        try:
            current_caller(Request(scope))
            _check_characters(scope)
            if bounded:
                _check_length(Headers(scope=scope).get("content-length", "0"))
        except TandemError as error:
            await _answer(error)(scope, receive, send)
            return
        await self._app(scope, _bounded(receive) if bounded else receive, send)


def _check_characters(scope: Scope) -> None:
    # No id or name has it, and PostgreSQL cannot even be asked for it.
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        raise InvalidRequest("The address holds the character zero (%00), which nothing is called by; leave it out.")


def _check_length(announced: str) -> None:
    if announced.isdecimal() and int(announced) > MAX_BODY_BYTES:
        raise TooLarge(f"The body is {announced} bytes long; at most {MAX_BODY_BYTES} are read.")


def _bounded(receive: Receive) -> Receive:
    """Return `receive` with an end at the limit, for bodies whose length is not announced."""
    received = 0

    async def receive_some() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MAX_BODY_BYTES:
            # FastAPI makes a 400 of any other error that comes while it reads a body.
            raise HTTPException(413, f"The body is too long; at most {MAX_BODY_BYTES} bytes are read")
        return message

    return receive_some


def _operations(registry: CollectorRegistry, checks: dict[str, Check], about: About) -> APIRouter:
    router = APIRouter(tags=["operations"])

    @router.get("/health/live")
    def live() -> Live:
        """Tell that the process answers."""
        return Live()

    @router.get("/health/ready", responses={503: {"model": Ready}}, response_model_exclude_none=True)
    def ready(response: Response) -> Ready:
        """Tell whether every neighbour is there, and which is not."""
        missing = {name: problem for name, check in checks.items() if (problem := _problem(check))}
        response.status_code = 503 if missing else 200
        return Ready(status="not_ready" if missing else "ready", missing=missing, **about())

    @router.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router


def _problem(check: Check) -> str | None:
    try:
        check()
    except TandemError as error:
        return error.message
    return None


async def _render_ours(_: Request, error: Any) -> JSONResponse:
    return _answer(error)


def _answer(error: TandemError) -> JSONResponse:
    headers = {}
    if isinstance(error, AuthenticationFailed):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after)
    return JSONResponse(error.envelope(), error.status, headers)


async def _render_invalid(request: Request, error: Any) -> JSONResponse:
    problems = error.errors()
    if isinstance(error.body, bytes):
        return _answer(not_sent_as_json(request.headers.get("content-type")))
    return _answer(not_json(problems[0]) if problems[0]["type"] == "json_invalid" else to_error(problems, error.body))


async def _render_http(request: Request, error: Any) -> JSONResponse:
    if isinstance(error.__cause__, UnicodeDecodeError | RecursionError):
        why = "nested too deeply" if isinstance(error.__cause__, RecursionError) else "not in UTF-8"
        return _answer(InvalidRequest(f"The body is not JSON that can be read: it is {why}.", code="invalid_json"))
    kind = KINDS.get(error.status_code, InvalidRequest)
    problem = kind(f"{request.method} {request.url.path}: {error.detail}.")
    return JSONResponse(problem.envelope(), error.status_code, error.headers)


def _render_bug(path: str, error: Exception) -> JSONResponse:
    log.error("unexpected error", path=path, exc_info=error)
    return _answer(TandemError("Something went wrong here; the log has the details under this request id."))
