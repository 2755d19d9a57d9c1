"""Finds what the OpenAPI document of an app says about the fields of a request."""

from typing import Any

from fastapi import Request

from shared.validation.locate import BODY
from shared.validation.schema import UNKNOWN, Schema


def find_schema(request: Request, place: str) -> Schema:
    """Return the schema of the request's body or of its parameters; `place` is `body`, `query`, `path` or `header`."""
    document = request.app.openapi()
    operations = document["paths"].get(getattr(request.scope.get("route"), "path_format", ""), {})
    operation = operations.get(request.method.lower())
    if operation is None:
        return UNKNOWN
    return Schema(_body(operation) if place == BODY else _parameters(operation, place), document)


def _body(operation: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, dict[str, Any]] = operation.get("requestBody", {}).get("content", {})
    return next((media.get("schema", {}) for media in content.values()), {})


def _parameters(operation: dict[str, Any], place: str) -> dict[str, Any]:
    parameters = [each for each in operation.get("parameters", ()) if each["in"] == place]
    return {"type": "object", "properties": {each["name"]: each["schema"] for each in parameters}}
