"""What vLLM says about schemas and grammars that it cannot use, for the fake engine."""

from typing import Any

NOT_COMPILED = (500, "InternalServerError", "Internal server error")
# After the beginning of an answer, no token may follow.
LATE_GRAMMAR = 'root ::= "a" x\nx ::= x'
LATE_SCHEMA = {"type": "object", "properties": {"a": {"$ref": "#/properties/a"}}, "required": ["a"]}


def unusable_constraint(fields: dict[str, Any]) -> tuple[int, str, str] | None:
    """Return what vLLM says about a schema with an unknown type, and about a schema or grammar that only refers to itself."""
    schema = ((fields.get("response_format") or {}).get("json_schema") or {}).get("schema") or {}
    if schema.get("type") == "nonsense":
        return 400, "BadRequestError", "Grammar error: Invalid type: nonsense"
    if schema == {"$ref": "#"} or (fields.get("structured_outputs") or {}).get("grammar") == "root ::= root":
        return NOT_COMPILED
    function: dict[str, Any] = next((tool["function"] for tool in fields.get("tools") or ()), {})
    is_constrained = function.get("strict") or fields.get("tool_choice") not in (None, "auto", "none")
    if is_constrained and function.get("parameters") == {"$ref": "#"}:
        return NOT_COMPILED
    if is_constrained and (function.get("parameters") or {}).get("type") == "nonsense":
        return 400, "BadRequestError", "Grammar error: 'triggers'"
    return None


def fails_late(fields: dict[str, Any]) -> bool:
    """Return whether no token may follow the beginning of the answer."""
    schema = ((fields.get("response_format") or {}).get("json_schema") or {}).get("schema")
    return schema == LATE_SCHEMA or (fields.get("structured_outputs") or {}).get("grammar") == LATE_GRAMMAR
