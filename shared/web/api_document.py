"""The OpenAPI document of a service: what FastAPI derives from the routes, and what clients and their generators need beyond that.

It adds the errors that an operation can return, the API key, and examples. Schemas get names that are valid in every language.
`Documentation` is what cannot be derived; each service has it in a file beside its contracts.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, TypeAlias

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.routing import Route

from shared.contracts.errors import ErrorResponse
from shared.web.middleware.protect import PROTECTED_PATHS
from shared.web.schema_names import REFERENCE, rename_schemas, walk

Document: TypeAlias = dict[str, Any]

API_KEY = "ApiKey"
SECURITY_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key from the server's setting TANDEM_KEYS. Not needed if it is empty.",
}
ERRORS: Mapping[int, tuple[str, str, str, str | None]] = {
    400: ("BadRequest", "The request is not valid; `param` names the field.", "invalid_request_error", None),
    401: ("Unauthorized", "The API key is missing or unknown.", "authentication_error", "invalid_api_key"),
    404: ("NotFound", "The caller's project has no such object.", "invalid_request_error", "not_found"),
    408: ("BodyTooSlow", "The body arrived too slowly.", "invalid_request_error", "request_timeout"),
    409: ("Conflict", "The object is in a state that does not allow this.", "invalid_request_error", "conflict"),
    413: ("TooLarge", "The body exceeds a limit.", "invalid_request_error", "too_large"),
    416: ("RangeNotSatisfiable", "The file does not have the requested range.", "invalid_request_error", None),
    429: ("TooManyRequests", "A queue is full. Try again after `Retry-After` seconds.", "rate_limit_error", "rate_limit_exceeded"),
    500: ("ServerError", "The server had an error. Its log has the details under the request id.", "server_error", None),
    503: ("Unavailable", "The server, or a service that it needs, is unavailable.", "service_unavailable_error", "unavailable"),
    504: ("Timeout", "Something exceeded a time limit; the message names both.", "timeout_error", "timeout"),
    507: ("StorageFull", "The disk is full; the message says where.", "server_error", "storage_full"),
}
HEADERS = {401: "WWW-Authenticate", 429: "Retry-After"}
WITH_EXAMPLES = ("application/json", "text/event-stream", "multipart/form-data")
# What every operation of the API can return, one with an id in its path, and one with a body.
COMMON, WITH_ID, WITH_BODY = (400, 401, 500, 503), (404,), (408, 413)
# Statuses that FastAPI adds but no service returns, and ranges that the exact statuses replace.
UNUSED = ("422", "4XX", "5XX")
NULL = {"type": "null"}
VALIDATION_SCHEMAS = ("HTTPValidationError", "ValidationError")


@dataclass(frozen=True)
class Documentation:
    """What the routes do not say.

    `errors` has the statuses of an operation that are not in `COMMON`. `examples` has a value for a schema, and `parameters` one for a
    parameter of the path.
    """

    errors: Mapping[str, list[int]]
    examples: Mapping[str, Any]
    parameters: Mapping[str, Any]


def operation_id(route: APIRoute) -> str:
    """Return the stable id of an operation: the name of its function."""
    return route.name


def describe_api(app: FastAPI, documentation: Path, extend: Callable[[Document], Document] | None = None) -> None:
    """Make `app.openapi()` return the complete document; `documentation` is the path of a JSON file with `Documentation`.

    `extend` adds the operations that the app forwards to another service, which no route describes. No server is named: clients use the
    address that they read the document from.

    It is made when it is first needed, which takes long. So its route runs in a thread, unlike FastAPI's, which it replaces.
    """
    derive: Callable[[], Document] = app.openapi
    lock = Lock()

    @cache
    def make() -> Document:
        document = complete(derive(), Documentation(**json.loads(documentation.read_text(encoding="utf-8"))))
        return extend(document) if extend else document

    def openapi() -> Document:
        with lock:
            return make()

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's documentation has it
    app.router.routes.insert(0, Route(str(app.openapi_url), lambda _: JSONResponse(openapi()), include_in_schema=False))


def complete(document: Document, documentation: Documentation) -> Document:
    """Return the document with errors, security, examples and plain names."""
    for path, operation in operations(document):
        _add_errors(path, operation, documentation.errors.get(operation["operationId"], ()))
        if not path.startswith(PROTECTED_PATHS):
            operation["security"] = []
    schemas: Document = document["components"]["schemas"]
    schemas.update(_error_schemas())
    for name in VALIDATION_SCHEMAS:
        schemas.pop(name, None)
    _simplify(document)
    document = rename_schemas(document)
    document["components"]["securitySchemes"] = {API_KEY: SECURITY_SCHEME}
    document["components"]["responses"] = {ERRORS[status][0]: _error(status) for status in sorted(_used_statuses(document))}
    document["security"] = [{API_KEY: []}]
    _require_discriminators(document)
    _require_returned_fields(document)
    _add_examples(document, documentation)
    return document


def operations(document: Document) -> Iterator[tuple[str, Document]]:
    """Yield the path and the description of each operation."""
    for path, item in document["paths"].items():
        for operation in item.values():
            yield path, operation


def error_reference(status: int) -> Document:
    """Return the response of an operation for an error with this status."""
    return {"$ref": f"#/components/responses/{ERRORS[status][0]}"}


def _add_errors(path: str, operation: Document, statuses: list[int] | tuple[()]) -> None:
    responses = operation["responses"]
    for status in UNUSED:
        responses.pop(status, None)
    if not path.startswith(PROTECTED_PATHS):
        return
    has_id = any(parameter["in"] == "path" for parameter in operation.get("parameters", ()))
    for response in responses.values():
        if "content" in response:
            response["content"] = dict(sorted(response["content"].items()))  # generators take the first: JSON, not events
    errors = {*COMMON, *statuses, *(WITH_ID if has_id else ()), *(WITH_BODY if "requestBody" in operation else ())}
    responses.update({str(status): error_reference(status) for status in sorted(errors)})


def _used_statuses(document: Document) -> set[int]:
    used = {response.get("$ref") for _, operation in operations(document) for response in operation["responses"].values()}
    return {status for status in ERRORS if error_reference(status)["$ref"] in used}


def _error(status: int) -> Document:
    _, description, type, code = ERRORS[status]
    example = {"error": {"message": description, "type": type, "param": None, "code": code}}
    schema = {"$ref": f"{REFERENCE}ErrorResponse"}
    response: Document = {"description": description, "content": {"application/json": {"schema": schema, "example": example}}}
    if status in HEADERS:
        response["headers"] = {HEADERS[status]: {"schema": {"type": "string"}}}
    return response


def _error_schemas() -> Document:
    schema = ErrorResponse.model_json_schema(ref_template=REFERENCE + "{model}")
    return {**schema.pop("$defs"), "ErrorResponse": schema}


def _simplify(document: Document) -> None:
    """Drop what says nothing and stops generators.

    These are the titles of fields, which repeat their names; objects as defaults, whose fields have their own; null as the value of a
    parameter of a URL; and `const` for one of several values, which `enum` says too.
    """
    for node in walk(document):
        for choice in node.get("anyOf", ()):
            if "const" in choice:
                choice["enum"] = [choice.pop("const")]
        if "in" in node and "schema" in node:
            node["schema"] = _without_null(node["schema"])
        fields = node.get("properties")
        for field in fields.values() if isinstance(fields, dict) else ():
            field.pop("title", None)
            if isinstance(field.get("default"), dict):
                del field["default"]


def _without_null(schema: Document) -> Document:
    about = {key: part for key, part in schema.items() if key not in ("title", "anyOf")}
    choices = [choice for choice in schema.get("anyOf", ()) if choice != NULL]
    return {**about, **choices[0]} if len(choices) == 1 else {**about, **({"anyOf": choices} if choices else {})}


def _require_discriminators(document: Document) -> None:
    """Make the discriminator of each union required, even if the variants have a default for it."""
    schemas = document["components"]["schemas"]
    for node in walk(document):
        discriminator = node.get("discriminator", {})
        for reference in discriminator.get("mapping", {}).values():
            kind = schemas[reference.removeprefix(REFERENCE)]
            kind["properties"][discriminator["propertyName"]].pop("default", None)
            kind["required"] = sorted({*kind.get("required", ()), discriminator["propertyName"]})


def _require_returned_fields(document: Document) -> None:
    """Say that a response always has its fields, null included. This is not so for the engine's objects, nor outside of the API."""
    schemas: Document = document["components"]["schemas"]
    returned, others = set[str](), set[str]()
    for path, operation in operations(document):
        for name, part in operation.items():
            is_returned = name == "responses" and path.startswith(PROTECTED_PATHS)
            _collect_names(part, schemas, returned if is_returned else others)
    for name in returned - others:
        if "properties" in schemas[name] and "additionalProperties" not in schemas[name]:
            schemas[name]["required"] = list(schemas[name]["properties"])


