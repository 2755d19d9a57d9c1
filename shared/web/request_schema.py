"""Finds what the OpenAPI document of an app says about the parameters of a request."""

from typing import Any

from fastapi import Request

from shared.validation.schema import UNKNOWN, Schema


def find_schema(request: Request, place: str) -> Schema:
    """Return the schema of the request's parameters; `place` is `query`, `path` or `header`.

    It takes long the first time, until the app has made its document.
    """
    document = request.app.openapi()
    operations = document["paths"].get(getattr(request.scope.get("route"), "path_format", ""), {})
    operation = operations.get(request.method.lower())
    return UNKNOWN if operation is None else Schema(_parameters(operation, place), document)


def _parameters(operation: dict[str, Any], place: str) -> dict[str, Any]:
    parameters = [each for each in operation.get("parameters", ()) if each["in"] == place]
    return {"type": "object", "properties": {each["name"]: each["schema"] for each in parameters}}
