"""Server-sent events: reads a byte stream as events, whatever the size of its chunks, and writes events as bytes."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any

from services.generation.http.reply import HeaderList
from shared.errors import DeadlineExceeded, InvalidRequest, TandemError, TooManyRequests, Unavailable
from shared.http.errors import ERROR_BY_STATUS
from shared.validation.shorten import short_envelope

CONTENT_TYPE = "text/event-stream"
HEADERS: HeaderList = [("content-type", f"{CONTENT_TYPE}; charset=utf-8"), ("cache-control", "no-cache")]
# Tandem's own errors, whose `code` is not a status.
ERROR_BY_TYPE: dict[Any, type[TandemError]] = {each.type: each for each in (InvalidRequest, TooManyRequests, Unavailable, DeadlineExceeded)}
EVENT_END = b"\n\n"
DATA_FIELD = b"data: "
NAME_FIELD = b"event: "
DONE_DATA = b"[DONE]"
DONE = DATA_FIELD + DONE_DATA + EVENT_END
"""The last event of a stream of chat or completion chunks."""


def encode(data: Mapping[str, Any]) -> bytes:
    """Return an event with `data` as JSON."""
    return DATA_FIELD + json.dumps(data).encode() + EVENT_END


def encode_named(data: Mapping[str, Any]) -> bytes:
    """Return an event with `data` as JSON and `data["type"]` as its name, as in OpenAI's Responses API."""
    return NAME_FIELD + str(data["type"]).encode() + b"\n" + encode(data)


def encode_error(error: TandemError) -> bytes:
    """Return an event with an error, in OpenAI's envelope."""
    return encode(short_envelope(error))


def is_done(event: bytes) -> bool:
    """Return whether the event says that the stream is complete."""
    return event.strip() == DATA_FIELD + DONE_DATA


def decode(event: bytes) -> Any:
    """Return the event's data, parsed; None if it is not JSON."""
    try:
        return json.loads(event.strip().removeprefix(DATA_FIELD))
    except ValueError:
        return None


async def split_events(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield whole events with the blank line that ends them; at the end of the stream, what is left of an unfinished one."""
    pending = b""
    async for chunk in chunks:
        *events, pending = (pending + chunk).split(EVENT_END)
        for event in events:
            yield event + EVENT_END
    if pending:
        yield pending


async def read_events(chunks: AsyncIterator[bytes]) -> AsyncGenerator[dict[str, Any], None]:
    """Yield the data of every event, without the `[DONE]` at the end.

    Raises:
        Unavailable: if the data of an event is not a JSON object.
        TandemError: the error in an event, if there is one. The engine's `code` is its status.
    """
    async for event in split_events(chunks):
        if event.startswith(DATA_FIELD) and not is_done(event):
            data = _decode_object(event)
            if error := data.get("error"):
                raise _read_error(error)
            yield data


def _decode_object(event: bytes) -> dict[str, Any]:
    data = decode(event)
    if not isinstance(data, dict):
        start = event.strip().removeprefix(DATA_FIELD)[:60].decode(errors="replace")
        raise Unavailable(f"The engine sent an event whose data is not a JSON object: {start}")
    return data


def _read_error(error: Any) -> TandemError:
    fields = error if isinstance(error, dict) else {}
    code = fields.get("code")
    kind = ERROR_BY_STATUS.get(code, TandemError) if isinstance(code, int) else ERROR_BY_TYPE.get(fields.get("type"), TandemError)
    return kind(str(fields.get("message") or error), param=fields.get("param"), code=code if isinstance(code, str) else None)
