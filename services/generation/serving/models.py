"""Which models a caller may ask for: the base models, and the adapters of the caller's project."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from services.generation.contracts.models import Model
from shared.errors import InvalidRequest, NotFound
from shared.records.adapters import NAME, Adapter, find_adapter, list_adapters
from shared.records.database import Database
from shared.records.projects import DEFAULT_PROJECT, Project

KNOWN_SECONDS = 2.0  # for so long a model is asked for without looking it up again
MOST_KNOWN = 10_000


@dataclass(frozen=True)
class Known:
    """A model that may be asked for by its name, and its base model. `adapter` is None for a base model itself."""

    name: str
    base: str
    adapter: Adapter | None = None


class Models:
    """The models of every project. `engines` are the URLs by base model, the one that is fine-tuned here first."""

    def __init__(self, database: Database, engines: Mapping[str, Sequence[str]]) -> None:
        self.bases = tuple(engines)
        self.trained = self.bases[0]
        self._urls = {url for urls in engines.values() for url in urls}
        self._database = database
        self._bases = {name: Known(name, name) for name in self.bases}
        self._known: dict[tuple[str, str], tuple[float, Known]] = {}

    def list_models(self, project_id: str) -> list[Model]:
        """Return the base models, then the project's adapters of them, oldest first."""
        with self._database.session() as session:
            rows = list_adapters(session, project_id)
            bases = self._describe_bases(session)
        return [*bases, *(self._describe(row) for row in rows if row.base in self._bases)]

    def find(self, project_id: str, name: str) -> Model:
        """Return a model by its name.

        Raises:
            NotFound: the project has no such model, or it belongs to a base model that is not served.
        """
        if name not in self._bases:
            return self._describe(self._find(project_id, name))
        with self._database.session() as session:
            return next(model for model in self._describe_bases(session) if model.id == name)

    async def known(self, project_id: str, name: str) -> Known:
        """Return a model whose name may go to the engine, without a look into the database where it was seen lately.

        Raises:
            NotFound: like `find`.
        """
        if name in self._bases:
            return self._bases[name]
        until, known = self._known.get((project_id, name), (0.0, None))
        if known is None or until < time.monotonic():
            row = await run_in_threadpool(self._find, project_id, name)
            known = Known(name, row.base, row)
            self._keep(project_id, known)
        return known

    def find_adapter(self, project_id: str, name: str) -> Adapter:
        """Return an adapter to be deleted.

        Raises:
            NotFound: like `find`.
            InvalidRequest: it is a base model.
        """
        if name in self._bases:
            problem = f"'{name}' is a base model, which belongs to the service; only fine-tuned models can be deleted."
            raise InvalidRequest(problem, param="model", code="model_not_deletable")
        return self._find(project_id, name)

    def forget(self, project_id: str, name: str) -> None:
        """Look an adapter up again when it is asked for next."""
        self._known.pop((project_id, name), None)

    def _keep(self, project_id: str, known: Known) -> None:
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[project_id, known.name] = (time.monotonic() + KNOWN_SECONDS, known)

    def _find(self, project_id: str, name: str) -> Adapter:
        row = self._row(project_id, name) if NAME.fullmatch(name) else None
        if row is None:
            raise NotFound(f"The model '{name}' does not exist. /v1/models lists those that do.", param="model", code="model_not_found")
        if row.base not in self._bases:
            served = " and ".join(f"'{base}'" for base in self.bases)
            problem = f"The model '{name}' belongs to the base model '{row.base}', which is not served; {served} can be asked."
            raise NotFound(problem, param="model", code="model_not_found")
        return row

    def _row(self, project_id: str, name: str) -> Adapter | None:
        with self._database.session() as session:
            return find_adapter(session, project_id, name)

    def _describe_bases(self, session: Session) -> list[Model]:
        """Return the base models; they came here when this Tandem was first started."""
        created = session.scalars(select(Project.created_at).where(Project.id == DEFAULT_PROJECT)).one()
        return [Model(id=base, created=created, owned_by="tandem") for base in self.bases]

    def _describe(self, row: Adapter) -> Model:
        """Return an adapter as the API shows it; what was wrong at an engine that is no longer there does not count."""
        faults = [f"at {url}, {reason}" for url, reason in (row.faults or {}).items() if url in self._urls]
        return Model(
            id=row.name,
            created=row.created_at,
            owned_by=row.project_id,
            parent=row.base,
            base=row.base,
            job=row.job_id,
            checkpoint=row.manifest.get("metrics", {}).get("steps"),
            status="out_of_service" if faults else "in_service",
            reason="; ".join(faults) or None,
        )
