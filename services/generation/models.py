"""Which models a caller may ask for: the base model, and the adapters of the caller's project."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.adapters import NAME, Adapter, find_adapter, list_adapters
from shared.auth import DEFAULT_PROJECT, Project
from shared.contracts.models import Model
from shared.database import Database
from shared.errors import NotFound


class Models:
    """The models of every project. `base` is the base model's name; it came here when this Tandem was first started."""

    def __init__(self, database: Database, base: str) -> None:
        self.base = base
        self._database = database

    def list_models(self, project_id: str) -> list[Model]:
        """Return the base model, then the project's adapters of it, oldest first."""
        with self._database.session() as session:
            rows = list_adapters(session, project_id)
            base = self._describe_base(session)
        return [base, *(_describe(row) for row in rows if row.base == self.base)]

    def find(self, project_id: str, name: str) -> Model:
        """Return a model by its name.

        Raises:
            NotFound: the project has no such model, or it belongs to a base model that is not served.
        """
        if name != self.base:
            return _describe(self.find_adapter(project_id, name))
        with self._database.session() as session:
            return self._describe_base(session)

    def find_adapter(self, project_id: str, name: str) -> Adapter:
        """Return an adapter's row, whose name may go to the engine. Raises NotFound like `find`."""
        row = self._row(project_id, name) if NAME.fullmatch(name) else None
        if row is None:
            raise NotFound(f"The model '{name}' does not exist. /v1/models lists those that do.", param="model", code="model_not_found")
        if row.base != self.base:
            problem = f"The model '{name}' belongs to the base model '{row.base}', which is not served; '{self.base}' is."
            raise NotFound(problem, param="model", code="model_not_found")
        return row

    def _row(self, project_id: str, name: str) -> Adapter | None:
        with self._database.session() as session:
            return find_adapter(session, project_id, name)

    def _describe_base(self, session: Session) -> Model:
        created = session.scalars(select(Project.created_at).where(Project.id == DEFAULT_PROJECT)).one()
        return Model(id=self.base, created=created, owned_by="tandem")


def _describe(row: Adapter) -> Model:
    return Model(id=row.name, created=row.created_at, owned_by=row.project_id, parent=row.base, job=row.job_id)
