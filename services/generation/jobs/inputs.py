"""A job's inputs, which lie at retrieval: files and stores, looked at over HTTP and as the caller before a job is stored."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from urllib.parse import quote

import httpx

from services.generation.grounding.retrieve import NAME
from services.generation.http.relay import HeaderList
from shared.contracts.files import FileObject
from shared.contracts.wire import Page
from shared.errors import InvalidDataset, InvalidRequest, NotFound
from shared.http.connect import open_client
from shared.http.errors import raise_for_error, translate_errors

MAX_LINE_BYTES = 8 * 1024 * 1024


class Inputs:
    """Files and stores of one caller; `credentials` are the caller's own headers."""

    def __init__(self, retrieval: httpx.Client, credentials: HeaderList) -> None:
        self._retrieval = retrieval
        self._headers = credentials

    def find_file(self, file_id: str, param: str) -> FileObject:
        """Return a file's description; `param` is the field that named it.

        Raises:
            InvalidRequest: the caller's project has no such file.
        """
        try:
            return FileObject.model_validate_json(self._call("GET", f"/v1/files/{quote(file_id, safe='')}").content)
        except NotFound as error:
            raise InvalidRequest(f"There is no file '{file_id}'.", param=param, code="file_not_found") from error

    @contextmanager
    def lines(self, file_id: str, param: str) -> Iterator[Iterator[bytes]]:
        """Open a file's content as an iterator of lines, fetched while they are read.

        Raises:
            InvalidDataset: while reading, a line is longer than 8 MiB.
        """
        path = f"/v1/files/{quote(file_id, safe='')}/content"
        with translate_errors(NAME), self._retrieval.stream("GET", path, headers=self._headers) as response:
            if not response.is_success:
                response.read()
                raise_for_error(response, NAME)
            yield _split(response.iter_bytes(), param)

    def check_store(self, store_id: str) -> None:
        """Raise NotFound unless the caller's project has the store."""
        try:
            self._call("GET", f"/v1/vector_stores/{quote(store_id, safe='')}")
        except NotFound as error:
            raise NotFound(f"There is no vector store '{store_id}'.", param="vector_store_ids") from error

    def find_named(self, purpose: str, filenames: Collection[str]) -> list[str]:
        """Return the ids of the caller's files of a purpose that have one of the names."""
        found: list[str] = []
        params = {"purpose": purpose}
        while True:
            page = Page[FileObject].model_validate_json(self._call("GET", "/v1/files", params).content)
            found += [file.id for file in page.data if file.filename in filenames]
            if not page.has_more or page.last_id is None:
                return found
            params["after"] = page.last_id

    def delete_file(self, file_id: str) -> None:
        """Delete a file; one that is gone already is no error."""
        try:
            self._call("DELETE", f"/v1/files/{quote(file_id, safe='')}")
        except NotFound:
            return

    def _call(self, method: str, path: str, params: dict[str, str] | None = None) -> httpx.Response:
        with translate_errors(NAME):
            response = self._retrieval.request(method, path, params=params, headers=self._headers)
        raise_for_error(response, NAME)
        return response


def open_retrieval(url: str, seconds: float) -> httpx.Client:
    """Return a client that keeps no idle connection, so that none can be stale: these calls are few and slow anyway."""
    return open_client(url, timeout_seconds=seconds, limits=httpx.Limits(max_keepalive_connections=0))


def _split(chunks: Iterator[bytes], param: str) -> Iterator[bytes]:
    """Yield lines. JSONL ends them with a line feed only; other Unicode line ends may stand inside a string."""
    pending, number = b"", 0
    for chunk in chunks:
        *whole, pending = (pending + chunk).split(b"\n")
        number += len(whole)
        yield from whole
        if len(pending) > MAX_LINE_BYTES:
            raise InvalidDataset(number + 1, f"is longer than {MAX_LINE_BYTES} bytes", param=param)
    if pending:
        yield pending
