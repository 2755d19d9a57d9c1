import json
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from openai import ConflictError, OpenAI

from tests.fake_retrieval import FakeRetrieval
from tests.serving import DEADLINE, wait_until
from tests.unit.generation.conftest import FrontDoor


def test_files_are_uploaded_and_downloaded_through_the_front_door(sdk: OpenAI, retrieval: FakeRetrieval) -> None:
    content = b'{"a": 1}\n' * 5000
    file = sdk.files.create(file=("train.jsonl", content), purpose="fine-tune")
    assert (file.filename, file.purpose, file.bytes) == ("train.jsonl", "fine-tune", len(content))
    assert sdk.files.content(file.id).content == content
    assert [found.id for found in sdk.files.list()] == [file.id]
    assert sdk.files.delete(file.id).deleted


def test_the_file_of_a_job_that_has_not_ended_is_kept(sdk: OpenAI, retrieval: FakeRetrieval) -> None:
    turns = [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "Because."}]
    file = retrieval.add_file((json.dumps({"messages": turns}) + "\n").encode() * 10)
    job = sdk.fine_tuning.jobs.create(model="tiny", training_file=file)
    with pytest.raises(ConflictError, match=f"'{file}' is used by '{job.id}'"):
        sdk.files.delete(file)
    assert sdk.files.retrieve(file).id == file
    sdk.fine_tuning.jobs.cancel(job.id)
    assert sdk.files.delete(file).deleted


def test_query_parameters_and_response_headers_pass_through(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    file_id = retrieval.add_file(b"x" * 5000)
    assert http.get("/v1/files?purpose=a%20b&limit=3").json()["query"] == "purpose=a%20b&limit=3"
    response = http.get(f"/v1/files/{file_id}/content", headers={"X-Request-ID": "req-1"})
    assert response.headers["content-disposition"] == f'attachment; filename="{file_id}"'
    assert response.headers.get_list("x-request-id") == ["req-1"]
    assert len(response.headers.get_list("date")) == 1


def test_hop_by_hop_headers_are_dropped_and_others_pass_through(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    http.get(
        "/v1/files",
        headers={"Authorization": "Bearer k", "X-Tandem-Project": "p", "Connection": "close, X-Mine", "X-Mine": "1", "X-Other": "2"},
    )
    [seen] = retrieval.request_headers
    assert (seen["authorization"], seen["x-tandem-project"], seen["x-other"]) == ("Bearer k", "p", "2")
    assert "x-mine" not in seen
    assert seen["host"] != str(http.base_url.netloc, "ascii")


def test_a_response_is_not_compressed_unless_the_client_accepts_it(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    http.get("/v1/files", headers={"Accept-Encoding": "br"})
    assert retrieval.request_headers[0]["accept-encoding"] == "br"


def test_errors_of_retrieval_pass_through(http: httpx.Client) -> None:
    response = http.get("/v1/vector_stores/vs_gone")
    assert response.status_code == 404
    assert response.json()["error"]["message"] == "There is no such vector store."


def test_chunk_previews_pass_through(http: httpx.Client) -> None:
    assert http.post("/v1/chunks/preview", json={"text": "a"}).json()["echo"] == {"text": "a"}


@pytest.mark.parametrize("path", ["/v1/rerank", "/v2/rerank", "/rerank"])
def test_reranking_passes_through(http: httpx.Client, path: str) -> None:
    assert http.post(path, json={"query": "a"}).json()["echo"] == {"query": "a"}


def test_embeddings_pass_through(http: httpx.Client) -> None:
    assert http.post("/v1/embeddings", json={"input": "a"}).json()["echo"] == {"input": "a"}


def test_an_upload_is_streamed_to_retrieval(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    more = threading.Event()

    def pieces() -> Iterator[bytes]:
        yield b"x" * 1000
        wait_until(lambda: retrieval.received_bytes == 1000)
        more.set()
        yield b"y" * 1000

    assert http.post("/v1/files", content=pieces()).json() == {"bytes": 2000}
    assert more.is_set()


def connect(url: str) -> socket.socket:
    address = urlsplit(url)
    return socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=DEADLINE)


def test_a_client_that_disconnects_during_an_upload_ends_it_at_retrieval(front_door: str, retrieval: FakeRetrieval) -> None:
    with connect(front_door) as connection:
        connection.sendall(b"POST /v1/files HTTP/1.1\r\nHost: t\r\nContent-Length: 100000\r\n\r\n" + b"x" * 500)
        assert retrieval.started.wait(DEADLINE)
    assert retrieval.disconnected.wait(DEADLINE)
    assert httpx.get(f"{front_door}/v1/files").status_code == 200


def test_a_client_that_disconnects_ends_the_call_of_retrieval(front_door: str, retrieval: FakeRetrieval) -> None:
    retrieval.hangs = True
    with connect(front_door) as connection:
        connection.sendall(b"GET /v1/files HTTP/1.1\r\nHost: t\r\n\r\n")
        assert retrieval.started.wait(DEADLINE)
    assert retrieval.disconnected.wait(DEADLINE)


def test_dead_retrieval_is_a_503_that_names_it(open_front_door: FrontDoor, dead_url: str) -> None:
    with open_front_door(retrieval_url=dead_url) as url:
        for response in (httpx.get(f"{url}/v1/files"), httpx.post(f"{url}/v1/files", content=b"x" * 100_000)):
            assert response.status_code == 503
            assert "GENERATION_RETRIEVAL_URL" in response.json()["error"]["message"]


def test_keys_are_checked_before_anything_reaches_retrieval(open_front_door: FrontDoor, retrieval: FakeRetrieval) -> None:
    with open_front_door(common={"keys": "red:red-key-1", "worker_key": "worker-key"}) as url:
        refused = httpx.post(f"{url}/v1/files", content=b"x", headers={"Authorization": "Bearer wrong"})
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        assert json.loads(refused.content)["error"]["code"] == "invalid_api_key"
        assert retrieval.request_headers == []
        assert httpx.get(f"{url}/v1/files", headers={"Authorization": "Bearer red-key-1"}).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_unsupported_methods_get_retrievals_error(http: httpx.Client, method: str) -> None:
    for path, allowed in (("/v1/embeddings", {"POST"}), ("/v1/vector_stores/vs_a", {"GET", "HEAD"})):
        response = http.request(method, path)
        assert (response.status_code, set(response.headers["allow"].split(", "))) == (405, allowed)
