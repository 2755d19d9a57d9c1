"""`/v1/files`."""

import time
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse
from starlette.requests import ClientDisconnect

from services.retrieval.catalog import files
from services.retrieval.catalog.records import File
from services.retrieval.contracts.deletions import ContentDeleteResponse
from services.retrieval.contracts.files import Purpose
from services.retrieval.contracts.lists import FilesQuery
from services.retrieval.dependencies import DatabaseDep, FolderDep, IndexDep, IngestionDep, MaxFileBytesDep, ProjectDep
from services.retrieval.lifecycle.delete import delete_file_everywhere
from services.retrieval.routes.file_content import FileContent
from services.retrieval.routes.shapes import file_object
from services.retrieval.uploads import Upload, UploadFolder, receive
from services.retrieval.uploads.expiry import MAX_EXPIRY_SECONDS, MIN_EXPIRY_SECONDS
from shared.contracts.files import FileObject
from shared.contracts.paging import Page
from shared.errors import InvalidRequest
from shared.ids import new_id
from shared.records.database import Database
from shared.web.strict_route import StrictRoute

router = APIRouter(prefix="/v1/files", tags=["files"], route_class=StrictRoute)
PURPOSES = get_args(Purpose)
# Files for batches expire by default, as OpenAI's do.
BATCH_EXPIRY_SECONDS = 30 * 86400
EXPIRY = {
    "title": "FileExpiresAfter",
    "description": "When the file expires. OpenAI's SDK sends the parts `expires_after[anchor]` and `expires_after[seconds]` instead.",
    "type": "object",
    "required": ["anchor", "seconds"],
    "properties": {
        "anchor": {"const": "created_at", "type": "string"},
        "seconds": {"type": "integer", "minimum": MIN_EXPIRY_SECONDS, "maximum": MAX_EXPIRY_SECONDS},
    },
    "additionalProperties": False,
}
UPLOAD = (
    "A file, with its name in UTF-8 in `filename`, or percent-encoded in `filename*`. A control character in the name, such as a tab, is "
    "stored as `_`, zero-width characters are left out, and a name over 255 characters is shortened before its extension."
)
FORM = {
    "title": "FileUpload",
    "description": UPLOAD,
    "type": "object",
    "required": ["file", "purpose"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "purpose": {"type": "string", "enum": list(PURPOSES)},
        "expires_after": {"$ref": "#/components/schemas/FileExpiresAfter"},
    },
    "additionalProperties": False,
}
FORM_SCHEMA = {"$ref": "#/components/schemas/FileUpload", "$defs": {"FileUpload": FORM, "FileExpiresAfter": EXPIRY}}
MEDIA = {"schema": FORM_SCHEMA, "encoding": {"expires_after": {"contentType": "application/json"}}}
BODY: dict[str, Any] = {"requestBody": {"required": True, "content": {"multipart/form-data": MEDIA}}}
BYTES = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
CONTENT: dict[int | str, dict[str, Any]] = {
    200: BYTES,
    206: {**BYTES, "description": "The parts of the file that the header `Range` asks for; several as `multipart/byteranges`."},
}


@router.post("", openapi_extra=BODY)
async def upload_file(
    request: Request, database: DatabaseDep, folder: FolderDep, max_file_bytes: MaxFileBytesDep, project: ProjectDep
) -> FileObject:
    """Upload a file as multipart form data with the parts `file` and `purpose`, and `expires_after` if the file should expire."""
    try:
        upload = await receive(request.stream(), request.headers, folder, max_file_bytes)
    except ClientDisconnect as error:
        raise InvalidRequest("The connection was closed before the upload was complete.") from error
    return await run_in_threadpool(_store, upload, database, folder, project)


def _store(upload: Upload, database: Database, folder: UploadFolder, project: str) -> FileObject:
    try:
        file = _file(upload, project)
        # The bytes first: bytes without a record are deleted later, but a record must never be without its bytes.
        upload.move_to(folder.path_of(file.id))
        _add_record(file, database, folder)
        return file_object(file)
    finally:
        upload.delete_partial()


def _file(upload: Upload, project: str) -> File:
    if upload.purpose not in PURPOSES:
        raise InvalidRequest(f"'purpose' must be one of {', '.join(map(repr, PURPOSES))}; got '{upload.purpose}'.", param="purpose")
    seconds, now = _expiry_seconds(upload), time.time()
    about = {"filename": upload.filename, "purpose": upload.purpose, "bytes": upload.bytes, "sha256": upload.sha256}
    return File(id=new_id("file-"), project_id=project, created_at=now, expires_at=now + seconds if seconds else None, **about)


def _expiry_seconds(upload: Upload) -> int | None:
    """Return after how many seconds the file expires; None for never."""
    default = BATCH_EXPIRY_SECONDS if upload.purpose == "batch" else None
    return default if upload.expires_seconds is None else upload.expires_seconds


def _add_record(file: File, database: Database, folder: UploadFolder) -> None:
    try:
        with database.session() as session:
            files.add(session, file)
    except BaseException:
        folder.delete(file.id)
        raise


@router.get("")
def list_files(database: DatabaseDep, project: ProjectDep, query: Annotated[FilesQuery, Query()]) -> Page[FileObject]:
    """List the project's files, newest first."""
    with database.session() as session:
        page = files.list_page(session, project, query.purpose, query.page_request())
    return Page.of([file_object(file) for file in page.rows], page.has_more)


@router.get("/{file_id}")
def retrieve_file(file_id: str, database: DatabaseDep, project: ProjectDep) -> FileObject:
    """Return a file's name, size, purpose and other properties."""
    with database.session() as session:
        return file_object(files.find(session, project, file_id))


@router.get("/{file_id}/content", response_class=FileResponse, responses=CONTENT)
def retrieve_content(file_id: str, database: DatabaseDep, folder: FolderDep, project: ProjectDep) -> FileResponse:
    """Return a file's bytes, exactly as they were uploaded. For parts of them, send the header `Range`, such as `bytes=0-99,-100`.

    Ranges beyond the end are left out; if all are, you get a 416. If you ask for more than 100 ranges, you get the whole file.
    """
    with database.session() as session:
        file = files.find(session, project, file_id)
    return FileContent(folder.path_of(file.id), media_type="application/octet-stream", filename=file.filename)


@router.delete("/{file_id}")
def delete_file(
    file_id: str, database: DatabaseDep, folder: FolderDep, index: IndexDep, ingestion: IngestionDep, project: ProjectDep
) -> ContentDeleteResponse:
    """Delete a file, and its chunks from every vector store. If a fine-tuning job that has not ended needs it, you get a 409."""
    with database.session() as session:
        files.find(session, project, file_id)
    deleted = delete_file_everywhere(database, index, folder, file_id)
    ingestion.wake()
    return ContentDeleteResponse(id=file_id, object="file", removed=deleted)
