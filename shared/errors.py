"""The tree of errors, and what each looks like on the wire (OpenAI's envelope).

    TandemError                 500  server_error
    ├── InvalidRequest          400  invalid_request_error
    │   ├── InvalidDataset      400  a line of a training or question file is wrong
    │   └── ContextTooLong      400  the prompt does not fit the model's context window
    ├── AuthenticationFailed    401  authentication_error
    ├── NotFound                404  invalid_request_error
    ├── Conflict                409  invalid_request_error
    ├── TooLarge                413  invalid_request_error
    ├── TooManyRequests         429  rate_limit_error
    ├── Unavailable             503  service_unavailable_error (another service is down or refuses)
    │   ├── DatabaseUnavailable 503  the database does not respond
    │   ├── EngineAsleep        503  the GPU of a model's engine is used for a training
    │   └── Unreachable         503  another service accepts no connection, so it has not received the request
    ├── DeadlineExceeded        504  timeout_error (another service is too slow)
    └── StorageFull             507  server_error (no space left)

A message is one or two sentences: what is wrong, where, and what would be right. Knows nothing of HTTP servers or clients.
"""

from typing import Any, Self


class TandemError(Exception):
    """An error with a response for the caller: an HTTP status and OpenAI's envelope."""

    status = 500
    type = "server_error"
    default_code: str | None = None

    def __init__(self, message: str, *, param: str | None = None, code: str | None = None, status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status or self.status
        self.param = param
        self.code = code or self.default_code

    def with_param(self, param: str) -> Self:
        """Return the same error about another field, or about the same one with a longer path. The message names it too."""
        message = self.message.replace(f"'{self.param}'", f"'{param}'", 1) if self.param else self.message
        renamed = type(self).__new__(type(self), message)
        vars(renamed).update({**vars(self), "message": message, "param": param})
        return renamed

    def envelope(self) -> dict[str, Any]:
        """Return the body `{"error": {"message", "type", "param", "code"}}`."""
        return {"error": {"message": self.message, "type": self.type, "param": self.param, "code": self.code}}


class InvalidRequest(TandemError):
    """The request is wrong."""

    status = 400
    type = "invalid_request_error"
    default_code = "invalid_value"


class InvalidDataset(InvalidRequest):
    """A line of a JSONL file is wrong. `line` counts from 1; it is 0 if the file as a whole is wrong."""

    default_code = "invalid_file_format"

    def __init__(self, line: int, problem: str, *, param: str = "training_file", code: str | None = None) -> None:
        super().__init__(f"Line {line}: {problem}" if line else problem, param=param, code=code)
        self.line = line
        self.problem = problem


class ContextTooLong(InvalidRequest):
    """The prompt does not fit the model's context window."""

    default_code = "context_length_exceeded"


class AuthenticationFailed(TandemError):
    """The API key is missing or unknown."""

    status = 401
    type = "authentication_error"
    default_code = "invalid_api_key"


class NotFound(TandemError):
    """The caller's project has no such object."""

    status = 404
    type = "invalid_request_error"
    default_code = "not_found"


class Conflict(TandemError):
    """The object is in a state that does not allow this."""

    status = 409
    type = "invalid_request_error"
    default_code = "conflict"


class TooLarge(TandemError):
    """The body exceeds a limit."""

    status = 413
    type = "invalid_request_error"
    default_code = "too_large"


class TooManyRequests(TandemError):
    """A queue is full. The caller may try again after `retry_after` seconds."""

    status = 429
    type = "rate_limit_error"
    default_code = "rate_limit_exceeded"

    def __init__(self, message: str, *, param: str | None = None, code: str | None = None, retry_after: int = 1) -> None:
        super().__init__(message, param=param, code=code)
        self.retry_after = retry_after


class Unavailable(TandemError):
    """Another service does not respond; the message names it."""

    status = 503
    type = "service_unavailable_error"
    default_code = "unavailable"


class DatabaseUnavailable(Unavailable):
    """The database does not respond. A worker then stops and leaves its job to its lease, because it could not store a result."""


class EngineAsleep(Unavailable):
    """The engine of a model sleeps while its GPU is used for a training. The caller may try again after `retry_after` seconds."""

    default_code = "engine_asleep"

    def __init__(self, message: str, *, param: str | None = None, code: str | None = None, retry_after: int = 60) -> None:
        super().__init__(message, param=param, code=code)
        self.retry_after = retry_after


class Unreachable(Unavailable):
    """Another service accepts no connection. It has not received the request, so the request may be sent to a replica."""


class DeadlineExceeded(TandemError):
    """Another service exceeded its time limit; the message names both."""

    status = 504
    type = "timeout_error"
    default_code = "timeout"


class StorageFull(TandemError):
    """There is no space left to write to."""

    status = 507
    default_code = "storage_full"
