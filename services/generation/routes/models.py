"""`/v1/models`: what may be asked for."""

from fastapi import APIRouter

from services.generation.contracts.models import Model, ModelList
from services.generation.dependencies import PartsDep, ProjectDep
from shared.contracts.wire import DeleteResponse

router = APIRouter(prefix="/v1/models", tags=["models"])


@router.get("")
def list_models(project: ProjectDep, parts: PartsDep) -> ModelList:
    """List the base models and the project's fine-tuned models."""
    return ModelList(data=parts.models.list_models(project))


@router.get("/{model:path}")
def retrieve_model(model: str, project: ProjectDep, parts: PartsDep) -> Model:
    """Describe one model."""
    return parts.models.find(project, model)


@router.delete("/{model:path}")
async def delete_model(model: str, project: ProjectDep, parts: PartsDep) -> DeleteResponse:
    """Delete a fine-tuned model: it is unloaded at every engine, and its files are removed."""
    await parts.adapters.delete(project, model)
    return DeleteResponse(id=model, object="model")
