"""The one tree of errors, and how each looks on the wire (OpenAI's envelope).

    TandemError                 500  server_error
    ├── InvalidRequest          400  invalid_request_error
    │   ├── InvalidDataset      400  a line of a training or question file is wrong
    │   └── ContextTooLong      400  the prompt does not fit the model's window
    ├── AuthenticationFailed    401  authentication_error
    ├── NotFound                404  invalid_request_error
    ├── Conflict                409  invalid_request_error
    ├── TooLarge                413  invalid_request_error
    ├── TooManyRequests         429  rate_limit_error
    ├── Unavailable             503  service_unavailable_error (a neighbour is gone or refuses)
    │   ├── DatabaseUnavailable 503  the database does not answer
    │   └── Unreachable         503  a neighbour takes no connection: nothing was sent to it
    ├── DeadlineExceeded        504  timeout_error (a neighbour is slow)
    └── StorageFull             507  server_error (no space left)

A message says what was wrong, where, and what would be right. This module knows nothing of HTTP servers or clients.
"""

from typing import Any


class TandemError(Exception):
    """An error that has an answer for the caller: an HTTP status and OpenAI's envelope."""

    status = 500
    type = "server_error"
    default_code: str | None = None

    def __init__(self, message: str, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.code = code or self.default_code

    def envelope(self) -> dict[str, Any]:
        """Return the body `{"error": {"message", "type", "param", "code"}}`."""
        return {"error": {"message": self.message, "type": self.type, "param": self.param, "code": self.code}}


class InvalidRequest(TandemError):
    """What the caller sent cannot be used."""

    status = 400
    type = "invalid_request_error"


class InvalidDataset(InvalidRequest):
    """A line of a JSONL file is wrong; `line` counts from 1, 0 where the file as a whole is."""

    default_code = "invalid_file_format"

    def __init__(self, line: int, problem: str, *, param: str = "training_file") -> None:
        where = f"line {line}: " if line else ""
        super().__init__(f"{where}{problem}", param=param)
        self.line = line


class ContextTooLong(InvalidRequest):
    """The prompt does not fit the model's window."""

    default_code = "context_length_exceeded"


class AuthenticationFailed(TandemError):
    """No key, or one that is not known."""

    status = 401
    type = "authentication_error"
    default_code = "invalid_api_key"


class NotFound(TandemError):
    """The thing does not exist in the caller's project."""

    status = 404
    type = "invalid_request_error"
    default_code = "not_found"


class Conflict(TandemError):
    """The thing is in a state that does not allow this."""

    status = 409
    type = "invalid_request_error"
    default_code = "conflict"


class TooLarge(TandemError):
    """The body is larger than a stated limit."""

    status = 413
    type = "invalid_request_error"
    default_code = "too_large"


class TooManyRequests(TandemError):
    """A queue is full; trying again in `retry_after` seconds may work."""

    status = 429
    type = "rate_limit_error"
    default_code = "rate_limit_exceeded"

    def __init__(self, message: str, *, param: str | None = None, code: str | None = None, retry_after: int = 1) -> None:
        super().__init__(message, param=param, code=code)
        self.retry_after = retry_after


class Unavailable(TandemError):
    """A neighbour does not answer; the message names it."""

    status = 503
    type = "service_unavailable_error"
    default_code = "unavailable"


class DatabaseUnavailable(Unavailable):
    """The database does not answer. A worker leaves its job to the lease then: nothing it could store would be kept."""


class Unreachable(Unavailable):
    """A neighbour takes no connection. Nothing was sent, so another one may be asked the same."""


class DeadlineExceeded(TandemError):
    """A neighbour took longer than its limit; the message names both."""

    status = 504
    type = "timeout_error"
    default_code = "timeout"


class StorageFull(TandemError):
    """There is no space left where something had to be written."""

    status = 507
    default_code = "storage_full"
