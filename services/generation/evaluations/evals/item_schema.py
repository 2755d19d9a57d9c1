"""The JSON Schema of the rows of an eval: checked when it is sent, and shown as the schema of `item` and `sample`."""

import json
from collections.abc import Mapping
from typing import Any

from shared.contracts.evals.data_sources import CustomConfig, DataSourceConfig
from shared.errors import InvalidRequest
from shared.graders.check import list_fields
from shared.validation.json_schema import find_schema_problem

PARAM = "data_source_config.item_schema"
MESSAGE_SCHEMA = {
    "type": "object",
    "properties": {
        "role": {"type": "string", "enum": ["assistant"]},
        "content": {"type": ["string", "array", "null"]},
        "refusal": {"type": ["string", "null"]},
        "tool_calls": {"type": ["array", "null"], "items": {"type": "object"}},
    },
    "required": ["role"],
}
CHOICE_SCHEMA = {"type": "object", "properties": {"message": MESSAGE_SCHEMA, "finish_reason": {"type": ["string", "null"]}}}
# What templates can name after `sample.`, beside the fields of the completion that the answer came in.
SAMPLE_SCHEMA = {
    "type": "object",
    "properties": {
        "model": {"type": "string"},
        "choices": {"type": "array", "items": CHOICE_SCHEMA},
        "output_text": {"type": "string"},
        "output_json": {},
        "output_tools": {"type": "array", "items": {"type": "object"}},
    },
}


def check_item_schema(schema: Mapping[str, Any], param: str = PARAM) -> None:
    """Raise InvalidRequest if a schema is not a JSON Schema for objects; `param` is its path in the request."""
    problem = find_schema_problem(schema)
    if problem is None and "object" not in _types(schema):
        problem = f"must have the type 'object', because an item is one; got {json.dumps(schema['type'])[:80]}"
    if problem is not None:
        raise InvalidRequest(f"'{param}' {problem}.", param=param, code="invalid_schema")


def _types(schema: Mapping[str, Any]) -> list[Any]:
    types = schema.get("type", "object")
    return types if isinstance(types, list) else [types]


def find_fields(config: DataSourceConfig) -> frozenset[str] | None:
    """Return the fields that templates can name after `item.`; None if they may name any."""
    return list_fields(config.item_schema) if isinstance(config, CustomConfig) else None


def has_sample(config: DataSourceConfig) -> bool:
    """Return whether the eval grades answers, and not only rows."""
    return not isinstance(config, CustomConfig) or config.include_sample_schema


def describe_schema(config: DataSourceConfig) -> dict[str, Any]:
    """Return the schema of a row: an `item` and, if answers are graded, a `sample`."""
    item = config.item_schema if isinstance(config, CustomConfig) else {"type": "object"}
    properties = {"item": item, **({"sample": SAMPLE_SCHEMA} if has_sample(config) else {})}
    return {"type": "object", "properties": properties, "required": list(properties)}
