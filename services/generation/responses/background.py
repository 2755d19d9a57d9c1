"""Responses in the background: answered by this process after their callers have left, and streamed to whoever asks.

A loop claims what waits, here or since another front door died, and keeps the leases of what is worked on. What is cancelled, or lost to
another front door, is let go of: the engine's connection is closed, which ends its work.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from functools import partial

import structlog
from starlette.concurrency import run_in_threadpool

from services.generation.http import sse
from services.generation.responses import respond
from services.generation.responses.queue import Backlog, Claimed
from services.generation.responses.respond import Turn
from services.generation.responses.search_round import Sources
from services.generation.responses.store import Turns
from services.generation.responses.writer import Draft, Event
from shared.contracts.responses import Response
from shared.errors import DatabaseUnavailable, TandemError, TooManyRequests
from shared.log import get_logger
from shared.records.jobs import MAX_TAKEOVERS
from shared.records.responses import StoredResponse

FLUSH_SECONDS = 0.1  # events of a streamed response are stored so often, and looked for
BUSY_SECONDS = 1.0  # until a full engine is asked again
MOST_EVENTS = 2**31 - 1
ENDLESS = "Given up: {times} front doors in a row died while working on this response."

log = get_logger(__name__)


class Background:
    """What this process works on, at most `most` responses at a time. `sources` tells what one is made with, by project and model."""

    def __init__(self, backlog: Backlog, turns: Turns, sources: Callable[[str, str], Awaitable[Sources]], most: int) -> None:
        self._backlog = backlog
        self._turns = turns
        self._sources = sources
        self._most = most
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._wake = asyncio.Event()

    @asynccontextmanager
    async def worked_on(self) -> AsyncIterator[None]:
        """Work on responses meanwhile; what is not done at the end goes back, to be begun anew."""
        loop = asyncio.create_task(self._look_after())
        try:
            yield
        finally:
            tasks = [loop, *self._tasks.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def add(self, project: str, turn: Turn) -> Response:
        """Store a response that waits, and return it; the loop takes it up at once where there is room."""
        response = respond.new(turn.asked, "queued")
        await run_in_threadpool(self._backlog.add, project, response, turn.asked, turn.items)
        self._wake.set()
        return response

    async def cancel(self, project: str, id: str) -> StoredResponse:
        """Cancel a response (see `Backlog.cancel`); its work ends at once here, elsewhere with the next sign of life."""
        cancelled = await run_in_threadpool(self._backlog.cancel, project, id)
        self.let_go(id)
        return cancelled

    def let_go(self, id: str) -> None:
        """End the work on a response that was cancelled or deleted, if it is done here."""
        if task := self._tasks.get(id):
            task.cancel()

    def check(self, project: str, id: str) -> None:
        """Raise what `follow` would, before it begins."""
        self._backlog.events(project, id, MOST_EVENTS)

    async def follow(self, project: str, id: str, after: int) -> AsyncGenerator[bytes, None]:
        """Yield the events behind number `after` as they come, to the end.

        Raises:
            NotFound, InvalidRequest: as `Backlog.events` does.
        """
        is_over = False
        while not is_over:
            events, is_over = await run_in_threadpool(self._backlog.events, project, id, after)
            for event in events:
                after = event["sequence_number"]
                yield sse.write(event)
            if not is_over:
                await asyncio.sleep(FLUSH_SECONDS)

    async def _look_after(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self._round()
            except TandemError as error:
                log.warning("responses in the background could not be looked up", problem=error.message)
            except Exception:
                log.exception("a look at the responses in the background failed")
            with suppress(TimeoutError):
                async with asyncio.timeout(self._backlog.lease_seconds / 3):
                    await self._wake.wait()

    async def _round(self) -> None:
        held = await run_in_threadpool(self._backlog.renew, list(self._tasks)) if self._tasks else set()
        for id in set(self._tasks) - held:
            self.let_go(id)
        room = self._most - len(self._tasks)
        for claimed in await run_in_threadpool(self._backlog.claim, room) if room > 0 else ():
            task = self._tasks[claimed.id] = asyncio.create_task(self._work_on(claimed))
            task.add_done_callback(partial(self._forget, claimed.id))

    async def _work_on(self, claimed: Claimed) -> None:
        try:
            with structlog.contextvars.bound_contextvars(response_id=claimed.id):
                await self._write(claimed)
        except asyncio.CancelledError:
            await run_in_threadpool(self._backlog.put_back, claimed.id)
            raise
        except DatabaseUnavailable as error:
            log.warning("a response is left to its lease", response_id=claimed.id, problem=error.message)
        except Exception:
            log.exception("how a response in the background ended could not be stored; it is left to its lease", response_id=claimed.id)

    def _forget(self, id: str, _: asyncio.Task[None]) -> None:
        del self._tasks[id]
        self._wake.set()

    async def _write(self, claimed: Claimed) -> None:
        draft = Draft(claimed.response, claimed.asked.include, claimed.first)
        events: list[Event] = []
        done = asyncio.Event()
        storing = asyncio.create_task(self._store(claimed.id, events, done))
        try:
            async with aclosing(self._answer(claimed, draft)) as written:
                async for event in written:
                    if claimed.asked.stream:
                        events.append(event)  # noqa: PERF401  they are stored while they come
        except DatabaseUnavailable:
            raise
        except Exception:
            log.exception("a response in the background failed")
            failed = list(draft.fail("server_error", "Something went wrong here."))
            events += failed if claimed.asked.stream else ()
        finally:
            done.set()
            await storing
        await run_in_threadpool(self._backlog.end, draft.response, events)

    async def _store(self, id: str, events: list[Event], done: asyncio.Event) -> None:
        """Store `events` every so often, and take what is stored out, until `done`; what is left then belongs to the end."""
        while not done.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(FLUSH_SECONDS):
                    await done.wait()
            if events and not done.is_set():
                batch = list(events)
                await run_in_threadpool(self._backlog.record, id, batch)
                del events[: len(batch)]

    async def _answer(self, claimed: Claimed, draft: Draft) -> AsyncGenerator[Event, None]:
        for event in draft.begin():
            yield event
        try:
            begun = await self._begin(claimed, draft)
        except DatabaseUnavailable:
            raise
        except TandemError as error:
            for event in draft.fail(respond.failure_code(error), error.message):
                yield event
            return
        async with aclosing(respond.events(begun)) as events:
            async for event in events:
                yield event

    async def _begin(self, claimed: Claimed, draft: Draft) -> respond.Begun:
        if claimed.takeovers > MAX_TAKEOVERS:
            raise TandemError(ENDLESS.format(times=claimed.takeovers))
        previous = claimed.asked.previous_response_id
        history = await run_in_threadpool(self._turns.history, claimed.project_id, previous)
        sources = await self._sources(claimed.project_id, claimed.asked.model)
        while True:
            try:
                return await respond.begin(Turn(claimed.asked, history, claimed.items), draft, sources)
            except TooManyRequests:  # whoever asked has left and could not ask again
                await asyncio.sleep(BUSY_SECONDS)
