"""The OpenAPI documents are valid, whole, and say of every operation what it takes, what it returns, and how it fails."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from starlette.routing import Match

from deploy.openapi.__main__ import LOCAL_SERVER, TANDEM_DOCUMENT, describe_retrieval, describe_tandem
from services.generation.app import create_app as create_generation
from services.generation.routes import passthrough
from services.generation.settings import GenerationSettings
from services.retrieval.app import create_app as create_retrieval
from services.retrieval.settings import RetrievalSettings
from shared.web.schema_names import walk

RETRIEVAL, TANDEM = describe_retrieval(), describe_tandem()
DOCUMENTS = {"retrieval": RETRIEVAL, "tandem": TANDEM}
ERROR = {"$ref": "#/components/schemas/ErrorResponse"}
WITHOUT_EXAMPLE = ("application/octet-stream", "application/x-tar", "image/svg+xml")


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def resolve(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        target: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def bodies(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield each body of a request or a response: its place, its media type and what the document says about it."""
    for name, operation in operations(document):
        for place, body in (("request", operation.get("requestBody", {})), *operation["responses"].items()):
            for kind, media in resolve(document, body).get("content", {}).items():
                yield f"{name} {place}", kind, media


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_valid(name: str) -> None:
    validate(DOCUMENTS[name])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_reference_leads_to_something(name: str) -> None:
    references = [node["$ref"] for node in walk(DOCUMENTS[name]) if isinstance(node.get("$ref"), str)]
    assert references
    for reference in references:
        assert resolve(DOCUMENTS[name], {"$ref": reference})


@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_is_described_that_no_operation_uses(name: str) -> None:
    document = DOCUMENTS[name]
    used = {node.get("$ref") for node in walk(document)}
    unused = [f"{kind}/{each}" for kind in ("schemas", "responses") for each in document["components"][kind]]
    assert [each for each in unused if f"#/components/{each}" not in used] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_operation_has_an_id_of_its_own_and_a_tag_with_a_description(name: str) -> None:
    found = [operation for _, operation in operations(DOCUMENTS[name])]
    ids = [operation["operationId"] for operation in found]
    assert len(set(ids)) == len(ids)
    assert all(each.isidentifier() for each in ids)
    described = {tag["name"] for tag in DOCUMENTS[name]["tags"] if tag["description"]}
    assert {tag for operation in found for tag in operation["tags"]} == described
    assert all(operation["description"] for operation in found)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_operation_of_the_api_needs_the_key_and_lists_its_errors_in_the_envelope(name: str) -> None:
    document = DOCUMENTS[name]
    assert list(document["components"]["securitySchemes"]) == ["ApiKey"]
    assert document["security"] == [{"ApiKey": []}]
    for called, operation in operations(document):
        if " /health/" in called:
            assert operation["security"] == []
            continue
        assert "security" not in operation, called
        errors = {status: resolve(document, response) for status, response in operation["responses"].items() if status >= "400"}
        assert {"400", "401", "500", "503"} <= errors.keys(), called
        assert ("404" in errors) >= ("{" in called), called
        assert ({"408", "413"} <= errors.keys()) >= ("requestBody" in operation), called
        assert "422" not in errors
        assert all(error["content"]["application/json"]["schema"] == ERROR for error in errors.values()), called
    assert "HTTPValidationError" not in document["components"]["schemas"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_body_has_an_example_that_matches_its_schema(name: str) -> None:
    document = DOCUMENTS[name]
    for place, kind, media in bodies(document):
        if kind in WITHOUT_EXAMPLE:
            continue
        schema = {"$defs": {"body": media["schema"]}, "$ref": "#/$defs/body", "components": document["components"]}
        problems = [error.message for error in Draft202012Validator(schema).iter_errors(media["example"])]
        assert problems == [], place


def test_the_parameters_of_a_path_have_examples() -> None:
    for called, operation in operations(TANDEM):
        for parameter in operation.get("parameters", ()):
            assert parameter["in"] != "path" or parameter["example"], called


def test_the_bodies_that_are_not_json_are_described() -> None:
    upload = TANDEM["paths"]["/v1/files"]["post"]["requestBody"]["content"]["multipart/form-data"]
    assert resolve(TANDEM, upload["schema"])["properties"]["file"] == {"type": "string", "format": "binary"}
    assert upload["encoding"] == {"expires_after": {"contentType": "application/json"}}
    content = TANDEM["paths"]["/v1/files/{file_id}/content"]["get"]["responses"]
    assert content["200"]["content"]["application/octet-stream"]["schema"] == {"type": "string", "format": "binary"}
    for path in ("/v1/chat/completions", "/v1/completions", "/v1/responses"):
        assert TANDEM["paths"][path]["post"]["responses"]["200"]["content"].keys() == {"application/json", "text/event-stream"}


def answers(app: FastAPI, called: str) -> bool:
    """Return whether a route of the app takes an operation."""
    method, _, path = called.partition(" ")
    return any(route.matches({"type": "http", "method": method, "path": path, "headers": []})[0] is Match.FULL for route in app.routes)


def own_operations(app: FastAPI) -> set[str]:
    """Return the operations that an app has routes for, and does not pass on."""
    described = [route for route in app.routes if isinstance(route, APIRoute) and route.include_in_schema]
    return {f"{method} {route.path_format}" for route in described for method in route.methods}


def test_one_document_has_the_front_door_s_whole_surface() -> None:
    front_door, retrieval = create_generation(GenerationSettings()), create_retrieval(RetrievalSettings())
    listed, passed_on = {called for called, _ in operations(TANDEM)}, {called for called, _ in operations(RETRIEVAL)}
    assert listed == own_operations(front_door) | {called for called in passed_on if answers(front_door, called)}
    assert own_operations(retrieval) == passed_on
    assert [called for called in listed | passed_on if not answers(front_door, called)] == []


def test_what_is_passed_on_can_time_out() -> None:
    passed_on = [called for called, _ in operations(RETRIEVAL) if " /health/" not in called]
    assert all("504" in operation["responses"] for called, operation in operations(TANDEM) if called in passed_on)


def test_the_front_door_serves_the_document_that_is_committed() -> None:
    committed = json.loads(TANDEM_DOCUMENT.read_text(encoding="utf-8"))
    assert committed["servers"] == [LOCAL_SERVER]
    client = TestClient(create_generation(GenerationSettings()))  # without its lifespan: no connection is open
    assert client.get("/openapi.json").json() == {key: part for key, part in committed.items() if key != "servers"}
    for page in ("/docs", "/redoc"):
        assert "/openapi.json" in client.get(page).text


def test_the_front_door_has_the_document_that_retrieval_serves() -> None:
    served = TestClient(create_retrieval(RetrievalSettings())).get("/openapi.json").json()
    assert served == RETRIEVAL == json.loads(passthrough.RETRIEVAL_DOCUMENT.read_text(encoding="utf-8"))


def test_a_name_that_means_different_things_in_the_services_is_refused() -> None:
    changed = deepcopy(RETRIEVAL)
    changed["components"]["schemas"]["ComparisonFilter"]["title"] = "Another"
    with pytest.raises(ValueError, match="ComparisonFilter"):
        passthrough.merge(TANDEM, changed)


def test_the_document_has_the_409_for_deleting_the_file_of_a_job() -> None:
    assert {"409", "504"} <= TANDEM["paths"]["/v1/files/{file_id}"]["delete"]["responses"].keys()
