"""An error repeats little of a request, however long its names and ids are."""

from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict, Field

from shared.errors import NotFound
from shared.web.error_responses import add_error_handlers
from shared.web.json_route import JsonRoute

LONG = 60_000


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    metadata: dict[str, str] = Field(default_factory=dict)


@pytest.fixture
def client() -> TestClient:
    app, router = FastAPI(), APIRouter(route_class=JsonRoute)

    @router.post("/stores")
    def create(body: Body) -> Body:
        return body

    @router.get("/stores/{store_id}")
    def retrieve(store_id: str) -> None:
        raise NotFound(f"There is no store '{store_id}'. List the stores.", param=store_id)

    add_error_handlers(app)
    app.include_router(router)
    return TestClient(app)


def read_error(response: Any) -> tuple[str, str | None]:
    assert response.status_code >= 400 and len(response.content) < 2500
    error = response.json()["error"]
    return error["message"], error["param"]


def test_an_unknown_field_is_shortened_in_the_message_and_in_param(client: TestClient) -> None:
    short = "k" * 100 + "…"
    assert read_error(client.post("/stores", json={"k" * 5_000_000: 1})) == (f"'{short}' is not a known parameter.", short)


def test_a_key_of_an_object_is_shortened(client: TestClient) -> None:
    short = "metadata." + "k" * 100 + "…"
    message = f"'{short}' must be a string; got the number 1."
    assert read_error(client.post("/stores", json={"metadata": {"k" * LONG: 1}})) == (message, short)


def test_an_unknown_query_parameter_is_shortened(client: TestClient) -> None:
    short = "z" * 100 + "…"
    assert read_error(client.get(f"/stores/1?{'z' * LONG}=1")) == (f"'{short}' is not a known parameter.", short)


def test_an_id_is_shortened_and_the_rest_of_the_message_stays(client: TestClient) -> None:
    message, param = read_error(client.get(f"/stores/{'z' * LONG}"))
    assert message == f"There is no store '{'z' * 100}…'. List the stores."
    assert param == "z" * 300 + "…"


def test_what_has_spaces_is_cut_at_the_end(client: TestClient) -> None:
    message, _ = read_error(client.get(f"/stores/{'a%20' * 15_000}"))
    assert message.startswith("There is no store 'a a a") and len(message) == 2001 and message.endswith("…")


def test_the_address_of_an_unknown_endpoint_and_a_content_type_are_shortened(client: TestClient) -> None:
    assert read_error(client.get(f"/{'z' * LONG}"))[0] == f"There is no such endpoint: GET /{'z' * 195}…."
    message, _ = read_error(client.post("/stores", content=b"{}", headers={"Content-Type": "x" * LONG}))
    assert message.endswith(f"got '{'x' * 100}…'.")


def test_a_short_id_is_whole(client: TestClient) -> None:
    assert read_error(client.get(f"/stores/{'z' * 300}"))[0] == f"There is no store '{'z' * 300}'. List the stores."
