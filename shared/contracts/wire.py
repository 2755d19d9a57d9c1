"""What all request and response bodies build on: strict requests, metadata, attributes and deletions."""

import math
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

UNUSABLE_TEXT = "unusable_text"
NOT_A_NUMBER = "must be a finite number; JSON has no NaN or Infinity"
NUL = "must not contain the NUL character (\\u0000)"
LONE_SURROGATE = "must not contain half of a surrogate pair, such as \\ud83d alone"

Key = Annotated[str, Field(min_length=1, max_length=64)]
Metadata = Annotated[dict[Key, Annotated[str, Field(max_length=512)]], Field(max_length=16)]
# An integer is returned as it was sent, as long as a double holds it exactly.
Number = Annotated[int, Field(ge=-(2**53), le=2**53)] | Annotated[float, Field(allow_inf_nan=False)]
Attributes = Annotated[dict[Key, Annotated[str, Field(max_length=512)] | bool | Number], Field(max_length=16)]


class Request(BaseModel):
    """A request body. Unknown fields are errors. If a field has a default, null means that default."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _check_storable(cls, data: Any) -> Any:
        # JSON's escapes can spell half a character, which no database, index or model can store, and NUL, which PostgreSQL cannot.
        problem = _find_unstorable(data)
        if problem is not None:
            path, predicate = problem
            raise PydanticCustomError(UNUSABLE_TEXT, "{predicate}", {"param": path, "predicate": predicate})
        return data

    @model_validator(mode="before")
    @classmethod
    def _replace_null(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        defaults = {name for name, field in cls.model_fields.items() if not field.is_required() and field.default is not None}
        return {name: value for name, value in data.items() if value is not None or name not in defaults}


def _find_unstorable(value: Any, path: str = "") -> tuple[str, str] | None:
    """Return where in parsed JSON a string or a number cannot be stored, and what it must or must not be; None if there is none."""
    if isinstance(value, str | float):
        problem = _check_scalar(value)
        return (path, problem) if problem else None
    for each, place in _children(value, path):
        if isinstance(each, str | float | dict | list) and (unstorable := _find_unstorable(each, place)):
            return unstorable
    return None


def _children(value: Any, path: str) -> Iterator[tuple[Any, str]]:
    if isinstance(value, list):
        yield from ((each, f"{path}[{position}]") for position, each in enumerate(value))
    elif isinstance(value, dict):
        yield from ((key, path or key) for key in value)
        yield from ((each, f"{path}.{key}" if path else key) for key, each in value.items())


def _check_scalar(value: str | float) -> str | None:
    if isinstance(value, float):
        return None if math.isfinite(value) else NOT_A_NUMBER
    if "\0" in value:
        return NUL
    is_whole = value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)
    return None if is_whole else LONE_SURROGATE


class DeleteResponse(BaseModel):
    """The response to a DELETE. `object` names the kind of what was deleted, such as `vector_store.deleted`."""

    id: str
    object: str
    deleted: Literal[True] = True
