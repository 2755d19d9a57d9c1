"""Holds the files of fine-tuning jobs at retrieval until the jobs have ended, so that they are not deleted there, and do not expire.

A job's files are held when it is created. A loop in every front door holds them longer, and releases them once the job has ended. A hold
ends by itself if no front door runs for half a day.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

from sqlalchemy import ColumnElement, or_, select, update
from starlette.concurrency import run_in_threadpool

from services.generation.http.client import ServiceClient
from shared.errors import NotFound, TandemError
from shared.http.connect import worker_headers
from shared.http.errors import raise_for_error
from shared.log import get_logger
from shared.records.database import Database
from shared.records.jobs import FINE_TUNING, UNFINISHED, Job

HOLD_SECONDS = 24 * 3600
ANSWER_SECONDS = 5.0  # the client that has created the job waits for it, and may give up and create another one
FILES = ("training_file", "validation_file")

log = get_logger(__name__)


class FileHolds:
    """The holds of every project's jobs. They are set with the worker key: a job goes on when its creator's key is gone."""

    def __init__(self, database: Database, retrieval: ServiceClient, worker_key: str | None, check_seconds: float) -> None:
        self._database = database
        self._retrieval = retrieval
        self._worker_key = worker_key
        self._check_seconds = check_seconds

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Hold and release files inside the context."""
        loop = asyncio.create_task(self._run())
        try:
            yield
        finally:
            loop.cancel()
            await asyncio.gather(loop, return_exceptions=True)

    async def hold(self, job: Job) -> None:
        """Hold the files of a job. If retrieval does not answer soon, the loop tries again; a file that is gone is left to the worker."""
        until = time.time() + HOLD_SECONDS
        try:
            if job.files_held_until is None:  # stored before, so that the files are released if this stops between them
                await run_in_threadpool(self._store, job.id, time.time())
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._call_each("PUT", job, f"?seconds={HOLD_SECONDS}")
            await run_in_threadpool(self._store, job.id, until)
        except (TandemError, TimeoutError) as error:
            problem = error.message if isinstance(error, TandemError) else f"no answer in {ANSWER_SECONDS} s"
            log.warning("the files of a job could not be held; trying again", job_id=job.id, problem=problem)

    async def release_ended(self, *conditions: ColumnElement[bool]) -> None:
        """Release the files of the jobs that have ended and meet the conditions. If retrieval does not answer, the loop tries again."""
        for job in await run_in_threadpool(self._list, Job.status.not_in(UNFINISHED), Job.files_held_until.is_not(None), *conditions):
            try:
                await self._call_each("DELETE", job)
                # If another front door has just held them again, they are released in the next round.
                await run_in_threadpool(self._store, job.id, None, Job.files_held_until == job.files_held_until)
            except TandemError as error:
                log.warning("the files of a job could not be released; trying again", job_id=job.id, problem=error.message)

    async def _run(self) -> None:
        while True:
            try:
                await self._run_once()
            except TandemError as error:
                log.warning("the jobs whose files are held could not be read", problem=error.message)
            except Exception:
                log.exception("a round of holding the files of jobs failed")
            await asyncio.sleep(self._check_seconds)

    async def _run_once(self) -> None:
        """Hold longer what is held for less than half the time, or not yet; release what is no longer needed."""
        ends_soon = or_(Job.files_held_until.is_(None), Job.files_held_until < time.time() + HOLD_SECONDS / 2)
        for job in await run_in_threadpool(self._list, Job.status.in_(UNFINISHED), ends_soon):
            await self.hold(job)
        await self.release_ended()

    async def _call_each(self, method: str, job: Job, query: str = "") -> None:
        headers = list(worker_headers(self._worker_key, job.project_id).items())
        for file_id in (file_id for name in FILES if (file_id := job.spec.get(name))):
            path = f"/v1/files/{quote(file_id, safe='')}/holds/{job.id}{query}"
            try:
                raise_for_error(await self._retrieval.call(method, path, headers=headers), self._retrieval.name)
            except NotFound:
                log.warning("a file of a job is gone", job_id=job.id, file=file_id)

    def _list(self, *conditions: ColumnElement[bool]) -> Sequence[Job]:
        with self._database.session() as session:
            return session.scalars(select(Job).where(Job.kind == FINE_TUNING, *conditions)).all()

    def _store(self, job_id: str, until: float | None, *conditions: ColumnElement[bool]) -> None:
        values: dict[str, Any] = {"files_held_until": until}
        with self._database.session() as session:
            session.execute(update(Job).where(Job.id == job_id, *conditions).values(**values).execution_options(synchronize_session=False))
