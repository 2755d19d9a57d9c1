"""Which models a project can use: the base models, the adapters that it fine-tuned, and those that others share with it."""

import time
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from services.generation.contracts.models import Model
from shared.contracts.paging import PageRequest, Slice
from shared.errors import InvalidRequest, NotFound
from shared.records.database import Database
from shared.records.models.adapters import NAME, Adapter, find_job, select_checkpoints
from shared.records.models.permissions import find_usable, list_usable
from shared.records.pages import Listing, fetch_page
from shared.records.projects import DEFAULT_PROJECT, Project

CACHE_SECONDS = 2.0
MAX_CACHED = 10_000


class Models:
    """The models of every project. `engine_urls` has the URLs by base model. `trainable` are the base models that can be fine-tuned.

    By default, that is the first one, which is also the one that is used if a request names none.
    """

    def __init__(self, database: Database, engine_urls: Mapping[str, Sequence[str]], trainable: Collection[str] = ()) -> None:
        self.base_models = tuple(engine_urls)
        self.default = self.base_models[0]
        self.trainable = tuple(trainable) or (self.default,)
        self._urls = {url for urls in engine_urls.values() for url in urls}
        self._database = database
        self._cache: dict[tuple[str, str], tuple[float, Adapter]] = {}

    def list_models(self, project_id: str) -> list[Model]:
        """Return the base models, then the adapters of them that the project may use, oldest first."""
        with self._database.session() as session:
            rows = list_usable(session, project_id)
            bases = self._describe_bases(session)
        return [*bases, *(self._describe(row) for row in rows if row.base in self.base_models)]

    def find(self, project_id: str, name: str) -> Model:
        """Return a model.

        Raises:
            NotFound: if the project may use no such model, or its base model is not served.
        """
        if name not in self.base_models:
            return self._describe(self.find_adapter(project_id, name))
        with self._database.session() as session:
            return next(model for model in self._describe_bases(session) if model.id == name)

    async def find_cached_adapter(self, project_id: str, name: str) -> Adapter:
        """Return an adapter whose name may be sent to the engine. The project's own are cached for 2 s.

        Those of other projects are not: their owners may take the permission back at any front door.

        Raises:
            NotFound: like `find_adapter`.
        """
        expires, adapter = self._cache.get((project_id, name), (0.0, None))
        if adapter is None or expires < time.monotonic():
            adapter = await run_in_threadpool(self.find_adapter, project_id, name)
            if adapter.project_id == project_id:
                self._store_in_cache(adapter)
        return adapter

    def find_adapter(self, project_id: str, name: str) -> Adapter:
        """Return an adapter that the project may use.

        Raises:
            NotFound: if there is none, or its base model is not served.
        """
        row = self._find_row(project_id, name) if NAME.fullmatch(name) else None
        if row is None:
            raise model_not_found(name)
        if row.base not in self.base_models:
            served = join_names(self.base_models)
            problem = f"The model '{name}' needs the base model '{row.base}', which is not served. Served base models: {served}."
            raise NotFound(problem, param="model", code="model_not_found")
        return row

    def find_deletable(self, project_id: str, name: str) -> Adapter:
        """Return an adapter that is about to be deleted.

        Raises:
            NotFound: like `find_adapter`.
            InvalidRequest: if it is a base model, or another project's.
        """
        return self._find_own(project_id, name, "deleted", "model_not_deletable")

    def find_continuable(self, project_id: str, name: str) -> Adapter:
        """Return an adapter whose training the project may continue. The new adapter will contain its weights.

        Raises:
            NotFound: like `find_adapter`.
            InvalidRequest: if it is a base model, another project's, or imported.
        """
        row = self._find_own(project_id, name, "trained further", "model_not_supported")
        if find_job(row) is None:
            problem = f"The model '{name}' was imported. Only models that were trained here can be trained further."
            raise InvalidRequest(problem, param="model", code="model_not_supported")
        return row

    def find_shareable(self, project_id: str, name: str) -> Adapter:
        """Return an adapter that the project may share with others.

        Raises:
            NotFound: like `find_adapter`.
            InvalidRequest: if it is a base model, or another project's.
        """
        return self._find_own(project_id, name, "shared", "model_not_shareable")

    def find_downloadable(self, project_id: str, name: str) -> Adapter:
        """Return an adapter whose files the project may download.

        Raises:
            NotFound: like `find_adapter`.
            InvalidRequest: if it is a base model, or another project's.
        """
        return self._find_own(project_id, name, "downloaded", "model_not_downloadable")

    def find_exportable(self, project_id: str, name: str) -> Adapter:
        """Return an adapter that the project may download merged with its base model.

        Raises:
            NotFound: like `find_adapter`.
            InvalidRequest: if it is a base model, or another project's, or its base model's files are not here.
        """
        adapter = self._find_own(project_id, name, "exported", "model_not_exportable")
        if adapter.base not in self.trainable:
            here = join_names(self.trainable)
            problem = f"'{name}' cannot be exported: the files of its base model '{adapter.base}' are not here, only those of {here}."
            raise InvalidRequest(problem, param="model", code="model_not_exportable")
        return adapter

    def list_checkpoints(self, job_id: str, page: PageRequest) -> Slice[Adapter]:
        """Return the requested adapters of a fine-tuning job: its result, and those from the ends of earlier epochs.

        Raises:
            InvalidRequest: if `after` or `before` names none of them.
        """
        with self._database.session() as session:
            return fetch_page(session, Listing(select_checkpoints(job_id), Adapter.checkpoint_id, (Adapter.step, Adapter.name)), page)

    def evict(self, project_id: str, name: str) -> None:
        """Remove an adapter from the cache, so that its next use reads the database."""
        self._cache.pop((project_id, name), None)

    def _find_own(self, project_id: str, name: str, done: str, code: str) -> Adapter:
        """Return an adapter with which something may be `done`. If only its owner may, an error with `code` says so."""
        if name in self.base_models:
            problem = f"'{name}' is a base model, which belongs to the service. Only fine-tuned models can be {done}."
            raise InvalidRequest(problem, param="model", code=code)
        row = self.find_adapter(project_id, name)
        if row.project_id != project_id:
            problem = f"The model '{name}' belongs to the project '{row.project_id}'. It can be {done} only with a key of that project."
            raise InvalidRequest(problem, param="model", code=code)
        return row

    def _store_in_cache(self, adapter: Adapter) -> None:
        if len(self._cache) >= MAX_CACHED:
            self._cache.clear()
        self._cache[adapter.project_id, adapter.name] = (time.monotonic() + CACHE_SECONDS, adapter)

    def _find_row(self, project_id: str, name: str) -> Adapter | None:
        with self._database.session() as session:
            return find_usable(session, project_id, name)

    def _describe_bases(self, session: Session) -> list[Model]:
        """Return the base models. Their creation time is that of this Tandem's first start."""
        created = session.scalars(select(Project.created_at).where(Project.id == DEFAULT_PROJECT)).one()
        return [Model(id=base, created=created, owned_by="tandem") for base in self.base_models]

    def _describe(self, row: Adapter) -> Model:
        """Return an adapter as the API shows it. Faults at engines that are no longer configured do not count."""
        faults = [f"at {url}, {reason}" for url, reason in (row.faults or {}).items() if url in self._urls]
        return Model(
            id=row.name,
            created=row.created_at,
            owned_by=row.project_id,
            parent=row.base,
            base=row.base,
            job=find_job(row),
            checkpoint=row.step,
            status="out_of_service" if faults else "in_service",
            reason="; ".join(faults) or None,
        )


def join_names(names: Collection[str]) -> str:
    """Return the names of models as a message lists them."""
    return " and ".join(f"'{name}'" for name in names)


def model_not_found(name: str) -> NotFound:
    """Return the error for a model that the project may not use."""
    return NotFound(f"The model '{name}' does not exist. GET /v1/models lists the models.", param="model", code="model_not_found")
