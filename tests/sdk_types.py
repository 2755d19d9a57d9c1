"""What the types of the installed `openai` package say, and whether an example or a response has all of it."""

import typing
from collections.abc import Mapping
from types import UnionType
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from typing_extensions import is_typeddict


def field_paths(hint: Any, name: str = "") -> set[str]:
    """Return the dotted names of all fields of a TypedDict, including nested ones."""
    if is_typeddict(hint):
        inner = typing.get_type_hints(hint)
        below = {path for key, value in inner.items() for path in field_paths(value, f"{name}.{key}" if name else key)}
        return below | ({name} if name else set())
    found = {path for part in get_args(hint) if is_structure(hint) for path in field_paths(part, name)}
    return found | ({name} if name else set())


def is_structure(hint: Any) -> bool:
    origin = get_origin(hint)
    return origin not in (dict, Mapping, typing.Literal) and (origin is not None or isinstance(hint, UnionType))


def sent_paths(value: Any, name: str = "") -> set[str]:
    """Return the dotted names of all fields of an example."""
    if isinstance(value, list):
        return {path for each in value for path in sent_paths(each, name)} | {name}
    if isinstance(value, dict) and name.rsplit(".", 1)[-1] not in ("metadata", "attributes"):
        below = {path for key, each in value.items() for path in sent_paths(each, f"{name}.{key}" if name else key)}
        return below | ({name} if name else set())
    return {name}


def check(raw: Any) -> Any:
    """Check strictly that a response matches the SDK's type; return it parsed."""
    parsed, wire = raw.parse(), raw.http_response.json()
    models: list[tuple[type[BaseModel], Any]] = [(type(parsed), wire)]
    if "data" in wire:
        models = [(type(each), item) for each, item in zip(parsed.data, wire["data"], strict=True)]
        assert models, "an empty list shows nothing"
        assert set(wire) >= {"object", "data", "has_more"}
    for model, item in models:
        model.model_validate(item)
        names = {field.alias or name for name, field in model.model_fields.items()}
        assert names <= set(item), f"{model.__name__} has more fields"
    return parsed
