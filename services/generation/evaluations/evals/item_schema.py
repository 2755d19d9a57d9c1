"""The JSON Schema of the rows of an eval: checked when it is sent, and shown as the schema of `item` and `sample`."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from shared.contracts.evals.data_sources import CustomConfig, DataSourceConfig
from shared.errors import InvalidRequest
from shared.graders.check import list_fields
from shared.validation.json_schema import REFERENCES, find_schema_problem

PARAM = "data_source_config.item_schema"
ROOT, ITEM = "#", "#/properties/item"  # where the schema of an item is: alone, and in that of a row
DATA = ("const", "default", "enum", "examples")  # keywords whose values are no schemas
NAMED = ("$defs", "definitions", "dependentSchemas", "patternProperties", "properties")  # and those that have schemas by name
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
    """Return the schema of a row: an `item` and, if answers are graded, a `sample`. References in the item's schema still work."""
    item = _move_references(config.item_schema, ROOT, ITEM) if isinstance(config, CustomConfig) else {"type": "object"}
    properties = {"item": item, **({"sample": SAMPLE_SCHEMA} if has_sample(config) else {})}
    return {"type": "object", "properties": properties, "required": list(properties)}


def find_item_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of an item, which is inside of that of a row; one for any object if there is none. See `describe_schema`."""
    properties = schema.get("properties")
    item = properties.get("item") if isinstance(properties, dict) else None
    if not isinstance(item, dict):
        return {"type": "object"}
    definitions = {name: schema[name] for name in ("$defs", "definitions") if name in schema and name not in item}
    return _move_references({**item, **definitions}, ITEM, ROOT)


def _move_references(schema: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """Return a schema whose references to what is in `old` lead to the same in `new`."""

    def move(reference: Any) -> Any:
        is_inside = isinstance(reference, str) and (reference == old or reference.startswith(f"{old}/"))
        return new + reference[len(old) :] if is_inside else reference

    moved: dict[str, Any] = _change_references(schema, move)
    return moved


def _change_references(schema: Any, change: Callable[[Any], Any]) -> Any:
    """Return a schema with changed references. Values that are data, such as those of `enum`, stay; so does a schema with an `$id`."""
    if isinstance(schema, list):
        return [_change_references(each, change) for each in schema]
    if not isinstance(schema, dict) or isinstance(schema.get("$id"), str):
        return schema
    return {name: _change_keyword(name, value, change) for name, value in schema.items()}


def _change_keyword(name: str, value: Any, change: Callable[[Any], Any]) -> Any:
    if name in REFERENCES:
        return change(value)
    if name in DATA:
        return value
    if name in NAMED and isinstance(value, dict):
        return {key: _change_references(each, change) for key, each in value.items()}
    return _change_references(value, change)
