"""HTTP at both services, apart from what their routes do: forms, methods, ranges, addresses, and what a caller without a key learns."""

import email
import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from openai import OpenAI

from shared.web.server.limits import ConnectionLimits
from tests.contract.service_pair import ServicePair, start_services
from tests.ports import free_port
from tests.raw_http import ask

LIMITS = ConnectionLimits(60, 1000)
KEYS = {"keys": "red:red-key-1", "worker_key": "worker-key-1"}
KEY = {"Authorization": "Bearer red-key-1"}
EXPIRY = {"anchor": "created_at", "seconds": 3600}
CONTENT = b"0123456789"


@pytest.fixture(scope="module")
def exits() -> Iterator[ExitStack]:
    with ExitStack() as exits:
        yield exits


@pytest.fixture(scope="module")
def services(exits: ExitStack, tmp_path_factory: pytest.TempPathFactory) -> ServicePair:
    return start_services(tmp_path_factory.mktemp("open"), exits, LIMITS)


@pytest.fixture(scope="module")
def locked(exits: ExitStack, tmp_path_factory: pytest.TempPathFactory) -> ServicePair:
    return start_services(tmp_path_factory.mktemp("locked"), exits, LIMITS, **KEYS)


@pytest.fixture(params=["retrieval", "front_door"])
def url(services: ServicePair, request: pytest.FixtureRequest) -> str:
    return services.url(request.param)


def part(disposition: bytes, content: bytes, more: bytes = b"") -> bytes:
    return b"--bound\r\nContent-Disposition: form-data; " + disposition + b"\r\n" + more + b"\r\n" + content + b"\r\n"


PURPOSE = part(b'name="purpose"', b"assistants")


def upload(url: str, *parts: bytes, before: bytes = b"", after: bytes = b"") -> httpx.Response:
    body = before + b"".join(parts) + b"--bound--\r\n" + after
    return httpx.post(f"{url}/v1/files", content=body, headers={"Content-Type": "multipart/form-data; boundary=bound"})


def upload_named(url: str, filename: bytes) -> httpx.Response:
    return upload(url, PURPOSE, part(b'name="file"; filename="' + filename + b'"', CONTENT))


def upload_with(url: str, *more: bytes) -> httpx.Response:
    return upload(url, PURPOSE, *more, part(b'name="file"; filename="a.txt"', CONTENT))


def test_a_name_of_a_file_is_stored_as_it_was_sent(url: str) -> None:
    for name in ("naïve 文書.txt", 'say "hi".txt', "../../etc/passwd"):
        sent = name.replace('"', r"\"").encode()
        file = upload_named(url, sent).json()
        assert file["filename"] == httpx.get(f"{url}/v1/files/{file['id']}").json()["filename"] == name


@pytest.mark.parametrize("name", [b"caf\xe9.txt", b"\xff\xfe.pdf"])
def test_a_name_that_is_not_utf_8_is_400(url: str, name: bytes) -> None:
    response = upload_named(url, name)
    assert (response.status_code, response.json()["error"]["param"]) == (400, "file")
    assert "not UTF-8" in response.json()["error"]["message"]


@pytest.mark.parametrize("line_break", [b"\n", b"\r", b"\r\n", "\u2028".encode()])
def test_a_name_with_a_line_break_is_400(url: str, line_break: bytes) -> None:
    response = upload_named(url, b"a" + line_break + b"b.txt")
    assert (response.status_code, response.json()["error"]["type"]) == (400, "invalid_request_error")


def test_a_name_over_255_characters_keeps_its_ending(url: str) -> None:
    assert upload_named(url, "文".encode() * 300 + b".pdf").json()["filename"] == "文" * 251 + ".pdf"


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (b"filename*=iso-8859-1''caf%E9.txt", "café.txt"),
        (b"filename=\"cafe.txt\"; filename*=UTF-8'fr'caf%C3%A9.txt", "café.txt"),
        (b"filename=\"cafe.txt\"; filename*=utf-7''caf%C3%A9.txt", "cafe.txt"),
    ],
)
def test_an_encoded_name_takes_precedence_if_it_can_be_read(url: str, sent: bytes, name: str) -> None:
    response = upload(url, PURPOSE, part(b'name="file"; ' + sent, CONTENT))
    assert (response.status_code, response.json()["filename"]) == (200, name)


