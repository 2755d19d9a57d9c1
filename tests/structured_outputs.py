"""What vLLM says about schemas and grammars that it cannot use, for the fake engine."""

from typing import Any


def unusable_constraint(fields: dict[str, Any]) -> tuple[int, str, str] | None:
    """Return what vLLM says about a schema with an unknown type, and about a schema or grammar that only refers to itself."""
    schema = ((fields.get("response_format") or {}).get("json_schema") or {}).get("schema") or {}
    if schema.get("type") == "nonsense":
        return 400, "BadRequestError", "Grammar error: Invalid type: nonsense"
    if schema == {"$ref": "#"} or (fields.get("structured_outputs") or {}).get("grammar") == "root ::= root":
        return 500, "InternalServerError", "Internal server error"
    return None
