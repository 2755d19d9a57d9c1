"""The files and vector stores that a job needs, checked at retrieval on behalf of the caller before the job is stored.

Jobs are checked in worker threads, because a file may have many lines. Each call runs on the event loop, where the client lives.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlencode

from anyio import from_thread

from services.generation.http.client import ServiceClient, ServiceResponse
from services.generation.http.reply import Chunks, HeaderList, Reply, read_body
from shared.contracts.files import FileObject
from shared.contracts.paging import Page
from shared.datasets.text_lines import split_lines
from shared.errors import InvalidRequest, NotFound
from shared.http.connect import worker_headers
from shared.http.errors import raise_for_error


class Inputs:
    """One caller's files and vector stores. `credentials` are the caller's own headers. Call it from a worker thread of the server."""

    def __init__(self, retrieval: ServiceClient, credentials: HeaderList) -> None:
        self._retrieval = retrieval
        self._credentials = credentials

    def find_file(self, file_id: str, param: str) -> FileObject:
        """Return a file's description; `param` is the field that names the file.

        Raises:
            InvalidRequest: if the caller's project has no such file.
        """
        try:
            return FileObject.model_validate_json(self._call("GET", _path("files", file_id)).content)
        except NotFound as error:
            raise InvalidRequest(f"There is no file '{file_id}'.", param=param, code="not_found") from error

    @contextmanager
    def lines(self, file_id: str, param: str) -> Iterator[Iterator[bytes]]:
        """Open a file's content as an iterator of lines, which are fetched as they are read.

        Raises:
            InvalidDataset: while reading, as `split_lines` does.
        """
        reply = from_thread.run(self._open, f"{_path('files', file_id)}/content")
        try:
            if reply.status >= 400:
                content = from_thread.run(read_body, reply)
                raise_for_error(ServiceResponse(reply.status, content), self._retrieval.name)
            yield split_lines(_iterate(reply.chunks), param)
        finally:
            from_thread.run(_close, reply)

    def check_store(self, store_id: str, param: str) -> None:
        """Raise NotFound unless the caller's project has the vector store; `param` is the field that names it."""
        try:
            self._call("GET", _path("vector_stores", store_id))
        except NotFound as error:
            raise NotFound(f"There is no vector store '{store_id}'.", param=param) from error

    def find_named(self, purpose: str, filenames: Collection[str]) -> list[str]:
        """Return the ids of the caller's files that have this purpose and one of the names."""
        file_ids: list[str] = []
        query = {"purpose": purpose}
        while True:
            page = Page[FileObject].model_validate_json(self._call("GET", f"/v1/files?{urlencode(query)}").content)
            file_ids += [file.id for file in page.data if file.filename in filenames]
            if not page.has_more or page.last_id is None:
                return file_ids
            query["after"] = page.last_id

    def delete_file(self, file_id: str) -> None:
        """Delete a file, unless it is deleted already."""
        try:
            self._call("DELETE", _path("files", file_id))
        except NotFound:
            return

    def _call(self, method: str, path: str) -> ServiceResponse:
        async def call() -> ServiceResponse:
            return await self._retrieval.call(method, path, headers=self._credentials)

        response = from_thread.run(call)
        raise_for_error(response, self._retrieval.name)
        return response

    async def _open(self, path: str) -> Reply:
        return await self._retrieval.open("GET", path, headers=self._credentials)


def open_inputs(retrieval: ServiceClient, worker_key: str | None, project: str) -> Inputs:
    """Return the inputs of a project, opened with the worker key, since the keys of callers are not stored."""
    return Inputs(retrieval, list(worker_headers(worker_key, project).items()))


async def _close(reply: Reply) -> None:
    await reply.close()


def _path(resource: str, id: str) -> str:
    return f"/v1/{resource}/{quote(id, safe='')}"


def _iterate(chunks: Chunks) -> Iterator[bytes]:
    """Yield chunks in this thread; each is awaited on the event loop."""

    async def next_chunk() -> bytes | None:
        return await anext(chunks, None)

    while (chunk := from_thread.run(next_chunk)) is not None:
        yield chunk
