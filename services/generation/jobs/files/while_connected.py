"""Runs the creation of a job until its client leaves: a client that gave up tries again, and must not get the job twice."""

import threading
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from services.generation.http.relay import run_until_disconnect

T = TypeVar("T")


async def run_while_connected(
    receive: Receive, in_turn: Callable[[Callable[[], T]], Coroutine[Any, Any, T]], work: Callable[[Callable[[], None]], T]
) -> T:
    """Return the result of `work`, which runs in a thread. Its argument raises an error in it once the client has left.

    Raises:
        ClientDisconnect: if the client disconnects first.
    """
    has_left = threading.Event()

    def confirm() -> None:
        if has_left.is_set():
            raise ClientDisconnect

    async def run() -> T:
        try:
            return await in_turn(partial(work, confirm))
        finally:
            has_left.set()

    return await run_until_disconnect(receive, run())
