"""`/v1/files`."""

import time
from typing import Any, get_args

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse
from pydantic import ValidationError
from starlette.requests import ClientDisconnect

from services.retrieval.catalog import files
from services.retrieval.catalog.records import File
from services.retrieval.dependencies import OfProject, Parts, UsesLongCursor, UsesParts
from services.retrieval.lifecycle.delete import remove_file
from services.retrieval.routes.shapes import file_object
from services.retrieval.uploads import Upload, receive
from shared.contracts.files import FileExpiresAfter, FileObject, Purpose
from shared.contracts.wire import ContentDeleteResponse, Page
from shared.errors import InvalidRequest
from shared.ids import new_id

router = APIRouter(prefix="/v1/files", tags=["files"])
PURPOSES = get_args(Purpose)
# Files of batches end by themselves when nothing else is said, as OpenAI's do.
BATCH_SECONDS = 30 * 86400
FORM = {
    "type": "object",
    "required": ["file", "purpose"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "purpose": {"type": "string", "enum": list(PURPOSES)},
        "expires_after[anchor]": {"type": "string", "enum": ["created_at"]},
        "expires_after[seconds]": {"type": "integer", "minimum": 3600, "maximum": 2_592_000},
    },
}
BODY: dict[str, Any] = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM}}}}


@router.post("", openapi_extra=BODY)
async def upload_file(request: Request, parts: UsesParts, project: OfProject) -> FileObject:
    """Store a file: multipart form data with the parts `file` and `purpose`, and `expires_after[…]` for a file that ends by itself."""
    try:
        upload = await receive(request.stream(), request.headers, parts.folder, parts.max_file_bytes)
    except ClientDisconnect as error:
        raise InvalidRequest("The upload broke off.") from error
    return await run_in_threadpool(_keep, upload, parts, project)


def _keep(upload: Upload, parts: Parts, project: str) -> FileObject:
    try:
        file = _file(upload, project)
        # The bytes first: a record without bytes would be a lie, bytes without a record are swept up.
        upload.keep(parts.folder.place(file.id))
        _record(file, parts)
        return file_object(file)
    finally:
        upload.discard()


def _file(upload: Upload, project: str) -> File:
    if upload.purpose not in PURPOSES:
        raise InvalidRequest(f"'{upload.purpose}' is not a purpose; use one of {', '.join(PURPOSES)}.", param="purpose")
    seconds, now = _lifetime(upload), time.time()
    about = {"filename": upload.filename, "purpose": upload.purpose, "bytes": upload.bytes, "sha256": upload.sha256}
    return File(id=new_id("file-"), project_id=project, created_at=now, expires_at=now + seconds if seconds else None, **about)


def _lifetime(upload: Upload) -> int | None:
    """Return after how many seconds the file ends by itself; None for never."""
    if not upload.expires_after:
        return BATCH_SECONDS if upload.purpose == "batch" else None
    try:
        return FileExpiresAfter.model_validate(upload.expires_after).seconds
    except ValidationError as error:
        problem = error.errors()[0]
        name = f"expires_after[{problem['loc'][0]}]"
        raise InvalidRequest(f"'{name}': {problem['msg']}.", param=name) from error


def _record(file: File, parts: Parts) -> None:
    try:
        with parts.database.session() as session:
            files.add(session, file)
    except BaseException:
        parts.folder.delete(file.id)
        raise


@router.get("")
def list_files(parts: UsesParts, project: OfProject, cursor: UsesLongCursor, purpose: str | None = None) -> Page[FileObject]:
    """List the project's files, the newest first."""
    with parts.database.session() as session:
        found = files.listed(session, project, purpose, cursor)
    return Page.of([file_object(file) for file in found.rows], found.has_more)


@router.get("/{file_id}")
def retrieve_file(file_id: str, parts: UsesParts, project: OfProject) -> FileObject:
    """Return what is known of a file."""
    with parts.database.session() as session:
        return file_object(files.find(session, project, file_id))


@router.get("/{file_id}/content", response_class=FileResponse)
def retrieve_content(file_id: str, parts: UsesParts, project: OfProject) -> FileResponse:
    """Return a file's bytes, exactly as they were uploaded."""
    with parts.database.session() as session:
        file = files.find(session, project, file_id)
    return FileResponse(parts.folder.place(file.id), media_type="application/octet-stream", filename=file.filename)


@router.delete("/{file_id}")
def delete_file(file_id: str, parts: UsesParts, project: OfProject) -> ContentDeleteResponse:
    """Delete a file, and its chunks from every vector store."""
    with parts.database.session() as session:
        files.find(session, project, file_id)
    removed = remove_file(parts.database, parts.index, parts.folder, file_id)
    parts.worker.wake()
    return ContentDeleteResponse(id=file_id, object="file", removed=removed)
