from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry
from pydantic import BaseModel

from shared import log
from shared.errors import NotFound, TandemError, Unavailable
from shared.http.connect import open_client
from shared.http.errors import raise_for_error
from shared.records.projects import hash_key
from shared.web.auth import Authenticator
from shared.web.install import install
from shared.web.protect import MAX_BODY_BYTES

KEY = {"Authorization": "Bearer good"}


class Body(BaseModel):
    size: int


def build(checks: dict[str, Callable[[], None]] | None = None) -> TestClient:
    app = FastAPI(strict_content_type=False)
    app.state.authenticator = Authenticator({hash_key("good"): "default"}, None, enabled=True)
    install(app, CollectorRegistry(), checks or {})

    @app.get("/missing")
    def missing() -> None:
        raise NotFound("There is no such file.", param="file_id")

    @app.get("/bug")
    def bug() -> None:
        raise RuntimeError("secret detail")

    @app.post("/v1/files")
    async def upload(request: Request) -> int:
        return len(await request.body())

    @app.post("/sized")
    @app.post("/v1/sized")
    def sized(body: Body) -> Body:
        return body

    @app.get("/bound")
    def bound() -> str | None:
        return log.request_id()

    return TestClient(app, raise_server_exceptions=False)


def test_our_errors_are_rendered_in_the_envelope() -> None:
    answer = build().get("/missing")
    assert answer.status_code == 404
    expected = {"message": "There is no such file.", "type": "invalid_request_error", "param": "file_id", "code": "not_found"}
    assert answer.json() == {"error": expected}


def test_a_wrong_body_is_400_and_names_the_field() -> None:
    answer = build().post("/sized", json={"size": "many"})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "size"


def test_an_unknown_path_and_a_wrong_method_are_in_the_envelope_too() -> None:
    client = build()
    assert client.get("/nowhere").json()["error"]["type"] == "invalid_request_error"
    assert client.delete("/missing").status_code == 405
    assert "error" in client.delete("/missing").json()


def test_a_bug_is_500_and_gives_nothing_away() -> None:
    answer = build().get("/bug")
    assert answer.status_code == 500
    assert "secret" not in answer.text


def test_a_bug_keeps_its_request_id_and_is_counted_as_500() -> None:
    client = build()
    assert client.get("/bug", headers={"X-Request-ID": "req_mine"}).headers["x-request-id"] == "req_mine"
    assert 'http_requests_total{method="GET",route="/bug",status="500"} 1.0' in client.get("/metrics").text


def test_a_body_that_is_not_json_is_400_and_says_where() -> None:
    error = build().post("/sized", content=b'{"size": }', headers={"Content-Type": "application/json"}).json()["error"]
    assert (error["param"], error["code"]) == (None, "invalid_json")
    assert "character 9, counted from 0" in error["message"]


def test_a_body_that_says_nothing_of_its_type_is_read_as_json() -> None:
    answer = build().post("/sized", content=b'{"size": 1}')
    assert "content-type" not in answer.request.headers
    assert answer.json() == {"size": 1}
    assert build().post("/sized", content=b'{"size": }').json()["error"]["code"] == "invalid_json"


def test_a_body_of_another_type_is_told_which_is_right() -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    error = build().post("/sized", content=b'{"size": 1}', headers=form).json()["error"]
    assert error["code"] == "invalid_content_type"
    assert "'application/x-www-form-urlencoded'" in error["message"] and "'Content-Type: application/json'" in error["message"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"null", "It is empty, or null; this call wants a JSON object"),
        (b"", "It is empty, or null"),
        (b"[1]", "It must be an object, not a list"),
        (b"\xff", "it is not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_body_that_is_no_object_is_told_what_it_is(content: bytes, words: str) -> None:
    answer = build().post("/sized", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert words in answer.json()["error"]["message"]


@pytest.mark.parametrize("address", ["/v1/files/a%00b", "/v1/files?after=%00", "/v2/rerank?a=%00", "/rerank%00"])
def test_an_address_with_the_character_zero_is_400(address: str) -> None:
    answer = build().get(address, headers=KEY)
    assert (answer.status_code, "must not contain a NUL character" in answer.text) == (400, True)


def test_the_key_is_checked_before_the_body() -> None:
    answer = build().post("/v1/sized", content=b"no json", headers={"Authorization": "Bearer wrong"})
    assert answer.status_code == 401
    assert answer.headers["x-request-id"]


def test_a_body_over_the_limit_is_413_whether_its_length_is_announced_or_not() -> None:
    long = b" " * (MAX_BODY_BYTES + 1)
    for content in (long, iter([long[:100], long[100:]])):
        answer = build().post("/v1/sized", content=content, headers=KEY)
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_a_route_with_a_limit_of_its_own_gets_longer_bodies() -> None:
    assert build().post("/v1/files", content=b" " * (MAX_BODY_BYTES + 1), headers=KEY).json() == MAX_BODY_BYTES + 1


def test_the_request_id_is_taken_over_returned_and_bound() -> None:
    answer = build().get("/bound", headers={"X-Request-ID": "req_mine"})
    assert answer.headers["x-request-id"] == "req_mine"
    assert answer.json() == "req_mine"


def test_an_unfit_request_id_is_replaced() -> None:
    answer = build().get("/bound", headers={"X-Request-ID": 'a"b c'})
    assert answer.headers["x-request-id"].startswith("req_")


def test_ready_names_the_neighbour_that_is_missing() -> None:
    def gone() -> None:
        raise Unavailable("The engine cannot be reached.")

    client = build({"engine": gone, "database": lambda: None})
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json() == {"status": "not_ready", "missing": {"engine": "The engine cannot be reached."}}
    assert client.get("/health/live").status_code == 200


def test_metrics_count_requests_by_route() -> None:
    client = build()
    client.get("/missing")
    assert 'http_requests_total{method="GET",route="/missing",status="404"} 1.0' in client.get("/metrics").text


def test_a_neighbours_envelope_is_raised_as_our_error_and_a_bare_500_as_unavailable() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/bare":
            return httpx.Response(500, text="oops")
        return httpx.Response(404, json=NotFound("No store.", param="vector_store_id").envelope())

    with open_client("http://neighbour", transport=httpx.MockTransport(answer)) as client:
        with pytest.raises(NotFound) as found:
            raise_for_error(client.get("/store"), "The retrieval service")
        with pytest.raises(Unavailable, match="The retrieval service returned status 500"):
            raise_for_error(client.get("/bare"), "The retrieval service")
    assert isinstance(found.value, TandemError)
    assert found.value.param == "vector_store_id"
