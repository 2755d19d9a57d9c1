import json
import threading
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from fastapi import FastAPI, Query
from fastapi.testclient import TestClient
from pydantic import BaseModel

from shared.contracts.paging import Page
from shared.contracts.wire import Request
from shared.web.api_document import describe_api, operation_id

ENVELOPE = {"ErrorResponse", "ErrorDetail"}


class Inner(Request):
    kind: Literal["plain"] = "plain"
    size: int = 5
    limit: int | None = None


class Node(Request):
    """A schema that refers to itself, so that FastAPI describes it twice."""

    children: list["Node"] = []


class Create(Request):
    inner: Inner = Inner()
    node: Node | None = None


class Thing(BaseModel):
    id: str
    node: Node | None = None
    note: str | None = None


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI(generate_unique_id_function=operation_id)

    @app.post("/v1/things")
    def create_thing(body: Create) -> Thing:
        return Thing(id="1", node=body.node)

    @app.get("/v1/things/{thing_id}")
    def retrieve_thing(thing_id: str) -> Thing:
        return Thing(id=thing_id)

    @app.get("/v1/things")
    def list_things(after: str | None = None, limit: Annotated[int, Query(ge=1)] = 20) -> Page[Thing]:
        return Page[Thing].of([], False)

    @app.get("/health/live")
    def live() -> str:
        return "live"

    return app


def described(app: FastAPI, path: Path, **documentation: Any) -> dict[str, Any]:
    describe(app, path, **documentation)
    return app.openapi()


def describe(app: FastAPI, path: Path, **documentation: Any) -> None:
    file = path / "documentation.json"
    file.write_text(json.dumps({"errors": {}, "examples": {}, "parameters": {}, **documentation}))
    describe_api(app, file)


def test_every_operation_has_the_errors_that_its_form_allows_and_those_it_is_documented_with(app: FastAPI, tmp_path: Path) -> None:
    paths = described(app, tmp_path, errors={"create_thing": [409]})["paths"]
    statuses = {operation["operationId"]: set(operation["responses"]) for item in paths.values() for operation in item.values()}
    common = {"200", "400", "401", "500", "503"}
    assert statuses["list_things"] == common
    assert statuses["retrieve_thing"] == common | {"404"}
    assert statuses["create_thing"] == common | {"408", "409", "413"}
    assert statuses["live"] == {"200"}
    assert paths["/health/live"]["get"]["security"] == []


def test_an_error_that_no_operation_has_is_not_described(app: FastAPI, tmp_path: Path) -> None:
    responses = described(app, tmp_path)["components"]["responses"]
    assert set(responses) == {"BadRequest", "Unauthorized", "NotFound", "BodyTooSlow", "TooLarge", "ServerError", "Unavailable"}
    assert responses["Unauthorized"]["headers"].keys() == {"WWW-Authenticate"}


def test_schemas_have_plain_names_and_what_is_the_same_has_one(app: FastAPI, tmp_path: Path) -> None:
    schemas = described(app, tmp_path)["components"]["schemas"]
    assert set(schemas) == {"Create", "Inner", "Node", "Thing", "ThingPage"} | ENVELOPE
    assert schemas["ThingPage"]["title"] == "ThingPage"


def test_what_stops_generators_is_left_out_and_defaults_stay(app: FastAPI, tmp_path: Path) -> None:
    schemas = described(app, tmp_path)["components"]["schemas"]
    assert schemas["Inner"]["properties"]["size"] == {"type": "integer", "default": 5}
    assert schemas["Create"]["properties"]["inner"] == {"$ref": "#/components/schemas/Inner"}


def test_a_parameter_of_a_url_is_not_null(app: FastAPI, tmp_path: Path) -> None:
    parameters = described(app, tmp_path)["paths"]["/v1/things"]["get"]["parameters"]
    schemas = {parameter["name"]: parameter["schema"] for parameter in parameters}
    assert schemas == {"after": {"type": "string"}, "limit": {"type": "integer", "minimum": 1, "default": 20}}


def test_a_response_always_has_all_its_fields(app: FastAPI, tmp_path: Path) -> None:
    schemas = described(app, tmp_path)["components"]["schemas"]
    assert schemas["Thing"]["required"] == ["id", "node", "note"]
    assert "required" not in schemas["Inner"]


def test_examples_are_found_by_the_schema_s_name_and_a_page_has_that_of_its_items(app: FastAPI, tmp_path: Path) -> None:
    thing = {"id": "thing-1", "node": None, "note": None}
    paths = described(app, tmp_path, examples={"Thing": thing}, parameters={"thing_id": "thing-1"})["paths"]

    def example(operation: dict[str, Any]) -> Any:
        return operation["responses"]["200"]["content"]["application/json"].get("example")

    assert example(paths["/v1/things/{thing_id}"]["get"]) == thing
    page = {"object": "list", "data": [thing], "first_id": "thing-1", "last_id": "thing-1", "has_more": False}
    assert example(paths["/v1/things"]["get"]) == page
    assert example(paths["/health/live"]["get"]) is None
    assert paths["/v1/things/{thing_id}"]["get"]["parameters"][0]["example"] == "thing-1"


def test_the_document_is_made_once_and_not_on_the_event_loop(app: FastAPI, tmp_path: Path) -> None:
    threads, derive = list[int](), app.openapi

    def recorded() -> dict[str, Any]:
        threads.append(threading.get_ident())
        return derive()

    @app.get("/loop")
    async def loop() -> int:
        return threading.get_ident()

    app.openapi = recorded  # type: ignore[method-assign]
    describe(app, tmp_path)
    with TestClient(app) as client:
        assert client.get("/openapi.json").json() == client.get("/openapi.json").json() == app.openapi()
        assert len(threads) == 1
        assert threads != [client.get("/loop").json()]


def test_operations_that_are_forwarded_are_in_the_document_that_is_served(app: FastAPI, tmp_path: Path) -> None:
    (tmp_path / "documentation.json").write_text(json.dumps({"errors": {}, "examples": {}, "parameters": {}}))
    describe_api(app, tmp_path / "documentation.json", lambda document: {**document, "paths": {**document["paths"], "/v1/forwarded": {}}})
    served = TestClient(app).get("/openapi.json").json()
    assert served == app.openapi()
    assert served["paths"].keys() == {"/v1/things", "/v1/things/{thing_id}", "/health/live", "/v1/forwarded"}
    assert "servers" not in served
