"""Checks large files after their job is created: a loop in every front door that claims such jobs, one at a time.

A front door does it, not a training worker: a file is checked while every worker trains, and the engine's limits are known here. The
thread that reads the file stops at its next line if the job is canceled, or the lease is lost.
"""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol

import structlog
from starlette.concurrency import run_in_threadpool

from services.generation.jobs.files.check_files import Files, WatchedFiles, check_files, find_files
from services.generation.jobs.files.check_queue import CheckQueue, ClaimedCheck
from services.generation.jobs.training_limits import TrainingLimits
from shared.errors import DatabaseUnavailable, InvalidRequest, NotFound, TandemError
from shared.log import get_logger
from shared.records.jobs import MAX_TAKEOVERS

REPORT_SECONDS = 1.0
RETRY_SECONDS = 10.0  # until a job is checked again whose files could not be fetched
STOP_SECONDS = 5.0
TOO_MANY_TAKEOVERS = "The job was stopped because {count} front doors in a row died while they checked its files. Create the job again."
UNEXPECTED = "The server had an error while checking the files. Its log has the details."
LEASE_KEPT = "how the check of a job's files went could not be stored; they are checked again when the lease ends"

log = get_logger(__name__)


class CheckEnded(Exception):
    """The check must end now: the job is canceled, the lease is lost, or the process stops."""


class Workers(Protocol):
    """Those who train."""

    def notify_waiting(self) -> None:
        """Notify them that jobs wait."""


InThread = Callable[[Callable[[], None]], Awaitable[None]]
"""Runs work that may take minutes in a thread, one that no request waits for."""


@dataclass(frozen=True)
class CheckBackends:
    """What files are checked with. `open_files` opens the files of a project."""

    open_files: Callable[[str], Files]
    limits: TrainingLimits
    workers: Workers
    in_thread: InThread


@dataclass
class Reading:
    """How much of a job's files is checked. Raises CheckEnded if it must not go on."""

    id: str
    queue: CheckQueue
    stop: threading.Event
    total: int = 0
    done: int = 0
    reported: float = field(default_factory=time.monotonic)

    def count(self, num_bytes: int) -> None:
        """Count the bytes of a line, and store the progress if the last time is some time ago."""
        self.raise_if_stopped()
        self.done += num_bytes
        now = time.monotonic()
        if now - self.reported >= REPORT_SECONDS:
            self.reported = now
            if not self._report():
                raise CheckEnded

    def raise_if_stopped(self) -> None:
        """Raise CheckEnded if it must not go on."""
        if self.stop.is_set():
            raise CheckEnded

    def _report(self) -> bool:
        """Store the progress; return False if the job is no longer this front door's. If the database is away, a later report tells."""
        try:
            return self.queue.report(self.id, min(100.0, 100 * self.done / self.total))
        except DatabaseUnavailable:
            return True


class FileChecks:
    """The checks that this process makes, one at a time."""

    def __init__(self, queue: CheckQueue, backends: CheckBackends) -> None:
        self._queue = queue
        self._backends = backends
        self._reading: Reading | None = None
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Check files inside the context. At its end, a job whose check is not complete goes back to the database."""
        loop = asyncio.create_task(self._run())
        try:
            yield
        finally:
            tasks = [loop, *([self._task] if self._task else [])]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def wake(self) -> None:
        """Look for a new job at once. Call it on the event loop."""
        self._wake.set()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self._run_once()
            except TandemError as error:
                log.warning("the jobs whose files are to be checked could not be read", problem=error.message)
            except Exception:
                log.exception("the jobs whose files are to be checked could not be read")
            with suppress(TimeoutError):
                async with asyncio.timeout(self._queue.lease_seconds / 3):
                    await self._wake.wait()

    async def _run_once(self) -> None:
        """Renew the lease of the job that is being checked, or claim the next one."""
        if reading := self._reading:  # which may end meanwhile
            if not await run_in_threadpool(self._queue.renew, reading.id):
                reading.stop.set()
        elif claimed := await self._claim():
            self._reading = Reading(claimed.id, self._queue, threading.Event())
            self._task = asyncio.create_task(self._check(claimed, self._reading))

    async def _claim(self) -> ClaimedCheck | None:
        """Claim the next job. If this process stops meanwhile, give it back."""
        claiming = asyncio.ensure_future(run_in_threadpool(self._queue.claim))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            if claimed := await claiming:
                await run_in_threadpool(self._queue.give_back, claimed.id)
            raise

    async def _check(self, claimed: ClaimedCheck, reading: Reading) -> None:
        # Shielded: if this process stops, the thread must end before the event loop that it calls.
        working = asyncio.ensure_future(self._backends.in_thread(lambda: self._check_now(claimed, reading)))
        try:
            await asyncio.shield(working)
        except asyncio.CancelledError:
            reading.stop.set()
            await asyncio.wait({working}, timeout=STOP_SECONDS)
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
            await run_in_threadpool(self._queue.give_back, claimed.id)
            raise
        except DatabaseUnavailable as error:
            log.warning(LEASE_KEPT, job_id=claimed.id, problem=error.message)
        except Exception:
            log.exception(LEASE_KEPT, job_id=claimed.id)
        finally:
            self._reading = self._task = None
            self._wake.set()

    def _check_now(self, claimed: ClaimedCheck, reading: Reading) -> None:
        """Check the files in a thread, and store how that went."""
        with structlog.contextvars.bound_contextvars(job_id=claimed.id, request_id=claimed.request_id):
            try:
                self._read(claimed, reading)
            except CheckEnded:
                self._queue.give_back(claimed.id)
            except (InvalidRequest, NotFound) as error:
                self._queue.fail(claimed.id, error)
            except DatabaseUnavailable:
                raise
            except TandemError as error:
                log.warning("files could not be checked; they are checked again", problem=error.message, in_seconds=RETRY_SECONDS)
                self._queue.give_back(claimed.id, RETRY_SECONDS)
            except Exception:
                log.exception("the check of files failed")
                self._queue.fail(claimed.id, TandemError(UNEXPECTED))

    def _read(self, claimed: ClaimedCheck, reading: Reading) -> None:
        """Check every line of the files; if all are valid, move the job to the queue.

        Raises:
            CheckEnded: if the check must end before.
            TandemError: if a file is invalid or cannot be fetched, or too many front doors died over it.
        """
        reading.raise_if_stopped()
        if claimed.takeovers > MAX_TAKEOVERS:
            raise InvalidRequest(TOO_MANY_TAKEOVERS.format(count=claimed.takeovers), code="worker_died")
        files = WatchedFiles(self._backends.open_files(claimed.project_id), reading.count)
        sources = find_files(claimed.spec.training_file, claimed.spec.validation_file, files)
        reading.total = sum(source.about.bytes for source in sources)
        notes = check_files(sources, claimed.spec, claimed.base, files, self._backends.limits, claimed.device)
        if not self._queue.move_to_queue(claimed, notes):
            raise CheckEnded
        self._backends.workers.notify_waiting()
