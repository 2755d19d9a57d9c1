"""The JSON Schema of the rows of an eval: checked when it is sent, shown as the schema of `item` and `sample`, and applied to rows."""

import json
from collections.abc import Mapping
from typing import Any

from shared.contracts.evals.data_sources import CustomConfig, DataSourceConfig
from shared.datasets.examples.arguments import explain_mismatch
from shared.errors import InvalidRequest
from shared.graders.check import list_fields
from shared.validation.json_schema import REFERENCES, UNUSABLE, find_schema_problem, make_validator, spend

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


def check_item_schema(schema: Mapping[str, Any]) -> None:
    """Raise InvalidRequest if a schema is not a JSON Schema for objects."""
    problem = find_schema_problem(schema)
    if problem is None and "object" not in _types(schema):
        problem = f"must have the type 'object', because an item is one; got {json.dumps(schema['type'])[:80]}"
    if problem is not None:
        raise InvalidRequest(f"'{PARAM}' {problem}.", param=PARAM, code="invalid_schema")


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


class ItemSchema:
    """Finds how items break the schema of an eval that was checked."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema
        # Each validator may follow only so many references.
        self._kept = None if any(f'"{name}"' in json.dumps(schema) for name in REFERENCES) else make_validator(schema)

    def find_problem(self, item: Mapping[str, Any]) -> tuple[str, str] | None:
        """Return the path of the first wrong value in an item, and what is wrong, as the predicate of a sentence; None if nothing is."""
        try:
            with spend():
                error = next((self._kept or make_validator(self._schema)).iter_errors(item), None)
        except UNUSABLE:
            return "", "cannot be checked, because the schema takes too long or has an invalid reference; use a simpler one"
        return None if error is None else explain_mismatch(error)
