"""`/v1/models`: the models that a project can use, and the files of its adapters, which it can download and import."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.requests import ClientDisconnect

from services.generation.contracts.models import Model, ModelExportCreate, ModelList
from services.generation.dependencies import AdapterDeletionDep, AdapterImportDep, AnswersDep, ModelExportDep, ProjectDep
from services.generation.http.relay import RelayResponse
from shared.contracts.wire import DeleteResponse
from shared.errors import InvalidRequest
from shared.web.json_route import JsonRoute

TAR: dict[int | str, dict[str, Any]] = {200: {"content": {"application/x-tar": {"schema": {"type": "string", "format": "binary"}}}}}
IMPORT = "/v1/models/import"
FORM = {
    "title": "ModelImport",
    "type": "object",
    "required": ["file", "model"],
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "A PEFT directory as .tar or .tar.gz."},
        "model": {"type": "string", "description": "The base model that the adapter belongs to."},
        "suffix": {"type": "string", "minLength": 1, "maxLength": 64, "description": "A part of the new model's name."},
    },
    "additionalProperties": False,
}
FORM_SCHEMA = {"$ref": "#/components/schemas/ModelImport", "$defs": {"ModelImport": FORM}}
DEFAULTS = ModelExportCreate()
BODY: dict[str, Any] = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM_SCHEMA}}}}

router = APIRouter(prefix="/v1/models", tags=["models"], route_class=JsonRoute)


@router.get("")
def list_models(project: ProjectDep, answers: AnswersDep) -> ModelList:
    """List the base models and the project's fine-tuned models, all on one page."""
    return ModelList(data=answers.models.list_models(project))


@router.post("/import", openapi_extra=BODY)
async def import_model(request: Request, project: ProjectDep, imports: AdapterImportDep) -> Model:
    """Import a LoRA adapter from elsewhere, as multipart form data with the parts `file`, `model` and, if wanted, `suffix`."""
    try:
        return await imports.run(project, request.stream(), request.headers)
    except ClientDisconnect as error:
        raise InvalidRequest("The connection was closed before the upload was complete.") from error


@router.get("/{model:path}/adapter", response_class=Response, responses=TAR)
def download_adapter(model: str, project: ProjectDep, answers: AnswersDep) -> Response:
    """Download the files of a fine-tuned model as a tar archive: a PEFT adapter, and the manifest of its training."""
    return RelayResponse(answers.adapters.open_archive(project, model))


@router.post("/{model:path}/export", response_class=Response, responses=TAR)
def export_model(model: str, project: ProjectDep, model_export: ModelExportDep, body: ModelExportCreate = DEFAULTS) -> Response:
    """Download a fine-tuned model merged with its base model: a tar archive with a directory that transformers and vLLM load."""
    return RelayResponse(model_export.open(project, model, body.dtype))


@router.get("/{model:path}")
def retrieve_model(model: str, project: ProjectDep, answers: AnswersDep) -> Model:
    """Retrieve a model."""
    return answers.models.find(project, model)


@router.delete("/{model:path}")
async def delete_model(model: str, project: ProjectDep, deletion: AdapterDeletionDep) -> DeleteResponse:
    """Delete a fine-tuned model: every engine unloads it, and its files are deleted."""
    await deletion.delete(project, model)
    return DeleteResponse(id=model, object="model")
