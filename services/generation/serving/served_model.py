"""A model where it is served, as the flows ask it: in the line of its base model, and by a deadline."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from services.generation.http.relay import Reply, until_closed
from services.generation.serving.adapters import Guest
from services.generation.serving.engine import Count
from services.generation.serving.pool import Line
from shared.errors import DeadlineExceeded

# What OpenAI's clients (Python, JavaScript) say of how long they wait, in seconds.
PATIENCE = ("x-stainless-read-timeout", "x-stainless-timeout")


class Served:
    """A model and its engines; `guest` is the adapter, None for a base model.

    `seconds` is the longest time until an answer begins, waiting in the line included.
    """

    def __init__(self, line: Line, seconds: float, guest: Guest | None = None) -> None:
        self._line = line
        self._seconds = seconds
        self._guest = guest

    async def ask(self, path: str, body: bytes) -> Reply:
        """Return the answer to `body`, plain or streamed, as it comes.

        Raises:
            InvalidRequest: the adapter is out of service.
            DeadlineExceeded: it did not begin in time; the engine was told to stop.
            TandemError: as `Line.ask` does.
        """
        try:
            async with asyncio.timeout(self._seconds):
                return await (self._ask_adapter(self._guest, path, body) if self._guest else self._line.ask(path, body))
        except TimeoutError as error:
            raise DeadlineExceeded(f"There was no answer within the {self._seconds:g} s that the caller waits.") from error

    async def _ask_adapter(self, guest: Guest, path: str, body: bytes) -> Reply:
        await guest.admit(self._line)
        guest.enter()
        is_open = False
        try:
            reply = await self._line.ask(path, body, guest.prepare)
            is_open = reply.is_stream
        finally:
            if not is_open:
                guest.leave()
        return until_closed(reply, guest.leave) if is_open else reply

    async def count(self, fields: dict[str, Any]) -> Count:
        """Count the tokens of a prompt (see `Engine.count`). An adapter's tokenizer and chat template are its base model's."""
        return await self._line.count({**fields, "model": self._line.base})

    async def control_tokens(self) -> frozenset[str]:
        """Return the tokens that no document may form (see `Engine.control_tokens`); an adapter's are its base model's."""
        return await self._line.control_tokens()


def patience(headers: Mapping[str, str], most: float) -> float:
    """Return how many seconds the caller waits for an answer, by its headers; `most` where they do not say, or say more."""
    for name in PATIENCE:
        with suppress(KeyError, ValueError):
            seconds = float(headers[name])
            return min(seconds, most) if seconds > 0 else most
    return most
