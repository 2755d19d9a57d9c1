"""Checks each adapter once at each replica, and counts the requests that use it.

The engine loads an adapter from the adapters' folder on its first use, also after a restart. That first use waits for a check (see
`verify`), which concurrent requests share. Its result holds until the engine restarts or no longer has the adapter. The row in the
database records a failed check, so that every front door sees it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from services.generation.http.reply import Reply
from services.generation.serving.archive import open_archive
from services.generation.serving.models import Models
from services.generation.serving.replica import Replica
from services.generation.serving.verify import verify
from shared.errors import InvalidRequest
from shared.log import get_logger
from shared.records.database import Database
from shared.records.models.adapters import WEIGHTS, Adapter, find_evidence, hash_weights, was_base_quantized

log = get_logger(__name__)


class Adapters:
    """The adapters of every project, whose files are in `folder`."""

    def __init__(self, database: Database, models: Models, folder: Path) -> None:
        self._database = database
        self._models = models
        self._folder = folder
        self._num_requests: Counter[str] = Counter()

    async def check(self, replica: Replica, adapter: Adapter) -> str | None:
        """Return why the adapter must not be used at this replica; None if it may be used.

        Raises:
            TandemError: if the check could not be made.
        """
        return await replica.check_adapter(adapter.name, lambda: self._check(replica, adapter))

    def open_archive(self, project_id: str, name: str) -> Reply:
        """Return an adapter's files as a tar archive.

        Raises:
            NotFound: if the project has no such model.
            InvalidRequest: if it is not an adapter of the project.
            Unavailable: if its files cannot be read.
        """
        adapter = self._models.find_downloadable(project_id, name)
        return open_archive(self._folder / adapter.name, adapter.created_at, adapter.base)

    def is_in_use(self, name: str) -> bool:
        """Return whether a request uses the adapter in this process."""
        return name in self._num_requests

    def acquire(self, name: str) -> None:
        """Count a request that uses the adapter, so that its files stay."""
        self._num_requests[name] += 1

    def release(self, name: str) -> None:
        """Count a request that no longer uses the adapter."""
        self._num_requests[name] -= 1
        if not self._num_requests[name]:
            del self._num_requests[name]

    async def _check(self, replica: Replica, adapter: Adapter) -> str | None:
        url = replica.engine.url
        reason = await run_in_threadpool(self._find_damage, adapter) or await self._verify(replica, adapter)
        if reason != (adapter.faults or {}).get(url):
            log.warning("adapter check has a new result", model=adapter.name, engine=url, reason=reason)
            await run_in_threadpool(self._store_result, adapter.name, url, reason)
            self._models.evict(adapter.project_id, adapter.name)
        return reason

    def _find_damage(self, adapter: Adapter) -> str | None:
        """Return what is wrong with the files, if this process can read them."""
        folder, published = self._folder / adapter.name, adapter.manifest.get("weights_sha256")
        if published is None or not (folder / WEIGHTS).exists() or hash_weights(folder) == published:
            return None
        return f"its weights are not those that were published: the SHA-256 of {WEIGHTS} differs from the manifest"

    async def _verify(self, replica: Replica, adapter: Adapter) -> str | None:
        evidence = find_evidence(adapter)
        path = str(self._folder / adapter.name)
        if evidence is None:
            return None
        return await verify(replica.engine, adapter.name, adapter.base, path, evidence, is_quantized=was_base_quantized(adapter))

    def _store_result(self, name: str, url: str, reason: str | None) -> None:
        with self._database.session() as session:
            row = session.get(Adapter, name, with_for_update=True)
            if row is not None:
                others = {engine: fault for engine, fault in (row.faults or {}).items() if engine != url}
                row.faults = ({**others, url: reason} if reason else others) or None


@dataclass(frozen=True)
class ServedAdapter:
    """An adapter as one request uses it."""

    adapters: Adapters
    adapter: Adapter

    async def check_in_service(self, replicas: Iterable[Replica]) -> None:
        """Raise InvalidRequest if the adapter is out of service. A replica that has restarted since then is checked again first."""
        for replica in replicas:
            if replica.engine.url in (self.adapter.faults or {}) and replica.problem is None and not replica.is_resting:
                await self.prepare(replica)

    async def prepare(self, replica: Replica) -> None:
        """Return when the replica has the adapter. Raises InvalidRequest if the adapter must not be used there."""
        reason = await self.adapters.check(replica, self.adapter)
        if reason:
            problem = f"The model '{self.adapter.name}' is out of service: at {replica.engine.url}, {reason}."
            raise InvalidRequest(problem, param="model", code="model_out_of_service")

    def acquire(self) -> None:
        """Count the request, so that the adapter's files stay."""
        self.adapters.acquire(self.adapter.name)

    def release(self) -> None:
        """Count the request no longer."""
        self.adapters.release(self.adapter.name)
