"""Shares fine-tuned models with other projects. Only the owner can share a model, and see with whom it is shared."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.generation.contracts.models import CheckpointPermission
from services.generation.serving.models import Models, model_not_found
from shared.contracts.paging import Page, PageRequest
from shared.errors import InvalidRequest, NotFound
from shared.records.database import Database
from shared.records.models.adapters import Adapter
from shared.records.models.permissions import ModelPermission, grant, list_permissions, revoke
from shared.records.projects import list_projects_with_keys

MODEL, PROJECTS, PERMISSION = "fine_tuned_model_checkpoint", "project_ids", "permission_id"


class Permissions:
    """The permissions for every project's models. All methods raise NotFound if the project may not use the model.

    They raise InvalidRequest if it may, but does not own it, or if it is a base model.
    """

    def __init__(self, database: Database, models: Models) -> None:
        self._database = database
        self._models = models

    def create(self, owner: str, name: str, project_ids: Sequence[str]) -> Page[CheckpointPermission]:
        """Let projects use a model; return the permission of each, also of those that had one.

        Raises:
            InvalidRequest: if a project is the owner, or has no API key.
        """
        self._find_own(owner, name)
        with self._database.session() as session:
            _check_projects(session, owner, project_ids)
            permissions = grant(session, owner, name, list(dict.fromkeys(project_ids)))
        if permissions is None:
            raise model_not_found(name).with_param(MODEL)
        return _describe(permissions, has_more=False)

    def list_permissions(self, owner: str, name: str, project_id: str | None, page: PageRequest) -> Page[CheckpointPermission]:
        """Return the requested permissions for a model; with `project_id`, only that project's.

        Raises:
            InvalidRequest: if `after` or `before` names none of them.
        """
        self._find_own(owner, name)
        with self._database.session() as session:
            found = list_permissions(session, name, project_id, page)
        return _describe(found.rows, found.has_more)

    def delete(self, owner: str, name: str, permission_id: str) -> None:
        """Take a permission back. The project's next request no longer finds the model. Raises NotFound if there is none."""
        self._find_own(owner, name)
        with self._database.session() as session:
            if not revoke(session, name, permission_id):
                raise NotFound(f"The model '{name}' has no permission '{permission_id}'.", param=PERMISSION)

    def _find_own(self, owner: str, name: str) -> Adapter:
        try:
            return self._models.find_shareable(owner, name)
        except (NotFound, InvalidRequest) as error:
            raise error.with_param(MODEL) from error


def _check_projects(session: Session, owner: str, project_ids: Sequence[str]) -> None:
    known = list_projects_with_keys(session)
    for position, project_id in enumerate(project_ids):
        param = f"{PROJECTS}[{position}]"
        if project_id == owner:
            raise InvalidRequest(f"'{param}' names your own project, which needs no permission. Leave it out.", param=param)
        if project_id not in known:
            problem = f"'{param}' names '{project_id}', which is not a project with an API key. Use one of those in TANDEM_KEYS."
            raise InvalidRequest(problem, param=param, code="project_not_found")


def _describe(rows: Sequence[ModelPermission], has_more: bool) -> Page[CheckpointPermission]:
    shown = [CheckpointPermission(id=row.id, created_at=row.created_at, project_id=row.project_id) for row in rows]
    return Page[CheckpointPermission].of(shown, has_more)
