"""`/v1/files`, `/v1/vector_stores`, `/v1/chunks`, `/v1/embeddings`, `/v1/rerank` and its aliases: passed through to retrieval.

In the OpenAPI document, their operations are copied from that of retrieval. Files of fine-tuning jobs that have not ended are kept.
"""

import json
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from services.generation.dependencies import AnswersDep, JobsDep, ProjectDep
from services.generation.http.forward import forward
from services.generation.http.relay import RelayResponse
from shared.records.jobs import Job
from shared.web.api_document import Document, error_reference, operation_id, operations

RESOURCES = ("/v1/files", "/v1/vector_stores", "/v1/chunks", "/v1/embeddings", "/v1/rerank", "/v2/rerank", "/rerank")
ANY_METHOD: list[str] = []  # retrieval refuses those that a path does not have, and names the others
# Retrieval's OpenAPI document. `make openapi` writes it, so it is here even if retrieval is down.
RETRIEVAL_DOCUMENT = Path(__file__).parents[1] / "contracts" / "retrieval.json"
RETRIEVAL_IS_SLOW = 504  # what the front door returns besides retrieval's own errors

router = APIRouter(include_in_schema=False, generate_unique_id_function=operation_id)


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
    router.add_api_route(resource, pass_through, methods=ANY_METHOD, response_class=Response)
    router.add_api_route(resource + "/{rest:path}", pass_through, methods=ANY_METHOD, response_class=Response)


def describe_passed(document: Document) -> Document:
    """Return the front door's OpenAPI document with the operations that are passed through."""
    return merge(document, json.loads(RETRIEVAL_DOCUMENT.read_text(encoding="utf-8")))


def merge(document: Document, retrieval: Document) -> Document:
    """Return one document of both: the front door's operations, then those of `retrieval` that clients reach through it.

    Raises ValueError if the two mean different things by a name.
    """
    resources = tuple(f"{resource}/" for resource in RESOURCES)
    passed = {path: item for path, item in retrieval["paths"].items() if f"{path}/".startswith(resources)}
    for _, operation in operations({"paths": passed}):
        operation["responses"] |= {str(RETRIEVAL_IS_SLOW): error_reference(RETRIEVAL_IS_SLOW)}
    own, other = document["components"], retrieval["components"]
    components = {kind: _union(own.get(kind, {}), other.get(kind, {})) for kind in sorted(own.keys() | other.keys())}
    tags = {tag["name"]: tag for tag in (*document["tags"], *retrieval["tags"])}
    return {**document, "tags": list(tags.values()), "paths": _union(document["paths"], passed), "components": components}


def _union(one: Document, other: Document) -> Document:
    different = sorted(name for name in one.keys() & other.keys() if one[name] != other[name])
    if different:
        raise ValueError(f"generation and retrieval describe these differently: {', '.join(different)}; try `make openapi`")
    return {**one, **other}
