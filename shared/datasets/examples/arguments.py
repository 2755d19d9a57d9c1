"""The arguments of a call, under the JSON Schema that the tool has as its `parameters`.

The examples of a file mostly have the same tools, so what was found out about the last schemas is kept.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jsonschema.exceptions import ValidationError

from shared.datasets.examples.findings import show
from shared.validation.json_schema import REFERENCES, UNUSABLE, find_schema_problem, make_validator, spend
from shared.validation.locate import write_path
from shared.validation.storable import find_unstorable

KEPT, MAX_KEPT = 256, 20_000  # schemas, and characters of one
MAX_DEPTH = 100
TAKES_TOO_LONG = "cannot be checked, because the schemas of this file take too long; use simpler ones"
TOO_DEEP = f"nested more than {MAX_DEPTH} levels deep"


def find_parameters_problem(parameters: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the parameters of a tool, as the predicate of a sentence; None if nothing is."""
    if _is_too_deep(parameters):
        return f"must not be {TOO_DEEP}"
    schema = json.dumps(parameters)
    try:
        with spend():
            return _find_problem(schema) if len(schema) <= MAX_KEPT else find_schema_problem(parameters)
    except TimeoutError:
        return TAKES_TOO_LONG


def find_arguments_problem(arguments: Mapping[str, Any], parameters: Mapping[str, Any]) -> str | None:
    """Return how arguments break the parameters of their tool, as a part of a sentence; None if they do not."""
    if _is_too_deep(arguments):
        return f"they are {TOO_DEEP}"
    if unstorable := find_unstorable(arguments):
        return f"{show(write_path(unstorable[0]))} {unstorable[1]}"
    unknown = arguments.keys() - parameters.get("properties", {}).keys()
    if unknown and parameters.get("additionalProperties") is False and "patternProperties" not in parameters:
        return f"{show(min(unknown))} is not a parameter"
    try:
        with spend():
            error = next(_validator(json.dumps(parameters)).iter_errors(arguments), None)
    except UNUSABLE:
        return "their schema cannot be applied, because it takes too long or has an invalid reference"
    if error is None:
        return None
    path, predicate = explain_mismatch(error)
    return f"{show(path) if path else 'the object'} {predicate}"


@lru_cache(KEPT)
def _find_problem(schema: str) -> str | None:
    return find_schema_problem(json.loads(schema))


def _validator(schema: str) -> Any:
    """Return a validator; a new one if the schema is long, or has references, because each may follow only so many."""
    is_kept = len(schema) <= MAX_KEPT and not any(f'"{name}"' in schema for name in REFERENCES)
    return _keep_validator(schema) if is_kept else make_validator(json.loads(schema))


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        containers = [each for each in level if isinstance(each, dict | list)]
        level = [item for each in containers for item in (each.values() if isinstance(each, dict) else each)]
    return any(isinstance(each, dict | list) for each in level)


@lru_cache(KEPT)
def _keep_validator(schema: str) -> Any:
    return make_validator(json.loads(schema))


def explain_mismatch(error: ValidationError) -> tuple[str, str]:
    """Return where a value breaks its schema, as a path that is empty for the whole value, and how, as the predicate of a sentence."""
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path).removeprefix(".")
    value: Any = error.validator_value
    instance: Any = error.instance
    if error.validator == "required":
        missing = next((name for name in value if name not in instance), "")
        return f"{path}.{missing}" if path else missing, "is missing"
    if error.validator == "type":
        allowed = " or ".join(f"'{each}'" for each in ([value] if isinstance(value, str) else value))
        return path, f"must have the type {allowed}; got {show(instance)}"
    if error.validator == "enum":
        return path, f"must be one of {json.dumps(value, ensure_ascii=False)[:200]}; got {show(instance)}"
    if error.validator is None:  # the schema is false
        return path, "must be left out, because the schema does not allow it"
    return path, f"must match '{error.validator}' of the schema; got {show(instance)}"
