"""`/v1/files/{file_id}/holds`: for Tandem's other processes, which need a file for some time. It is not part of the API of users."""

import time
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from services.retrieval.catalog import file_holds, files
from services.retrieval.dependencies import DatabaseDep
from shared.errors import NotFound
from shared.web.auth import current_caller
from shared.web.strict_route import StrictRoute

MAX_SECONDS = 7 * 86400

router = APIRouter(prefix="/v1/files/{file_id}/holds", include_in_schema=False, route_class=StrictRoute)


async def _worker_project(request: Request) -> str:
    """Return the project that a worker acts for. For everyone else, there is no such path."""
    caller = current_caller(request)
    if not caller.is_worker:
        raise NotFound(f"There is no path '{request.url.path}'.")
    return caller.project_id


WorkerProjectDep = Annotated[str, Depends(_worker_project)]
HolderPath = Annotated[str, Path(max_length=100)]


@router.put("/{holder}", status_code=204, response_class=Response)
def hold_file(
    file_id: str, holder: HolderPath, database: DatabaseDep, project: WorkerProjectDep, seconds: Annotated[int, Query(ge=1, le=MAX_SECONDS)]
) -> None:
    """Keep a file for so many seconds from now."""
    with database.session() as session:
        files.find(session, project, file_id)
        file_holds.hold(session, file_id, holder, time.time() + seconds)


@router.delete("/{holder}", status_code=204, response_class=Response)
def release_file(file_id: str, holder: HolderPath, database: DatabaseDep, project: WorkerProjectDep) -> None:
    """End a hold. From now on, the file can be deleted, and has expired if its time is over."""
    with database.session() as session:
        files.find(session, project, file_id)
        file_holds.release(session, file_id, holder)
