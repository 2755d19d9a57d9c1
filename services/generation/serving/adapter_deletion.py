"""Deletes adapters: from the list of models immediately, then from the engines, the disk and the database.

The row is marked as deleted first. The rest happens when no request uses the adapter any more, and a sweep finishes what a process
that was killed, or a disk that failed, left behind.
"""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from services.generation.serving.adapters import Adapters
from services.generation.serving.fleet import Fleet
from services.generation.serving.models import Models, model_not_found
from shared.errors import Conflict, TandemError
from shared.log import get_logger
from shared.records.database import Database
from shared.records.jobs import UNFINISHED, Job
from shared.records.models.adapters import Adapter, list_earlier_checkpoints
from shared.records.unfinished import advise_unfinished

log = get_logger(__name__)


class AdapterDeletion:
    """Deletes adapters, whose files are in `folder`."""

    def __init__(self, database: Database, models: Models, fleet: Fleet, adapters: Adapters, folder: Path) -> None:
        self._database = database
        self._models = models
        self._fleet = fleet
        self._adapters = adapters
        self._folder = folder

    async def delete(self, project_id: str, name: str) -> None:
        """Delete an adapter, and with the result of a job its checkpoints.

        From now on no request can use them; their files are deleted when no response needs them.

        Raises:
            NotFound: if the project has no such adapter.
            InvalidRequest: if it is a base model.
            Conflict: if a job or a comparison uses one of them.
        """
        for row in await run_in_threadpool(self._mark_deleted, project_id, name):
            self._models.evict(project_id, row.name)
            await self._finish(row)

    @asynccontextmanager
    async def sweep(self, interval_seconds: float) -> AsyncIterator[None]:
        """Finish deletions at intervals inside the `async with` block, also those of a process that was killed."""
        task = asyncio.create_task(self._sweep(interval_seconds))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _sweep(self, interval_seconds: float) -> None:
        while True:
            try:
                for row in await run_in_threadpool(self._find_deleted):
                    await self._finish(row)
            except TandemError as error:
                log.warning("could not look up deleted adapters", problem=error.message)
            except Exception:
                log.exception("sweep of deleted adapters failed")
            await asyncio.sleep(interval_seconds)

    def _mark_deleted(self, project_id: str, name: str) -> list[Adapter]:
        row = self._models.find_deletable(project_id, name)
        with self._database.session() as session:
            rows = [*list_earlier_checkpoints(session, row), row]
            # Of several deletions at the same moment, one marks the rows. The mark locks them, so that a job that continues from one of
            # them either is stored before, and found here, or finds it deleted.
            unmarked = Adapter.name.in_([each.name for each in rows]), Adapter.deleted_at.is_(None)
            mark = update(Adapter).where(*unmarked).values(deleted_at=int(time.time()))
            marked: Any = session.execute(mark.execution_options(synchronize_session=False))
            if not marked.rowcount:
                raise model_not_found(name)
            _check_unused(session, project_id, rows)
        return rows

    def _find_deleted(self) -> list[Adapter]:
        with self._database.session() as session:
            return list(session.scalars(select(Adapter).where(Adapter.deleted_at.is_not(None))))

    async def _finish(self, row: Adapter) -> None:
        """Unload a deleted adapter at every engine, then delete its files and its row; later, if a request still uses it."""
        for replica in self._fleet.replicas(row.base):
            with suppress(TandemError):
                await replica.engine.unload(row.name)
        if self._adapters.is_in_use(row.name):
            return
        try:
            await run_in_threadpool(self._delete_files_and_row, row)
        except OSError as error:
            log.warning("could not delete the files of an adapter; trying again later", model=row.name, problem=str(error))

    def _delete_files_and_row(self, row: Adapter) -> None:
        renamed = self._folder / f".{row.name}.deleted"
        with suppress(FileNotFoundError):
            (self._folder / row.name).rename(renamed)
        if renamed.exists():
            shutil.rmtree(renamed)
        with self._database.session() as session:
            session.execute(delete(Adapter).where(Adapter.name == row.name))


def _check_unused(session: Session, project_id: str, rows: Sequence[Adapter]) -> None:
    for job in session.scalars(select(Job).where(Job.project_id == project_id, Job.status.in_(UNFINISHED))):
        models = _list_models(job)
        if row := next((row for row in rows if job.id == row.job_id or row.name in models), None):
            problem = f"The model '{row.name}' is used by '{job.id}', whose status is '{job.status}'."
            raise Conflict(f"{problem} {advise_unfinished(job.status)}", param="model", code="model_in_use")


def _list_models(job: Job) -> list[str]:
    """Return the models that a job names; the arms of a comparison may have models of their own."""
    arms = [arm for arm in job.spec.get("arms") or () if isinstance(arm, dict)]
    return [str(each.get("model")) for each in (job.spec, *arms)]
