"""`/v1/files`, `/v1/vector_stores`, `/v1/chunks`, `/v1/embeddings`, `/v1/rerank` and its aliases: passed through to retrieval.

The retrieval service's own OpenAPI document describes them. Files of fine-tuning jobs that have not ended are kept.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from services.generation.dependencies import AnswersDep, JobsDep, ProjectDep
from services.generation.http.forward import forward
from services.generation.http.relay import RelayResponse
from shared.records.jobs import Job

RESOURCES = ("/v1/files", "/v1/vector_stores", "/v1/chunks", "/v1/embeddings", "/v1/rerank", "/v2/rerank", "/rerank")
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

router = APIRouter(include_in_schema=False)


@router.delete("/v1/files/{file_id}", response_class=Response)
async def delete_file(file_id: str, request: Request, project: ProjectDep, answers: AnswersDep, jobs: JobsDep) -> Response:
    """Delete a file, unless a fine-tuning job still needs it."""
    await run_in_threadpool(jobs.store.check_file_unused, project, file_id)
    await jobs.holds.release_ended(Job.project_id == project)
    return await pass_through(request, project, answers)


async def pass_through(request: Request, _: ProjectDep, answers: AnswersDep) -> Response:
    """Check the caller's key, then pass the request through."""
    return RelayResponse(await forward(request, answers.retrieval))


for resource in RESOURCES:
    router.add_api_route(resource, pass_through, methods=METHODS, response_class=Response)
    router.add_api_route(resource + "/{rest:path}", pass_through, methods=METHODS, response_class=Response)
