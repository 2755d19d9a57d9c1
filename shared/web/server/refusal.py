"""The errors of a connection: what is wrong before there is a request that an app could answer."""

import json

from shared.errors import InvalidRequest, TandemError, Unavailable
from shared.web.server.limits import MAX_HEADER_BYTES, ConnectionLimits

REASONS = {400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large", 503: "Service Unavailable"}


def not_http() -> TandemError:
    """Return the error for bytes that are not a request."""
    return InvalidRequest("This is not a valid HTTP/1.1 request. Check its request line, its headers and the length of its body.")


def large_headers() -> TandemError:
    """Return the error for a request line and headers over the limit."""
    message = f"The request line and the headers must not have more than {MAX_HEADER_BYTES} bytes together."
    return InvalidRequest(message, code="headers_too_large", status=431)


def slow_headers(limits: ConnectionLimits) -> TandemError:
    """Return the error for headers that did not arrive in time."""
    message = f"The headers did not arrive within {limits.header_seconds:g} seconds (TANDEM_HEADER_SECONDS)."
    return InvalidRequest(message, code="request_timeout", status=408)


def too_many_connections() -> TandemError:
    """Return the error for a connection over the limit."""
    return Unavailable("The server has too many open connections (TANDEM_MAX_CONNECTIONS). Try again later.")


def to_bytes(error: TandemError) -> bytes:
    """Return the whole response for an error, after which the connection closes."""
    body = json.dumps(error.envelope(), ensure_ascii=False).encode()
    head = (
        f"HTTP/1.1 {error.status} {REASONS[error.status]}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body
