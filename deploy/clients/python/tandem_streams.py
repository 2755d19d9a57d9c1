"""Streamed answers for the generated client, which itself reads only whole ones."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Protocol, Self, TypeVar

from tandem_client import AuthenticatedClient, Client
from tandem_client.models import ErrorResponse

PREFIX, END = "data:", "[DONE]"


class Body(Protocol):
    """A generated request body."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""


class Event(Protocol):
    """A generated model of an event's data."""

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Return the event with this data."""


E = TypeVar("E", bound=Event)


class StreamFailed(Exception):
    """The server refused a request, or ended a stream with an error. `error` says why; `status` is None within a stream."""

    def __init__(self, status: int | None, error: ErrorResponse) -> None:
        super().__init__(error.error.message)
        self.status = status
        self.error = error.error


def stream(client: Client | AuthenticatedClient, path: str, body: Body, event: type[E]) -> Iterator[E]:
    """Send `body` with `stream`, and yield the data of each event as `event`.

    `path` is `/v1/chat/completions` with `ChatCompletionChunk`, `/v1/completions` with `Completion`, or `/v1/responses` with
    `ResponseEvent`.

    Raises:
        StreamFailed: if the server refuses the request, or sends an error.
    """
    with client.get_httpx_client().stream("POST", path, json={**body.to_dict(), "stream": True}) as response:
        if not response.is_success:
            raise StreamFailed(response.status_code, ErrorResponse.from_dict(json.loads(response.read())))
        for data in _read_data(response.iter_lines()):
            if data.keys() == {"error"}:
                raise StreamFailed(None, ErrorResponse.from_dict(data))
            yield event.from_dict(data)


def _read_data(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        value = line.removeprefix(PREFIX).strip() if line.startswith(PREFIX) else ""
        if value == END:
            return
        if value:
            yield json.loads(value)