def test_an_encoded_name_that_cannot_be_read_is_400_and_says_why(url: str) -> None:
    response = upload(url, PURPOSE, part(b"name=\"file\"; filename*=utf-8''caf%E9.txt", CONTENT))
    assert (response.status_code, response.json()["error"]["param"]) == (400, "file")
    assert "The 'filename*' of the part 'file' cannot be read: it is not UTF-8." in response.json()["error"]["message"]


def test_names_that_differ_in_a_control_character_stay_different(url: str) -> None:
    names = [upload_named(url, name).json()["filename"] for name in (b"ab.txt", b"a\tb.txt", b"a\x00\x01b.txt")]
    assert names == ["ab.txt", "a_b.txt", "a__b.txt"]


def test_text_before_and_after_the_form_is_skipped(url: str) -> None:
    parts = (PURPOSE, part(b'name="file"; filename="a.txt"', CONTENT))
    response = upload(url, *parts, before=b"This is a form.\r\n", after=b"\r\nThe end.\r\n")
    assert (response.status_code, response.json()["bytes"]) == (200, len(CONTENT))


@pytest.mark.parametrize("name", [b"purpose", b"expires_after[seconds]", b"expires_after"])
def test_a_part_that_is_sent_twice_is_400(url: str, name: bytes) -> None:
    twice = part(b'name="' + name + b'"', b"evals")
    response = upload_with(url, *([twice] if name == b"purpose" else [twice, twice]))
    assert (response.status_code, response.json()["error"]["param"]) == (400, name.decode())


def test_expires_after_is_one_part_of_json_or_a_part_for_each_key(url: str) -> None:
    as_json = part(b'name="expires_after"', json.dumps(EXPIRY).encode(), b"Content-Type: application/json\r\n")
    as_keys = [part(b'name="expires_after[%s]"' % key.encode(), str(value).encode()) for key, value in EXPIRY.items()]
    for sent in ([as_json], as_keys):
        file = upload_with(url, *sent).json()
        assert file["expires_at"] - file["created_at"] == 3600
    with OpenAI(base_url=f"{url}/v1", api_key="none") as sdk:
        stored = sdk.files.create(file=("a.txt", CONTENT), purpose="assistants", expires_after={"anchor": "created_at", "seconds": 3600})
    assert stored.expires_at == stored.created_at + 3600


@pytest.mark.parametrize(
    ("value", "param"), [({"anchor": "created_at", "seconds": "3600"}, "expires_after.seconds"), ("3600", "expires_after")]
)
def test_a_wrong_expires_after_of_json_is_400_with_its_path(url: str, value: Any, param: str) -> None:
    response = upload_with(url, part(b'name="expires_after"', json.dumps(value).encode(), b"Content-Type: application/json\r\n"))
    assert (response.status_code, response.json()["error"]["param"]) == (400, param)


