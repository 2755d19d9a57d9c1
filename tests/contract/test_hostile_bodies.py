"""Bodies that are made to break or stop a service, sent to every route with a JSON body: each gets a 4xx that says what is wrong."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from deploy.errors.violations import violations
from deploy.errors.wording import faults
from services.generation.app import create_app as create_generation
from services.generation.settings import GenerationSettings
from services.retrieval.app import create_app as create_retrieval
from services.retrieval.settings import RetrievalSettings
from shared.validation.schema import Node, Schema
from shared.web.json_route import JsonRoute
from tests.contract.json_routes import JsonOperation, json_clients, json_operations

OPERATIONS = json_operations()
IDS = [str(operation) for operation in OPERATIONS]
# Names in paths of errors that no caller writes: places of FastAPI, classes and forms of pydantic.
NOT_WRITTEN = re.compile(r"\b(body|comparison|compound|str|int|constrained|[A-Z]\w*(Param|Filter|Create|Request|Tool))\b|function-|list\[")
MIB = 1024 * 1024


def nest(depth: int, opening: str, inside: str, closing: str) -> bytes:
    return (opening * depth + inside + closing * depth).encode()


def many(item: bytes, size: int) -> bytes:
    return b",".join([item] * (size // (len(item) + 1)))


LEAF = '{"type": "eq", "key": "a", "value": 1}'
FILTERS = '{"type": "and", "filters": ['
BODIES: dict[str, bytes] = {
    "no body": b"",
    "null": b"null",
    "a list": b"[1]",
    "a number": b"1",
    "a string": b'"text"',
    "not JSON": b'{"a": }',
    "not UTF-8": b'{"a": "\xff"}',
    "UTF-16": '{"model": "tiny"}'.encode("utf-16"),
    "lists, 500 deep": b'{"zz": ' + nest(500, "[", "", "]") + b"}",
    "lists, 190 deep": b'{"zz": ' + nest(190, "[", "", "]") + b"}",
    "objects, a million deep": b'{"a":' * 1_000_000,
    "filters, 250 deep": b'{"query": "a", "filters": ' + nest(250, FILTERS, LEAF, "]}") + b"}",
    "filters, 90 deep": b'{"query": "a", "filters": ' + nest(90, FILTERS, LEAF, "]}") + b"}",
    "filters in retrieval, 90 deep": b'{"model": "tiny", "retrieval": {"filters": ' + nest(90, FILTERS, LEAF, "]}") + b"}}",
    "half a surrogate pair as a key": rb'{"\ud83d": 1}',
    "half a surrogate pair as an inner key": rb'{"a": [{"\ud83d": 1}]}',
    "half a surrogate pair as a value": rb'{"model": "\ud83d", "query": "\ud83d", "name": "\ud83d"}',
    "NUL in a key": rb'{"a\u0000": 1}',
    "NUL in a value": rb'{"model": "a\u0000", "query": "a\u0000", "name": "\u0000"}',
    "NaN": b'{"model": NaN, "query": NaN}',
    "a number that is no double": b'{"max_num_results": 1e999, "temperature": 1e999, "days": 1e999, "model": 1e999}',
    "an integer of 5,000 digits": b'{"limit": ' + b"9" * 5000 + b"}",
    "7 MiB of short lists": b'{"zz": [' + many(b"[1]", 7 * MIB) + b"]}",
    "7 MiB of short lists in known fields": b'{"file_ids": [' + many(b"[1]", 7 * MIB) + b"]}",
    "400,000 numbers as ids": b'{"file_ids": [' + b"1," * 399_000 + b'1], "documents": 1}',
    "50,000 unknown fields": b"{" + b",".join(b'"zz%d": 1' % number for number in range(50_000)) + b"}",
    "50,000 entries of metadata": b'{"metadata": {' + b",".join(b'"zz%d": 1' % number for number in range(50_000)) + b"}}",
    "9 MiB as a query": b'{"query": "' + b"seal " * (9 * MIB // 5) + b'", "zz": 1}',
    "9 MiB as an id": b'{"model": "' + b"m" * (9 * MIB) + b'", "file_id": 1}',
    "11 MiB of spaces": b" " * (11 * MIB),
}  # fmt: skip


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, TestClient]]:
    with json_clients(tmp_path_factory.mktemp("data")) as opened:
        yield opened


def send(clients: dict[str, TestClient], operation: JsonOperation, body: bytes) -> Any:
    headers = {"Content-Type": "application/json"}
    return clients[operation.service].request(operation.method, operation.address, content=body, headers=headers)


def faults_of(response: Any) -> list[str]:
    """Return what is wrong with a refusal."""
    if not 400 <= response.status_code < 500:
        return [f"status {response.status_code}"]
    envelope = response.json()
    if envelope.keys() != {"error"} or envelope["error"].keys() != {"message", "type", "param", "code"}:
        return [f"envelope {envelope}"]
    error = envelope["error"]
    found = faults(error["message"])
    if len(response.content) > 2000:
        found.append(f"{len(response.content)} bytes")
    if error["param"] is not None and (not error["param"] or NOT_WRITTEN.search(error["param"])):
        found.append(f"param {error['param']}")
    if error["type"] != "invalid_request_error" or not error["code"]:
        found.append(f"type {error['type']}, code {error['code']}")
    return found


def test_every_route_with_a_json_body_is_here_and_reads_it_within_limits() -> None:
    apps = (create_generation(GenerationSettings()), create_retrieval(RetrievalSettings()))
    routes = [route for app in apps for route in app.routes if isinstance(route, APIRoute) and route.body_field is not None]
    assert [route.path for route in routes if not isinstance(route, JsonRoute)] == []
    assert {route.path_format for route in routes} <= {operation.path for operation in OPERATIONS}
    assert len(OPERATIONS) >= 19


@pytest.mark.parametrize("operation", OPERATIONS, ids=IDS)
def test_a_hostile_body_is_refused_in_plain_words(operation: JsonOperation, clients: dict[str, TestClient]) -> None:
    wrong = {name: faults_of(send(clients, operation, body)) for name, body in BODIES.items()}
    assert {name: found for name, found in wrong.items() if found} == {}


def is_path_into(param: str, body: Any) -> bool:
    """Return whether a path leads into the body that was sent. Its last part may be missing there."""
    *parents, last = [int(part) if part.isdecimal() else part for part in re.split(r"\[|\]\.?|\.", param) if part != ""]
    for part in parents:
        try:
            body = body[part]
        except (KeyError, IndexError, TypeError):
            return False
    return isinstance(body, list) if isinstance(last, int) else isinstance(body, dict)


def is_named(param: str | None, body: Any, path: str) -> bool:
    """Return whether a refusal is about no field, a field of the body, or an id in the path."""
    return param is None or f"{{{param}}}" in path or is_path_into(param, body)


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if not each.passes_to_engine], ids=str)
def test_a_body_that_breaks_the_schema_is_refused_by_the_field_that_does(operation: JsonOperation, clients: dict[str, TestClient]) -> None:
    wrong, refused = [], 0
    for body in violations(operation.schema):
        response = send(clients, operation, json.dumps(body).encode())
        if response.status_code == 200:
            continue
        refused += 1
        if faults_of(response) or not is_named(response.json()["error"]["param"], body, operation.path):
            wrong.append((str(body)[:200], response.text[:300]))
    assert wrong[:5] == []
    assert refused > 3


WRONG_TYPES: dict[str, list[Any]] = {
    "integer": [True, "5", 5.5, [5]],
    "number": [True, "0.5", [0.5]],
    "boolean": ["yes", "true", 1, 0],
    "string": [5, True, ["a"]],
}


def typed_fields(schema: Schema) -> Iterator[tuple[str, str]]:
    """Yield the name of each field at the top of a body that has one type, and that type."""
    for form in schema.forms_at(()):
        for name, child in form.get("properties", {}).items():
            forms = [each for each in Schema(child, schema.document).forms_at(()) if each.get("type") != "null"]
            kinds = {each.get("type") for each in forms}
            if len(kinds) == 1 and (kind := str(*kinds)) in WRONG_TYPES:
                yield name, kind


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if not each.passes_to_engine], ids=str)
def test_a_value_of_another_type_than_the_schema_has_is_refused(operation: JsonOperation, clients: dict[str, TestClient]) -> None:
    for name, kind in typed_fields(operation.schema):
        for value in WRONG_TYPES[kind]:
            error = send(clients, operation, json.dumps({name: value}).encode()).json()["error"]
            expected = {name} | missing_before(operation.schema, name)
            assert error["param"] in expected, (name, value, error)
            if error["param"] == name:
                assert error["code"] in ("invalid_type", "invalid_value"), (name, value, error)


def missing_before(schema: Schema, name: str) -> set[str]:
    """Return the required fields that are declared before `name`: one of them is refused first if it is missing."""
    [form] = schema.forms_at(())
    names = list(form["properties"])
    return {each for each in form.get("required", ()) if names.index(each) < names.index(name)}


# Texts that are as long as the body allows: the engine counts the tokens of a prompt, and media are no text.
UNLIMITED = re.compile(r"(^|\.)(input|instructions|description|image_url|data|source|filters)$")


def unlimited_fields(node: Node, document: Node, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the paths of strings, lists and objects of any length."""
    for form in Schema(node, document).forms_at(()):
        if form.get("type") == "string" and not {"maxLength", "enum", "const", "pattern"} & form.keys():
            yield ".".join(path)
        if form.get("type") == "array" and "maxItems" not in form:
            yield ".".join(path)
        if isinstance(form.get("additionalProperties"), dict) and not {"maxProperties", "propertyNames"} & form.keys():
            yield ".".join(path)
        if len(path) < 8:
            yield from unlimited_fields(form.get("items", {}), document, path)
            for name, child in form.get("properties", {}).items():
                yield from unlimited_fields(child, document, (*path, name))


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if not each.passes_to_engine], ids=str)
def test_every_text_and_list_in_a_body_has_a_limit_in_the_schema(operation: JsonOperation) -> None:
    paths = set(unlimited_fields(operation.schema.root, operation.schema.document))
    assert {path for path in paths if not UNLIMITED.search(path)} == set()
