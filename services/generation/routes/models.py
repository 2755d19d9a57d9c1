"""`/v1/models`: the models that a project can use, and the files of its adapters."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.generation.contracts.models import Model, ModelList
from services.generation.dependencies import AdapterDeletionDep, AnswersDep, ProjectDep
from services.generation.http.relay import RelayResponse
from shared.contracts.paging import NoQuery
from shared.contracts.wire import DeleteResponse

TAR: dict[int | str, dict[str, Any]] = {200: {"content": {"application/x-tar": {"schema": {"type": "string", "format": "binary"}}}}}

router = APIRouter(prefix="/v1/models", tags=["models"])


@router.get("")
def list_models(project: ProjectDep, answers: AnswersDep, _: Annotated[NoQuery, Query()]) -> ModelList:
    """List the base models and the project's fine-tuned models, all on one page."""
    return ModelList(data=answers.models.list_models(project))


@router.get("/{model:path}/adapter", response_class=Response, responses=TAR)
def download_adapter(model: str, project: ProjectDep, answers: AnswersDep) -> Response:
    """Download the files of a fine-tuned model as a tar archive: a PEFT adapter, and the manifest of its training."""
    return RelayResponse(answers.adapters.open_archive(project, model))


@router.get("/{model:path}")
def retrieve_model(model: str, project: ProjectDep, answers: AnswersDep) -> Model:
    """Retrieve a model."""
    return answers.models.find(project, model)


@router.delete("/{model:path}")
async def delete_model(model: str, project: ProjectDep, deletion: AdapterDeletionDep) -> DeleteResponse:
    """Delete a fine-tuned model: every engine unloads it, and its files are deleted."""
    await deletion.delete(project, model)
    return DeleteResponse(id=model, object="model")
