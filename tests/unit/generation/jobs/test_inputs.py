"""A caller's files and stores, read from a real server in worker threads."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import anyio.to_thread
import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, StreamingResponse

from services.generation.http.client import ServiceClient
from services.generation.jobs.inputs import Inputs
from shared.datasets import read_examples
from shared.datasets.text_lines import MAX_LINE_BYTES
from shared.errors import InvalidDataset, InvalidRequest, NotFound, Unreachable
from tests.ports import free_port
from tests.serving import serving

T = TypeVar("T")
CREDENTIALS = [("Authorization", "Bearer key")]
CHAT = b'{"messages": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "' + b"x" * 1_000_000 + b'"}]}'
CONTENT = {
    "file-a": [b'{"a": 1}\n{"b', b'": "\xe2\x80\xa8"}\n', b"last"],
    "file-long": [b"short\n", b"x" * (MAX_LINE_BYTES + 1)],
    "file-list": [b"[" + CHAT, *[b", " + CHAT] * 19, b"]"],
}


def describe(file_id: str) -> dict[str, Any]:
    return {"id": file_id, "bytes": 1, "created_at": 1, "filename": f"{file_id}.jsonl", "purpose": "evals", "sha256": "0"}


def build() -> FastAPI:
    app = FastAPI()
    deleted: set[str] = set()

    def refuse(what: str) -> JSONResponse:
        return JSONResponse(NotFound(f"There is no {what}.").envelope(), 404)

    @app.get("/v1/files/{file_id}", response_model=None)
    def file(file_id: str, request: Request) -> dict[str, Any] | JSONResponse:
        assert request.headers["authorization"] == "Bearer key"
        return describe(file_id) if file_id in CONTENT else refuse("file")

    @app.get("/v1/files/{file_id}/content", response_model=None)
    def content(file_id: str) -> StreamingResponse | JSONResponse:
        return StreamingResponse(iter(CONTENT[file_id])) if file_id in CONTENT else refuse("file")

    @app.get("/v1/files")
    def files(after: str | None = None) -> dict[str, Any]:
        file_id = "file-b" if after == "file-a" else "file-a"
        return {"data": [describe(file_id)], "has_more": after is None, "last_id": file_id}

    @app.get("/v1/vector_stores/{store_id}", response_model=None)
    def store(store_id: str) -> dict[str, Any] | JSONResponse:
        return {} if store_id == "vs_1" else refuse("store")

    @app.delete("/v1/files/{file_id}", response_model=None)
    def delete(file_id: str) -> dict[str, Any] | JSONResponse:
        if file_id in deleted:
            return refuse("file")
        deleted.add(file_id)
        return {}

    return app


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(build()) as url:
        yield url


def call(url: str, use: Callable[[Inputs], T]) -> T:
    """Run `use` as a route does: in a worker thread of an event loop."""

    async def run() -> T:
        client = ServiceClient("The retrieval service", url, 5)
        try:
            return await anyio.to_thread.run_sync(use, Inputs(client, CREDENTIALS))
        finally:
            await client.close()

    with start_blocking_portal() as portal:
        return portal.call(run)


def read(file_id: str) -> Callable[[Inputs], list[bytes]]:
    def use(inputs: Inputs) -> list[bytes]:
        with inputs.lines(file_id, "training_file") as lines:
            return list(lines)

    return use


def test_only_a_line_feed_ends_a_line(url: str) -> None:
    assert call(url, read("file-a")) == [b'{"a": 1}', b'{"b": "\xe2\x80\xa8"}', b"last"]


def test_a_line_that_is_too_long_is_refused_by_its_number(url: str) -> None:
    with pytest.raises(InvalidDataset) as caught:
        call(url, read("file-long"))
    assert (caught.value.line, caught.value.param) == (2, "training_file")


def test_a_list_on_one_line_may_be_longer_than_a_line(url: str) -> None:
    assert [len(example.messages[1].content) for example in read_examples(call(url, read("file-list")))] == [1_000_000] * 20


def test_a_file_that_does_not_exist_is_an_error_in_the_field_that_names_it(url: str) -> None:
    with pytest.raises(InvalidRequest, match="There is no file 'file-x'") as caught:
        call(url, lambda inputs: inputs.find_file("file-x", "training_file"))
    assert (caught.value.param, caught.value.code) == ("training_file", "not_found")
    with pytest.raises(NotFound):
        call(url, read("file-x"))


def test_a_vector_store_that_does_not_exist_is_not_found(url: str) -> None:
    call(url, lambda inputs: inputs.check_store("vs_1", "vector_store_ids[0]"))
    with pytest.raises(NotFound, match="There is no vector store 'vs_2'"):
        call(url, lambda inputs: inputs.check_store("vs_2", "vector_store_ids[0]"))


def test_files_are_found_by_name_on_every_page(url: str) -> None:
    assert call(url, lambda inputs: inputs.find_named("evals", ["file-a.jsonl", "file-b.jsonl"])) == ["file-a", "file-b"]


def test_a_file_may_be_deleted_twice(url: str) -> None:
    for _ in range(2):
        call(url, lambda inputs: inputs.delete_file("file-a"))


def test_a_service_that_does_not_listen_is_unreachable() -> None:
    with pytest.raises(Unreachable, match="The retrieval service cannot be reached"):
        call(f"http://127.0.0.1:{free_port()}", lambda inputs: inputs.check_store("vs_1", "vector_store_ids[0]"))
