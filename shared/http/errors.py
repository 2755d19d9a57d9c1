"""The one translation of a failed call to another service into Tandem's errors. The caller names the errors of its HTTP library."""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

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
    Unreachable,
)

ErrorTypes: TypeAlias = tuple[type[Exception], ...]
ERROR_BY_STATUS: dict[int, type[TandemError]] = {
    error.status: error
    for error in (
        InvalidRequest, AuthenticationFailed, NotFound, Conflict, TooLarge, TooManyRequests, Unavailable, DeadlineExceeded, StorageFull,
    )
}  # fmt: skip


@dataclass(frozen=True)
class LibraryErrors:
    """What an HTTP library raises if there is no connection, if a response is late, and if a connection breaks.

    `bad_url` is raised if the service's URL cannot be used, `malformed` if a response is not HTTP. Errors of these two kinds may also
    be `broken`. Otherwise, an error that fits several kinds counts as the first of them.
    """

    unconnected: ErrorTypes
    late: ErrorTypes
    broken: ErrorTypes
    bad_url: ErrorTypes = ()
    malformed: ErrorTypes = ()


@contextmanager
def translate_errors(service: str, library: LibraryErrors) -> Iterator[None]:
    """Raise Tandem's error in place of the library's; `service` is what the message calls the other side.

    The message has no words of the library. They are in the cause.

    Raises:
        Unreachable: if the service accepts no connection. It has not received the request.
        DeadlineExceeded: if the service took too long.
        Unavailable: if the connection broke, or the response is not HTTP.
    """
    try:
        yield
    except library.bad_url as error:
        raise Unreachable(f"{service} cannot be reached: its URL must begin with http:// or https:// and name a host.") from error
    except library.unconnected as error:
        late = "no connection in time" if isinstance(error, library.late) else None
        raise Unreachable(f"{service} cannot be reached{_in_brackets(_reason(error) or late)}.") from error
    except library.late as error:
        raise DeadlineExceeded(f"{service} did not respond in time.") from error
    except library.malformed as error:
        raise Unavailable(f"{service} sent a response that is not valid HTTP.") from error
    except library.broken as error:
        raise Unavailable(f"{service} closed the connection before its response was complete{describe_cause(error)}.") from error


def describe_cause(error: Exception) -> str:
    """Return what the system says about a failed connection, in brackets after a space; empty if it says nothing."""
    return _in_brackets(_reason(error))


def _in_brackets(reason: str | None) -> str:
    return f" ({reason})" if reason else ""


def _reason(error: BaseException | None) -> str | None:
    """Return why the system could not connect, or lost a connection, in the system's own words; None if it was not the system."""
    if isinstance(error, ssl.SSLError | ssl.CertificateError):
        return "no TLS connection"
    if isinstance(error, OSError) and error.errno:
        is_system = error.errno > 0  # a negative number is one of name resolution
        return os.strerror(error.errno) if is_system else error.strerror
    if error is None:
        return None
    hidden = error.__context__ if error.__suppress_context__ else None  # httpcore hides the cause: it raises `from None`
    return _reason(error.__cause__ or hidden)


class ReadResponse(Protocol):
    """A response whose body has been read."""

    @property
    def status_code(self) -> int:
        """The HTTP status."""

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""

    @property
    def content(self) -> bytes:
        """The body."""

    def json(self) -> Any:
        """Return the parsed body. Raises ValueError if it is not JSON."""


def raise_for_error(response: ReadResponse, service: str) -> None:
    """Raise the error that a service's response describes; return if the response is a success.

    A 5xx without OpenAI's error envelope becomes Unavailable, because the caller cannot do anything about it.
    """
    if response.is_success:
        return
    try:
        error = response.json()["error"]
        message, param, code = error["message"], error.get("param"), error.get("code")
    except (ValueError, KeyError, TypeError):
        message, param, code = f"{service} returned status {response.status_code}.", None, None
    kind = ERROR_BY_STATUS.get(response.status_code, InvalidRequest if response.status_code < 500 else Unavailable)
    raise kind(message, param=param, code=str(code) if code else None)
