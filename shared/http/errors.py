"""The one translation of a failed call to another service into Tandem's errors. The caller names the errors of its HTTP library."""

import os
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

    An error that fits several kinds counts as the first of them.
    """

    unconnected: ErrorTypes
    late: ErrorTypes
    broken: ErrorTypes


@contextmanager
def translate_errors(service: str, library: LibraryErrors) -> Iterator[None]:
    """Raise Tandem's error in place of the library's; `service` is what the message calls the other side.

    Raises:
        Unreachable: if the service accepts no connection. It has not received the request.
        DeadlineExceeded: if the service took too long.
        Unavailable: if the connection broke.
    """
    try:
        yield
    except library.unconnected as error:
        raise Unreachable(f"{service} cannot be reached ({_describe(error)}).") from error
    except library.late as error:
        raise DeadlineExceeded(f"{service} did not respond in time ({type(error).__name__}).") from error
    except library.broken as error:
        raise Unavailable(f"{service} closed the connection ({_describe(error)}).") from error


def _describe(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno:  # aiohttp adds its own terms to the system's words
        return os.strerror(error.errno)
    return str(error) or type(error).__name__


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
