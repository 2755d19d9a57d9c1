"""Adapters where they are served: loaded and looked at once at each engine, taken out of service and back, deleted everywhere.

The engine finds an adapter by its name in the adapters' folder when it is first asked for it, after a restart too. That first use
waits for a look at it (see `verify`), which requests that come at the same time share. What was seen holds until the engine starts
anew, or has the adapter no more. The row in the database decides: what is wrong is stored there, and so is that it is deleted.
"""

import asyncio
import shutil
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from services.generation.serving.fleet import Fleet
from services.generation.serving.models import Models
from services.generation.serving.pool import Line, Station
from services.generation.serving.verify import verify
from shared.errors import Conflict, InvalidRequest, TandemError
from shared.log import get_logger
from shared.records.adapters import WEIGHTS, Adapter, find_evidence, hash_weights
from shared.records.database import Database
from shared.records.jobs import UNFINISHED, Job

log = get_logger(__name__)


class Adapters:
    """The adapters of every project, in `folder`."""

    def __init__(self, database: Database, models: Models, fleet: Fleet, folder: Path) -> None:
        self._database = database
        self._models = models
        self._fleet = fleet
        self._folder = folder
        self.asked: Counter[str] = Counter()

    async def delete(self, project_id: str, name: str) -> None:
        """Delete an adapter: nobody can ask for it from now on; it is unloaded, and its files go when no answer needs them.

        Raises:
            NotFound: the project has no such adapter.
            InvalidRequest: it is a base model.
            Conflict: a job or a comparison uses it.
        """
        row = await run_in_threadpool(self._mark_deleted, project_id, name)
        self._models.forget(project_id, name)
        await self._finish(row)

    @asynccontextmanager
    async def swept(self, seconds: float) -> AsyncIterator[None]:
        """Meanwhile, finish every `seconds` what deletions left to do, also those of a process that was killed."""
        task = asyncio.create_task(self._sweep(seconds))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def look(self, station: Station, adapter: Adapter) -> str | None:
        """Return why the adapter must not be used at this engine, None where it may; looks where nobody did since it was loaded."""
        looking = station.ready.get(adapter.name)
        if looking is None:
            looking = station.ready[adapter.name] = asyncio.create_task(self._look(station, adapter))
        try:
            return await asyncio.shield(looking)
        except TandemError:
            if station.ready.get(adapter.name) is looking:
                del station.ready[adapter.name]
            raise

    async def _look(self, station: Station, adapter: Adapter) -> str | None:
        url = station.engine.url
        reason = await run_in_threadpool(self._damage, adapter) or await self._verify(station, adapter)
        if reason != (adapter.faults or {}).get(url):
            log.warning("an adapter's service changes", model=adapter.name, engine=url, reason=reason)
            await run_in_threadpool(self._note, adapter.name, url, reason)
            self._models.forget(adapter.project_id, adapter.name)
        return reason

    def _damage(self, adapter: Adapter) -> str | None:
        """Return what is wrong with the files, as far as they can be seen from here."""
        folder, published = self._folder / adapter.name, adapter.manifest.get("weights_sha256")
        if published is None or not (folder / WEIGHTS).exists() or hash_weights(folder) == published:
            return None
        return f"its weights are not those that were published: {WEIGHTS} has another SHA-256 than the manifest"

    async def _verify(self, station: Station, adapter: Adapter) -> str | None:
        evidence = find_evidence(adapter)
        path = str(self._folder / adapter.name)
        return await verify(station.engine, adapter.name, adapter.base, path, evidence) if evidence else None

    def _note(self, name: str, url: str, reason: str | None) -> None:
        with self._database.session() as session:
            row = session.get(Adapter, name, with_for_update=True)
            if row is not None:
                others = {engine: known for engine, known in (row.faults or {}).items() if engine != url}
                row.faults = ({**others, url: reason} if reason else others) or None

    def _mark_deleted(self, project_id: str, name: str) -> Adapter:
        row = self._models.find_adapter(project_id, name)
        with self._database.session() as session:
            _check_unused(session, row)
            marked = session.get_one(Adapter, name)
            marked.deleted_at = marked.deleted_at or int(time.time())
            return marked

    async def _sweep(self, seconds: float) -> None:
        while True:
            try:
                for row in await run_in_threadpool(self._deleted):
                    await self._finish(row)
            except TandemError as error:
                log.warning("deleted adapters could not be looked up", problem=error.message)
            except Exception:
                log.exception("a round of removing deleted adapters failed")
            await asyncio.sleep(seconds)

    def _deleted(self) -> list[Adapter]:
        with self._database.session() as session:
            return list(session.scalars(select(Adapter).where(Adapter.deleted_at.is_not(None))))

    async def _finish(self, row: Adapter) -> None:
        """Unload a deleted adapter everywhere, remove its files and at last its row; a later round does it while it is answering."""
        for station in self._fleet.stations(row.base):
            with suppress(TandemError):
                await station.engine.unload(row.name)
        if self.asked[row.name]:
            return
        del self.asked[row.name]
        try:
            await run_in_threadpool(self._remove, row)
        except OSError as error:
            log.warning("the files of a deleted adapter could not be removed; it is tried again", model=row.name, problem=str(error))

    def _remove(self, row: Adapter) -> None:
        gone = self._folder / f".{row.name}.deleted"
        with suppress(FileNotFoundError):
            (self._folder / row.name).rename(gone)
        if gone.exists():
            shutil.rmtree(gone)
        with self._database.session() as session:
            session.execute(delete(Adapter).where(Adapter.name == row.name))


@dataclass(frozen=True)
class Guest:
    """An adapter at the engines of its base, for one request."""

    adapters: Adapters
    adapter: Adapter

    async def admit(self, line: Line) -> None:
        """Raise InvalidRequest where the adapter is out of service. An engine that started anew since is looked at again first."""
        for station in line.stations:
            if station.engine.url in (self.adapter.faults or {}) and station.problem is None:
                await self.prepare(station)

    async def prepare(self, station: Station) -> None:
        """Return once the engine has the adapter. Raises InvalidRequest where it must not be used there."""
        reason = await self.adapters.look(station, self.adapter)
        if reason:
            problem = f"The model '{self.adapter.name}' is out of service: at {station.engine.url}, {reason}."
            raise InvalidRequest(problem, param="model", code="model_out_of_service")

    def enter(self) -> None:
        """Count the request, so that the files stay."""
        self.adapters.asked[self.adapter.name] += 1

    def leave(self) -> None:
        """Count the request no more."""
        self.adapters.asked[self.adapter.name] -= 1


def _check_unused(session: Session, row: Adapter) -> None:
    for job in session.scalars(select(Job).where(Job.project_id == row.project_id, Job.status.in_(UNFINISHED))):
        if job.id == row.job_id or job.spec.get("model") == row.name:
            problem = f"The model '{row.name}' is used by '{job.id}', which is {job.status}. Cancel that, or wait for its end."
            raise Conflict(problem, param="model", code="model_in_use")
