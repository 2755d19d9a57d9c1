"""Middleware that gives every request an id, writes one access log line, and counts it in the metrics."""

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import clear_contextvars

from shared.http.connect import REQUEST_ID_HEADER
from shared.log import bind_request_id, get_logger
from shared.web.error_responses import render_unexpected

log = get_logger("http")
UNLOGGED_PATHS = ("/health/", "/metrics")
CLIENT_CLOSED_REQUEST = 499  # in the log and the metrics: the client left before the response began


class ObserveRequests:
    """Binds the request id, returns it in a header, and records each request in the log and the metrics."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        labels = ("method", "route", "status")
        self._count = Counter("http_requests_total", "Requests answered.", labels, registry=registry)
        self._seconds = Histogram("http_request_seconds", "Time until the whole response was sent.", labels[:2], registry=registry)
        self._running = Gauge("http_requests_running", "Requests in progress, this one included.", registry=registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        clear_contextvars()
        request_id = bind_request_id(Headers(scope=scope).get(REQUEST_ID_HEADER))
        started, status = time.perf_counter(), CLIENT_CLOSED_REQUEST

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
            if status != CLIENT_CLOSED_REQUEST:
                raise
            await render_unexpected(scope["path"], error)(scope, receive, send_with_id)
        finally:
            self._running.dec()
            self._record(scope, status, time.perf_counter() - started)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        self._count.labels(scope["method"], route, status).inc()
        self._seconds.labels(scope["method"], route).observe(seconds)
        if not scope["path"].startswith(UNLOGGED_PATHS):
            log.info("request", method=scope["method"], path=scope["path"], status=status, ms=round(seconds * 1000, 1))