@pytest.mark.parametrize(
    "path", ["/v1/files/", "/v1/models/", "/v1/responses/", "/v1/vector_stores/", "/v1/chat/completions/", "/health/live/", "/docs/"]
)
def test_a_trailing_slash_is_404_and_never_a_redirect_to_the_callers_host(url: str, path: str) -> None:
    for method in (b"GET", b"POST"):
        request = method + b" " + path.encode() + b" HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n"
        response = ask(url, request)
        # The name of a model may have slashes, so that `/v1/models/` is the path of one.
        assert (response.status in (404, 405), response.error["type"]) == (True, "invalid_request_error")
        assert "location" not in response.headers
        assert b"evil.example" not in response.body


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PATCH", "/v1/files", "GET, HEAD, POST"),
        ("POST", "/v1/files/file-1", "GET, HEAD, DELETE"),
        ("DELETE", "/v1/files/file-1/content", "GET, HEAD"),
        ("PUT", "/v1/vector_stores/vs_1", "GET, HEAD, POST, DELETE"),
        ("GET", "/v1/embeddings", "POST"),
        ("HEAD", "/v1/embeddings", "POST"),
        ("OPTIONS", "/health/live", "GET, HEAD"),
    ],
)
def test_405_lists_all_methods_of_the_path(url: str, method: str, path: str, allowed: str) -> None:
    response = httpx.request(method, url + path)
    assert (response.status_code, response.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/models/tiny", "GET, HEAD, DELETE"),
        ("PATCH", "/v1/responses/resp_1", "GET, HEAD, DELETE"),
        ("DELETE", "/v1/fine_tuning/jobs", "GET, HEAD, POST"),
        ("GET", "/v1/completions", "POST"),
        ("PATCH", "/v1/chat/completions", "GET, HEAD, POST"),
        ("PUT", "/v1/chat/completions/chatcmpl-1", "GET, HEAD, POST, DELETE"),
        ("POST", "/v1/chat/completions/chatcmpl-1/messages", "GET, HEAD"),
    ],
)
def test_405_of_the_front_doors_own_paths_lists_all_methods(services: ServicePair, method: str, path: str, allowed: str) -> None:
    response = httpx.request(method, services.front_door + path)
    assert (response.status_code, response.headers["allow"], response.json()["error"]["param"]) == (405, allowed, None)


def test_head_works_wherever_get_does(services: ServicePair) -> None:
    file = upload_named(services.retrieval, b"a.txt").json()["id"]
    of_retrieval = ["/v1/files", f"/v1/files/{file}", f"/v1/files/{file}/content", "/v1/files/file-none", "/v1/vector_stores/vs_1"]
    of_both = ["/health/live", "/health/ready", "/docs", "/openapi.json", "/v1/nowhere"]
    paths = {services.retrieval: [*of_retrieval, *of_both], services.front_door: [*of_retrieval, *of_both, "/v1/models", "/v1/models/tiny"]}
    for url, path in ((service, path) for service in paths for path in paths[service]):
        get, head = httpx.get(url + path), httpx.head(url + path)
        assert (head.status_code, head.content) == (get.status_code, b""), path
        kept = {name: value for name, value in get.headers.items() if name not in ("date", "x-request-id")}
        assert {name: value for name, value in head.headers.items() if name in kept} == kept, path


