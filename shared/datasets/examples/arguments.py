"""The arguments of a call, under the JSON Schema that the tool has as its `parameters`.

The examples of a file mostly have the same tools, so what was found out about the last schemas is kept.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jsonschema.exceptions import ValidationError

from shared.datasets.examples.findings import show
from shared.validation.json_schema import REFERENCES, UNUSABLE, find_schema_problem, make_validator

KEPT = 256


def find_parameters_problem(parameters: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the parameters of a tool, as the predicate of a sentence; None if nothing is."""
    return _find_problem(json.dumps(parameters))


def find_arguments_problem(arguments: Mapping[str, Any], parameters: Mapping[str, Any]) -> str | None:
    """Return how arguments break the parameters of their tool, as a part of a sentence; None if they do not."""
    unknown = arguments.keys() - parameters.get("properties", {}).keys()
    if unknown and parameters.get("additionalProperties") is False and "patternProperties" not in parameters:
        return f"{show(min(unknown))} is not a parameter"
    try:
        error = next(_validator(json.dumps(parameters)).iter_errors(arguments), None)
    except UNUSABLE:
        return "their schema cannot be applied, because it takes too long or has an invalid reference"
    return None if error is None else _explain(error)


@lru_cache(KEPT)
def _find_problem(schema: str) -> str | None:
    return find_schema_problem(json.loads(schema))


def _validator(schema: str) -> Any:
    """Return a validator; a new one if the schema has references, because each may follow only so many."""
    return make_validator(json.loads(schema)) if any(f'"{name}"' in schema for name in REFERENCES) else _keep_validator(schema)


@lru_cache(KEPT)
def _keep_validator(schema: str) -> Any:
    return make_validator(json.loads(schema))


def _explain(error: ValidationError) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path).removeprefix(".")
    place = show(path) if path else "the object"
    value: Any = error.validator_value
    instance: Any = error.instance
    if error.validator == "required":
        missing = next((name for name in value if name not in instance), "")
        return f"{show(f'{path}.{missing}' if path else missing)} is missing"
    if error.validator == "type":
        allowed = " or ".join(f"'{each}'" for each in ([value] if isinstance(value, str) else value))
        return f"{place} must have the type {allowed}; got {show(instance)}"
    if error.validator == "enum":
        return f"{place} must be one of {json.dumps(value, ensure_ascii=False)[:200]}; got {show(instance)}"
    if error.validator is None:  # the schema is false
        return f"{place} must not have the value {show(instance)}, because the schema allows no additional properties"
    return f"{place} must match '{error.validator}' of the schema; got {show(instance)}"
