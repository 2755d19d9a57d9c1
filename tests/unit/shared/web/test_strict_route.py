from typing import Annotated
from urllib.parse import quote

import pytest
from fastapi import APIRouter, FastAPI, Query
from fastapi.testclient import TestClient

from shared.contracts.paging import PageQuery
from shared.web.error_responses import add_error_handlers
from shared.web.strict_route import StrictRoute


@pytest.fixture
def client() -> TestClient:
    app, router = FastAPI(), APIRouter(route_class=StrictRoute)

    @router.get("/list")
    def list_page(query: Annotated[PageQuery, Query()]) -> int:
        return query.limit

    @router.get("/stream")
    def stream(starting_after: Annotated[int | None, Query(ge=0)] = None, name: str = "") -> str:
        return f"{starting_after}{name}"

    add_error_handlers(app)
    app.include_router(router)
    return TestClient(app)


@pytest.mark.parametrize("address", ["/list?limit=", "/stream?starting_after="])
@pytest.mark.parametrize("text", ["1_0", "\n5", " 5", "5 ", "+5", "5.0", "٣", "", "x"])
def test_only_digits_are_an_integer(client: TestClient, address: str, text: str) -> None:
    response = client.get(address + quote(text))
    name = address.split("?")[1].rstrip("=")
    message = f"'{name}' must be an integer; got the string \"{text}\"."
    assert response.status_code == 400
    assert response.json()["error"] == {"message": message, "type": "invalid_request_error", "param": name, "code": "invalid_type"}


def test_integers_are_read_and_other_parameters_are_not_checked(client: TestClient) -> None:
    assert client.get("/list?limit=10").json() == 10
    assert client.get("/list").json() == 20
    assert client.get("/stream?starting_after=5&name=1_0").json() == "51_0"
    assert client.get("/list?limit=-1").json()["error"]["code"] == "integer_below_min_value"


def test_an_unknown_parameter_and_one_that_is_sent_twice_are_400(client: TestClient) -> None:
    for address in ("/list?size=1", "/stream?size=1"):
        error = client.get(address).json()["error"]
        assert (error["message"], error["code"]) == ("'size' is not a known parameter.", "unknown_parameter")
    assert client.get("/list?limit=1&limit=1_0").json()["error"]["message"] == "'limit' must not be sent twice."
