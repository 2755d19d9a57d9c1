"""`/v1/fine_tuning/checkpoints/…/permissions`: which other projects may use a fine-tuned model."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.generation.contracts.models import CheckpointPermission, CheckpointPermissionCreate, CheckpointPermissionQuery
from services.generation.dependencies import PermissionsDep, ProjectDep
from shared.contracts.paging import Page
from shared.contracts.wire import DeleteResponse
from shared.web.json_route import JsonRoute

# The name of a model may have slashes, which arrive decoded.
PATH = "/{fine_tuned_model_checkpoint:path}/permissions"

router = APIRouter(prefix="/v1/fine_tuning/checkpoints", tags=["fine-tuning"], route_class=JsonRoute)


@router.post(PATH)
def create_checkpoint_permissions(
    fine_tuned_model_checkpoint: str, body: CheckpointPermissionCreate, project: ProjectDep, permissions: PermissionsDep
) -> Page[CheckpointPermission]:
    """Let other projects use a fine-tuned model of this project."""
    return permissions.create(project, fine_tuned_model_checkpoint, body.project_ids)


@router.get(PATH)
def list_checkpoint_permissions(
    fine_tuned_model_checkpoint: str,
    project: ProjectDep,
    permissions: PermissionsDep,
    query: Annotated[CheckpointPermissionQuery, Query()],
) -> Page[CheckpointPermission]:
    """List which other projects may use a fine-tuned model of this project, newest first."""
    return permissions.list_permissions(project, fine_tuned_model_checkpoint, query.project_id, query.page_request())


@router.delete(PATH + "/{permission_id}")
def delete_checkpoint_permission(
    fine_tuned_model_checkpoint: str, permission_id: str, project: ProjectDep, permissions: PermissionsDep
) -> DeleteResponse:
    """Take a permission back: from its next request on, the project cannot use the model."""
    permissions.delete(project, fine_tuned_model_checkpoint, permission_id)
    return DeleteResponse(id=permission_id, object="checkpoint.permission")