def test_a_range_of_a_file_is_206_and_a_wrong_one_is_an_error_in_the_envelope(url: str) -> None:
    content = f"{url}/v1/files/{upload_named(url, b'a.txt').json()['id']}/content"
    part = httpx.get(content, headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"234", "bytes 2-4/10")
    beyond = httpx.get(content, headers={"Range": "bytes=10-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, "bytes */10")
    assert beyond.json()["error"]["message"] == "The header 'Range' asks for 'bytes=10-', but the file has 10 bytes."
    other = httpx.get(content, headers={"Range": "lines=1-2"})
    assert (other.status_code, other.content) == (200, b"0123456789")
    for wrong in ("bytes=4-2", "bytes=", "2-4"):
        refused = httpx.get(content, headers={"Range": wrong})
        assert (refused.status_code, refused.json()["error"]["type"]) == (400, "invalid_request_error")
        assert f"'bytes=<first>-<last>'; got '{wrong}'" in refused.json()["error"]["message"]
        assert httpx.head(content, headers={"Range": wrong}).status_code == 400


def test_of_several_ranges_those_that_the_file_has_are_sent(url: str) -> None:
    content = f"{url}/v1/files/{upload_named(url, b'a.txt').json()['id']}/content"
    for value, place, sent in (("0-3,20-30", "0-3", b"0123"), ("20-,-2", "8-9", b"89"), ("4-6,2-5", "2-6", b"23456")):
        one = httpx.get(content, headers={"Range": f"bytes={value}"})
        assert (one.status_code, one.content, one.headers["content-range"]) == (206, sent, f"bytes {place}/10")
        assert one.headers["content-type"] == "application/octet-stream"
        head = httpx.head(content, headers={"Range": f"bytes={value}"})
        assert (head.status_code, head.content, head.headers["content-range"]) == (206, b"", f"bytes {place}/10")
    none = httpx.get(content, headers={"Range": "bytes=10-12,20-30,-0"})
    assert (none.status_code, none.headers["content-range"]) == (416, "bytes */10")
    many = httpx.get(content, headers={"Range": "bytes=" + ",".join(["0-0"] * 101)})
    assert (many.status_code, many.content) == (200, CONTENT)


def test_several_ranges_are_parts_in_the_order_of_the_request(url: str) -> None:
    content = f"{url}/v1/files/{upload_named(url, b'a.txt').json()['id']}/content"
    response = httpx.get(content, headers={"Range": "bytes=7-8,50-,0-1"})
    message = email.message_from_bytes(b"Content-Type: " + response.headers["content-type"].encode() + b"\r\n\r\n" + response.content)
    assert (response.status_code, message.get_content_type(), "content-range" in response.headers) == (206, "multipart/byteranges", False)
    parts: Any = message.get_payload()
    assert [(each["content-range"], each.get_payload(decode=True)) for each in parts] == [("bytes 7-8/10", b"78"), ("bytes 0-1/10", b"01")]


def test_a_range_counts_only_if_the_file_is_still_the_one_that_if_range_names(url: str) -> None:
    content = f"{url}/v1/files/{upload_named(url, b'a.txt').json()['id']}/content"
    headers = httpx.head(content).headers
    for validator, status in ((headers["etag"], 206), (headers["last-modified"], 206), ('"another"', 200), (f"W/{headers['etag']}", 200)):
        response = httpx.get(content, headers={"Range": "bytes=0-1,20-", "If-Range": validator})
        assert (response.status_code, len(response.content)) == (status, 2 if status == 206 else 10)


def test_without_a_key_readiness_tells_no_addresses(exits: ExitStack, tmp_path_factory: pytest.TempPathFactory) -> None:
    dead = f"http://127.0.0.1:{free_port()}"
    url = start_services(tmp_path_factory.mktemp("broken"), exits, LIMITS, engine_url=dead, **KEYS).front_door
    answers = [httpx.get(f"{url}/health/ready", headers=headers) for headers in ({}, KEY)]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert answers[0].json() == {
        "status": "not_ready",
        "missing": {"engine": "It is not available. Send an API key to see why."},
    }
    assert list(answers[1].json()["engines"]["tiny"]) == [dead]
    assert "GENERATION_ENGINE_URL" in answers[1].json()["missing"]["engine"]


def test_metrics_need_a_key_if_keys_are_set_and_the_documentation_does_not(locked: ServicePair, services: ServicePair) -> None:
    for service in ("retrieval", "front_door"):
        assert httpx.get(f"{services.url(service)}/metrics").status_code == 200
        url = locked.url(service)
        assert httpx.get(f"{url}/metrics").status_code == 401
        assert httpx.get(f"{url}/metrics", headers=KEY).status_code == 200
        assert httpx.get(f"{url}/docs").status_code == httpx.get(f"{url}/openapi.json").status_code == 200


def test_metrics_and_documentation_can_be_turned_off(exits: ExitStack, tmp_path_factory: pytest.TempPathFactory) -> None:
    closed = start_services(tmp_path_factory.mktemp("closed"), exits, LIMITS, metrics="off", docs="off")
    for url in (closed.retrieval, closed.front_door):
        for path in ("/metrics", "/docs", "/redoc", "/openapi.json"):
            response = httpx.get(url + path)
            assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")
        assert httpx.get(f"{url}/health/live").status_code == 200
