"""Renders every error as OpenAI's envelope: Tandem's own, those of request validation, those of HTTP, and unexpected ones."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from shared.errors import AuthenticationFailed, EngineAsleep, InvalidRequest, NotFound, TandemError, TooLarge, TooManyRequests
from shared.log import get_logger
from shared.validation.locate import BODY
from shared.validation.schema import UNKNOWN
from shared.validation.shorten import short_envelope, shorten
from shared.validation.translate import to_invalid_request
from shared.web.methods import allowed_methods
from shared.web.request_schema import find_schema

log = get_logger("http")
JSON = "application/json"
REQUEST_TIMEOUT = 408
MAX_ADDRESS = 200
ERROR_BY_STATUS: dict[int, type[TandemError]] = {404: NotFound, 413: TooLarge}


def add_error_handlers(app: FastAPI) -> None:
    """Make `app` answer every error with the envelope."""
    app.add_exception_handler(TandemError, _render_tandem)
    app.add_exception_handler(RequestValidationError, _render_invalid)
    app.add_exception_handler(HTTPException, _render_http)


def render(error: TandemError) -> JSONResponse:
    """Return the response for one of Tandem's errors."""
    headers = {}
    if isinstance(error, AuthenticationFailed):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooManyRequests | EngineAsleep):
        headers["Retry-After"] = str(error.retry_after)
    if error.status == REQUEST_TIMEOUT:
        headers["Connection"] = "close"
    return JSONResponse(short_envelope(error), error.status, headers)


def render_unexpected(path: str, error: Exception) -> JSONResponse:
    """Log an unexpected error, and return a response that reveals nothing about it."""
    log.error("unexpected error", path=path, exc_info=error)
    return render(TandemError("The server had an error while processing your request. Its log has the details under this request id."))


async def _render_tandem(_: Request, error: Any) -> JSONResponse:
    return render(error)


async def _render_invalid(request: Request, error: Any) -> JSONResponse:
    """Render what FastAPI found wrong: a parameter, or a body that is missing or not JSON. `JsonRoute` reads all other bodies."""
    problems = error.errors()
    if isinstance(error.body, bytes):
        return render(_wrong_content_type(request.headers.get("content-type")))
    place = problems[0]["loc"][0]
    schema = UNKNOWN if place == BODY else await run_in_threadpool(find_schema, request, place)
    return render(to_invalid_request(problems, error.body, schema))


def _wrong_content_type(content_type: str | None) -> InvalidRequest:
    sent = f"got '{shorten(content_type)}'" if content_type else "got none"
    return InvalidRequest(f"The body must be JSON, sent with the header 'Content-Type: {JSON}'; {sent}.", code="invalid_content_type")


async def _render_http(request: Request, error: Any) -> JSONResponse:
    if isinstance(error.__cause__, TandemError):  # raised while FastAPI read the body
        return render(error.__cause__)
    kind = ERROR_BY_STATUS.get(error.status_code, InvalidRequest)
    translated = kind(_describe_http(error, f"{request.method} {request.url.path}"))
    headers = {"Allow": allowed_methods(request)} if error.status_code == 405 else error.headers
    return JSONResponse(short_envelope(translated), error.status_code, headers)


def _describe_http(error: HTTPException, address: str) -> str:
    """Return a sentence; Starlette's own details are the bare names of statuses, such as `Not Found`."""
    address = shorten(address, MAX_ADDRESS)
    if error.status_code == 404:
        return f"There is no such endpoint: {address}."
    if error.status_code == 405:
        return f"This endpoint does not allow this method: {address}."
    return str(error.detail).rstrip(".") + "."