def _collect_names(node: Any, schemas: Document, found: set[str]) -> None:
    """Add the names of all schemas that a part of the document uses to `found`."""
    for inner in walk(node):
        name = inner.get("$ref", "").removeprefix(REFERENCE)
        if name in schemas and name not in found:
            found.add(name)
            _collect_names(schemas[name], schemas, found)


def _add_examples(document: Document, documentation: Documentation) -> None:
    for _, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "path" and parameter["name"] in documentation.parameters:
                parameter["example"] = documentation.parameters[parameter["name"]]
        for media in _media(operation):
            example = _example(media.get("schema", {}), documentation.examples)
            if example is not None:
                media.setdefault("example", example)


def _media(operation: Document) -> Iterator[Document]:
    """Yield the request's body and those of the successful responses, in the forms that have examples."""
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
    for body in bodies:
        content: Document = body.get("content", {})
        yield from (media for kind, media in content.items() if kind in WITH_EXAMPLES)


def _example(schema: Document, examples: Mapping[str, Any]) -> Any:
    name = schema.get("$ref", "").removeprefix(REFERENCE)
    item = examples.get(name.removesuffix("Page"))
    if name in examples or item is None:
        return examples.get(name)
    return {"object": "list", "data": [item], "first_id": item["id"], "last_id": item["id"], "has_more": False}
