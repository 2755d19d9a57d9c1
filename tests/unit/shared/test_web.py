from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry
from pydantic import BaseModel

from shared import log
from shared.errors import NotFound, TandemError, Unavailable
from shared.http import open_client, raise_for_error
from shared.web import install


class Body(BaseModel):
    size: int


def build(checks: dict[str, Callable[[], None]] | None = None) -> TestClient:
    app = FastAPI()
    install(app, CollectorRegistry(), checks or {})

    @app.get("/missing")
    def missing() -> None:
        raise NotFound("There is no such file.", param="file_id")

    @app.get("/bug")
    def bug() -> None:
        raise RuntimeError("secret detail")

    @app.post("/sized")
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
        with pytest.raises(Unavailable, match="The retrieval service answered 500"):
            raise_for_error(client.get("/bare"), "The retrieval service")
    assert isinstance(found.value, TandemError)
    assert found.value.param == "vector_store_id"
