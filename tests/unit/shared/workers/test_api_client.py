"""A worker's client of the API: files arrive complete or not at all, answers are parsed, and errors are translated."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from shared.errors import AuthenticationFailed, InvalidRequest, NotFound, TooManyRequests, Unavailable
from shared.workers.api_client import ApiClient, ChatCompletion, open_api_client
from tests.fake_front_door import FrontDoor, serve_front_door
from tests.ports import free_port

T = TypeVar("T")
Respond = Callable[[httpx.Request], httpx.Response]

REQUEST: dict[str, Any] = {"model": "ft:a-model", "messages": [{"role": "user", "content": "Who?"}], "max_tokens": 32}
EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.fixture
def front_door() -> Iterator[FrontDoor]:
    with serve_front_door(FrontDoor({"Who?": "Ada"})) as front_door:
        yield front_door


def call(url: str, use: Callable[[ApiClient], Awaitable[T]], key: str | None = None) -> T:
    async def run() -> T:
        async with open_api_client(url, key, "apollo", timeout_seconds=10) as api:
            return await use(api)

    return asyncio.run(run())


def call_fake(respond: Respond, use: Callable[[ApiClient], Awaitable[T]]) -> T:
    async def run() -> T:
        async with httpx.AsyncClient(transport=httpx.MockTransport(respond), base_url="http://front-door") as client:
            return await use(ApiClient(client))

    return asyncio.run(run())


def test_its_connections_notice_that_the_front_door_is_gone(front_door: FrontDoor) -> None:
    async def read_options() -> list[int]:
        options = []

        async def inspect(response: httpx.Response) -> None:
            opened = response.extensions["network_stream"].get_extra_info("socket")
            options.append(opened.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))

        async with open_api_client(front_door.url, None, "apollo", timeout_seconds=10) as api:
            api._client.event_hooks = {**api._client.event_hooks, "response": [inspect]}
            await api.call("GET", "/v1/files", params={"purpose": "evals"})
        return options

    assert asyncio.run(read_options()) == [1]


def complete(respond: Respond) -> ChatCompletion:
    return call_fake(respond, lambda api: api.complete_chat(REQUEST))


def test_a_downloaded_file_has_the_same_bytes_and_the_call_names_the_project(front_door: FrontDoor, tmp_path: Path) -> None:
    content = bytes(range(256)) * 1000
    file = front_door.add_file("data.jsonl", content, "fine-tune")
    call(front_door.url, lambda api: api.download_file(file["id"], tmp_path / "data.jsonl"))
    assert (tmp_path / "data.jsonl").read_bytes() == content
    assert call(front_door.url, lambda api: api.read_file(file["id"])) == content
    assert front_door.headers[-1]["x-tandem-project"] == "apollo"


def test_a_file_that_does_not_exist_leaves_nothing_behind(front_door: FrontDoor, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no file 'file-9'"):
        call(front_door.url, lambda api: api.download_file("file-9", tmp_path / "data.jsonl"))
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_breaks_off_leaves_no_file_under_its_name(tmp_path: Path) -> None:
    async def send_half() -> Any:
        yield b"the first half"
        raise httpx.ReadError("connection reset")

    with pytest.raises(Unavailable, match="TANDEM_API_URL"):
        call_fake(lambda _: httpx.Response(200, content=send_half()), lambda api: api.download_file("file-1", tmp_path / "data.jsonl"))
    assert not (tmp_path / "data.jsonl").exists()


def test_a_wrong_key_and_a_service_that_is_gone_are_different_errors(front_door: FrontDoor) -> None:
    front_door.worker_key = "worker-key-1"
    assert call(front_door.url, lambda api: api.complete_chat(REQUEST), key="worker-key-1").text == "nobody knows"
    with pytest.raises(AuthenticationFailed):
        call(front_door.url, lambda api: api.complete_chat(REQUEST), key="worker-key-2")
    with pytest.raises(Unavailable, match=r"The front door .* cannot be reached"):
        call(f"http://127.0.0.1:{free_port()}", lambda api: api.read_file("file-1"))


def test_a_completion_has_text_tokens_and_citations() -> None:
    body = {
        "choices": [{"message": {"content": "Sandpiper"}}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 2},
        "citations": [{"index": 1}],
    }
    assert complete(lambda _: httpx.Response(200, json=body)) == ChatCompletion("Sandpiper", 7, 2, [{"index": 1}])


def test_characters_that_a_database_refuses_are_replaced() -> None:
    body = b'{"choices": [{"message": {"content": "a\\u0000b\\ud800"}}], "usage": {"prompt_tokens": 1, "completion_tokens": 1}}'
    assert complete(lambda _: httpx.Response(200, content=body)).text == "a\N{REPLACEMENT CHARACTER}b?"


@pytest.mark.parametrize("body", ["[]", "no json", '{"choices": []}', '{"choices": [{"message": null}], "usage": {}}'])
def test_a_response_that_is_not_a_completion_makes_the_service_unavailable(body: str) -> None:
    with pytest.raises(Unavailable, match="returned something that is not a chat completion"):
        complete(lambda _: httpx.Response(200, text=body))


@pytest.mark.parametrize(("status", "kind"), [(400, InvalidRequest), (404, NotFound), (429, TooManyRequests), (503, Unavailable)])
def test_errors_of_the_service_keep_their_message_field_and_code(status: int, kind: type[InvalidRequest]) -> None:
    error = {"message": "No such model.", "param": "model", "code": "c"}
    with pytest.raises(kind, match="No such model") as caught:
        complete(lambda _: httpx.Response(status, json={"error": error}))
    assert (caught.value.param, caught.value.code) == ("model", "c")


class FileStore:
    """Stores files as the front door does."""

    def __init__(self, *files: dict[str, Any]) -> None:
        self.files = list(files)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            assert request.url.params["purpose"] == "evals"
            return httpx.Response(200, json={"data": self.files})
        assert b'name="purpose"\r\n\r\nevals' in request.content
        self.files.append({"id": f"file-{len(self.files)}", "filename": "cmp_1.json", "sha256": EMPTY_SHA256})
        return httpx.Response(200, content=json.dumps(self.files[-1]))


def test_a_file_that_is_already_stored_is_not_uploaded_again() -> None:
    store = FileStore({"id": "file-other", "filename": "cmp_1.json", "sha256": "0" * 64})
    for _ in range(2):
        assert call_fake(store, lambda api: api.upload_file("cmp_1.json", b"", "evals")) == "file-1"
    assert len(store.files) == 2


def test_files_of_the_same_name_are_deleted_unless_they_are_used() -> None:
    names = {
        "file-1": "dset_1.jsonl",
        "file-2": "dset_1.jsonl",
        "file-3": "other.jsonl",
        "file-4": "dset_1.jsonl",
        "file-5": "dset_1.jsonl",
    }
    refusals = {"file-4": 409, "file-5": 404}
    deleted = []

    def respond(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"data": [{"id": id, "filename": name} for id, name in names.items()]})
        deleted.append(request.url.path.removeprefix("/v1/files/"))
        return httpx.Response(refusals.get(deleted[-1], 200), json={"error": {"message": "No."}})

    call_fake(respond, lambda api: api.delete_namesakes("file-2", "dset_1.jsonl", "fine-tune"))
    assert deleted == ["file-1", "file-4", "file-5"]


def test_a_call_sends_json_and_parameters_and_returns_json() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"path": request.url.raw_path.decode(), "body": json.loads(request.content or b"null")})

    assert call_fake(respond, lambda api: api.call("POST", "/v1/x", body={"a": [1]})) == {"path": "/v1/x", "body": {"a": [1]}}
    assert call_fake(respond, lambda api: api.call("GET", "/v1/x", params={"after": "é"})) == {"path": "/v1/x?after=%C3%A9", "body": None}


def test_a_call_whose_response_is_not_json_makes_the_service_unavailable() -> None:
    with pytest.raises(Unavailable, match="not JSON"):
        call_fake(lambda _: httpx.Response(200, text="<html>"), lambda api: api.call("GET", "/v1/x"))


@pytest.mark.parametrize(
    ("headers", "seconds"), [({"Retry-After": "7"}, 7), ({}, 1), ({"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}, 1)]
)
def test_a_refusal_says_how_long_to_wait(headers: dict[str, str], seconds: int) -> None:
    with pytest.raises(TooManyRequests) as refused:
        complete(lambda _: httpx.Response(429, headers=headers, text="busy"))
    assert refused.value.retry_after == seconds


def test_a_file_is_copied_into_an_open_file_whose_content_it_replaces(front_door: FrontDoor) -> None:
    file = front_door.add_file("data.jsonl", b"b" * 100_000, "evals")
    target = BytesIO(b"a" * 200_000)
    call(front_door.url, lambda api: api.copy_file(file["id"], target))
    assert target.getvalue() == b"b" * 100_000
    with pytest.raises(NotFound):
        call(front_door.url, lambda api: api.copy_file("file-9", target))
    assert target.getvalue() == b"b" * 100_000
