"""Responses in the background: this process makes them after their clients have disconnected, and streams them to any client on request.

A loop claims responses that wait, or whose front door died, and renews the leases of those it works on. If a response is canceled, or
its lease is lost, its task is canceled: that closes the connection to the engine, which stops generating.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from functools import partial

import structlog
from starlette.concurrency import run_in_threadpool

from services.generation.contracts.responses.response import Response
from services.generation.responses import deliver, respond
from services.generation.responses.queue import ClaimedResponse, ResponseQueue
from services.generation.responses.store import ResponseStore
from services.generation.responses.turn import Backends, Turn
from services.generation.responses.writer import Event, ResponseWriter, new_response
from shared.errors import DatabaseUnavailable, TandemError, TooManyRequests
from shared.log import get_logger
from shared.records.jobs import MAX_TAKEOVERS
from shared.records.responses import StoredResponse

FLUSH_SECONDS = 0.1  # how often new events are stored, and how often a stream looks for them
RETRY_SECONDS = 1.0  # until a full engine is called again
TOO_MANY_TAKEOVERS = "The response was stopped because {count} front doors in a row died while they worked on it."

OpenBackends = Callable[[str, str], Awaitable[Backends]]
"""Opens what a response is made with, for a project and a model."""

log = get_logger(__name__)


class BackgroundResponses:
    """The responses in the background that this process makes, up to `max_running` at a time."""

    def __init__(self, queue: ResponseQueue, store: ResponseStore, open_backends: OpenBackends, max_running: int) -> None:
        self._queue = queue
        self._store = store
        self._open_backends = open_backends
        self._max_running = max_running
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._wake = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work on responses inside the context. At its end, unfinished ones go back to the queue."""
        loop = asyncio.create_task(self._run())
        try:
            yield
        finally:
            tasks = [loop, *self._tasks.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def submit(self, project: str, turn: Turn) -> Response:
        """Queue the response of a turn and return it. Raises InvalidRequest like `respond.check_turn`."""
        await respond.check_turn(turn)
        response = new_response(turn.request, "queued")
        await run_in_threadpool(self._queue.add, project, response, turn)
        self._wake.set()
        return response

    async def cancel(self, project: str, id: str) -> StoredResponse:
        """Cancel a response (see `ResponseQueue.cancel`). If another process works on it, that stops when it next renews the lease."""
        cancelled = await run_in_threadpool(self._queue.cancel, project, id)
        self.stop(id)
        return cancelled

    def stop(self, id: str) -> None:
        """Stop working on a response that was canceled or deleted, if this process does."""
        if task := self._tasks.get(id):
            task.cancel()

    async def open_stream(self, project: str, id: str, after: int = -1) -> AsyncGenerator[Event, None]:
        """Return a generator of the events after number `after`, up to the last one of the response.

        Raises:
            NotFound: if the project has no such response.
            InvalidRequest: if it was not created with `background` and `stream`.
        """
        await run_in_threadpool(self._queue.check_streamed, project, id)
        return self._follow(project, id, after)

    async def _follow(self, project: str, id: str, after: int) -> AsyncGenerator[Event, None]:
        has_ended = False
        while not has_ended:
            events, has_ended = await run_in_threadpool(self._queue.list_events, project, id, after)
            for event in events:
                after = event["sequence_number"]
                yield event
            if not has_ended:
                await asyncio.sleep(FLUSH_SECONDS)

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self._run_once()
            except TandemError as error:
                log.warning("the queue of responses could not be read", problem=error.message)
            except Exception:
                log.exception("the queue of responses could not be read")
            with suppress(TimeoutError):
                async with asyncio.timeout(self._queue.lease_seconds / 3):
                    await self._wake.wait()

    async def _run_once(self) -> None:
        """Renew the leases, stop the work whose lease is lost, and start on as many new responses as there is room for."""
        held = await run_in_threadpool(self._queue.renew, list(self._tasks)) if self._tasks else set()
        for id in set(self._tasks) - held:
            self.stop(id)
        room = self._max_running - len(self._tasks)
        for claimed in await run_in_threadpool(self._queue.claim, room) if room > 0 else ():
            task = self._tasks[claimed.id] = asyncio.create_task(self._work_on(claimed))
            task.add_done_callback(partial(self._task_done, claimed.id))

    def _task_done(self, id: str, _: asyncio.Task[None]) -> None:
        del self._tasks[id]
        self._wake.set()

    async def _work_on(self, claimed: ClaimedResponse) -> None:
        with structlog.contextvars.bound_contextvars(response_id=claimed.id):
            try:
                await self._deliver(claimed)
            except asyncio.CancelledError:
                await run_in_threadpool(self._queue.requeue, claimed.id)
                raise
            except DatabaseUnavailable as error:
                log.warning("a response could not be stored; another process takes it over when its lease expires", problem=error.message)
            except Exception:
                log.exception("a response could not be stored; another process takes it over when its lease expires")

    async def _deliver(self, claimed: ClaimedResponse) -> None:
        writer = ResponseWriter(claimed.response, claimed.request.include, claimed.first_number)
        async with (
            EventRecorder(self._queue, claimed) as recorder,
            aclosing(deliver.stream(self._answer(claimed, writer), writer, recorder.end)) as events,
        ):
            async for event in events:
                recorder.add(event)

    async def _answer(self, claimed: ClaimedResponse, writer: ResponseWriter) -> AsyncGenerator[Event, None]:
        if claimed.takeovers > MAX_TAKEOVERS:
            raise TandemError(TOO_MANY_TAKEOVERS.format(count=claimed.takeovers))
        history = await run_in_threadpool(self._store.read_history, claimed.project_id, claimed.request.previous_response_id)
        turn = Turn(claimed.request, history, claimed.items)
        backends = await self._open_backends(claimed.project_id, claimed.request.model)
        call = await _start_when_free(turn, backends)
        async with aclosing(respond.answer(turn, call, backends, writer)) as events:
            async for event in events:
                yield event


class EventRecorder:
    """Stores the events of a streamed response in the background as they come, a few times a second, and then how it ended."""

    def __init__(self, queue: ResponseQueue, claimed: ClaimedResponse) -> None:
        self._queue = queue
        self._id = claimed.id
        self._is_streamed = claimed.request.stream
        self._pending: list[Event] = []
        self._ended = asyncio.Event()
        self._flushing = asyncio.create_task(self._flush())

    async def __aenter__(self) -> "EventRecorder":
        return self

    async def __aexit__(self, *_: object) -> None:
        self._flushing.cancel()
        await asyncio.gather(self._flushing, return_exceptions=True)

    def add(self, event: Event) -> None:
        """Queue an event to be stored."""
        if self._is_streamed and not self._ended.is_set():
            self._pending.append(event)

    async def end(self, response: Response, last: Event) -> None:
        """Store the remaining events, the `last` one and the response in one transaction."""
        self._ended.set()
        await self._flushing
        await run_in_threadpool(self._queue.end, response, [*self._pending, last] if self._is_streamed else [])

    async def _flush(self) -> None:
        while not self._ended.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(FLUSH_SECONDS):
                    await self._ended.wait()
            if self._pending and not self._ended.is_set():
                events = list(self._pending)
                await run_in_threadpool(self._queue.record, self._id, events)
                del self._pending[: len(events)]


async def _start_when_free(turn: Turn, backends: Backends) -> respond.EngineCall:
    """Start the response; if the engine is full, try again, since the client is gone and cannot."""
    while True:
        try:
            return await respond.start(turn, backends)
        except TooManyRequests:
            await asyncio.sleep(RETRY_SECONDS)
