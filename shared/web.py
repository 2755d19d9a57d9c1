"""What both services' HTTP sides have in common: request ids, access log, metrics, errors in OpenAI's envelope, health routes.

Knows no service's routes.
"""

import time
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import clear_contextvars

from shared.auth import Authenticator, Caller
from shared.contracts.health import Live, Ready
from shared.errors import AuthenticationFailed, InvalidRequest, NotFound, TandemError
from shared.http import PROJECT_HEADER, REQUEST_ID_HEADER
from shared.log import bind_request_id, get_logger

log = get_logger("http")
Check = Callable[[], None]
QUIET_PATHS = ("/health/", "/metrics")
PLACES = (("body",), ("query",), ("path",), ("header",))


def install(app: FastAPI, registry: CollectorRegistry, checks: dict[str, Check]) -> None:
    """Give `app` its middleware, error handlers, `/health/*` and `/metrics`.

    `checks` maps a neighbour's name to a call that raises TandemError where it is missing.
    """
    app.add_middleware(Observed, registry=registry)
    app.add_exception_handler(TandemError, _render_ours)
    app.add_exception_handler(RequestValidationError, _render_invalid)
    app.add_exception_handler(HTTPException, _render_http)
    app.add_exception_handler(Exception, _render_bug)
    app.include_router(_operations(registry, checks))


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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        clear_contextvars()
        request_id = bind_request_id(_header(scope, b"x-request-id"))
        started, status = time.perf_counter(), 499

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (REQUEST_ID_HEADER.lower().encode(), request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            self._record(scope, status, time.perf_counter() - started)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        self._count.labels(scope["method"], route, status).inc()
        self._seconds.labels(scope["method"], route).observe(seconds)
        if not scope["path"].startswith(QUIET_PATHS):
            log.info("request", method=scope["method"], path=scope["path"], status=status, ms=round(seconds * 1000, 1))


def _header(scope: Scope, name: bytes) -> str | None:
    for key, value in scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return None


def _operations(registry: CollectorRegistry, checks: dict[str, Check]) -> APIRouter:
    router = APIRouter(tags=["operations"])

    @router.get("/health/live")
    def live() -> Live:
        """Tell that the process answers."""
        return Live()

    @router.get("/health/ready", responses={503: {"model": Ready}})
    def ready(response: Response) -> Ready:
        """Tell whether every neighbour is there, and which is not."""
        missing = {name: problem for name, check in checks.items() if (problem := _problem(check))}
        response.status_code = 503 if missing else 200
        return Ready(status="not_ready" if missing else "ready", missing=missing)

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
    headers = {"WWW-Authenticate": "Bearer"} if isinstance(error, AuthenticationFailed) else None
    return JSONResponse(error.envelope(), error.status, headers)


async def _render_invalid(request: Request, error: Any) -> JSONResponse:
    first = error.errors()[0]
    # The first part says where the field was sent; only that, for a field may itself be called `query`.
    path = ".".join(str(part) for part in first["loc"][first["loc"][:1] in PLACES :])
    where = f"'{path}': " if path else ""
    problem = InvalidRequest(f"{where}{first['msg']}", param=path or None, code=first["type"])
    return await _render_ours(request, problem)


async def _render_http(request: Request, error: Any) -> JSONResponse:
    kind = NotFound if error.status_code == 404 else InvalidRequest
    problem = kind(f"{request.method} {request.url.path}: {error.detail}.")
    return JSONResponse(problem.envelope(), error.status_code, error.headers)


async def _render_bug(request: Request, error: Exception) -> JSONResponse:
    log.error("unexpected error", path=request.url.path, exc_info=error)
    return await _render_ours(request, TandemError("Something went wrong here; the log has the details under this request id."))
