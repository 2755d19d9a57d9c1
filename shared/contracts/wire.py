"""What every schema builds on: strict requests, lists with a cursor, deletions, metadata."""

import math
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from shared.validation_errors import UNFIT

Key = Annotated[str, Field(min_length=1, max_length=64)]
Metadata = Annotated[dict[Key, Annotated[str, Field(max_length=512)]], Field(max_length=16)]
# A whole number is given back as it was sent, as far as a double holds it exactly.
Number = Annotated[int, Field(ge=-(2**53), le=2**53)] | Annotated[float, Field(allow_inf_nan=False)]
Attributes = Annotated[dict[Key, Annotated[str, Field(max_length=512)] | bool | Number], Field(max_length=16)]
Order = Literal["asc", "desc"]
T = TypeVar("T")


class Request(BaseModel):
    """A body a client sends: a field that is not known is an error, not a silence; null where there is a default means that default."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _is_text(cls, data: Any) -> Any:
        # JSON's escapes can spell half a character, which no database, index or model can store, and zero, which PostgreSQL cannot.
        where = _broken(data)
        if where is not None:
            raise PydanticCustomError(UNFIT, "'{where}' holds {problem}", {"where": where[0], "problem": where[1]})
        return data

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        defaults = {name for name, field in cls.model_fields.items() if not field.is_required() and field.default is not None}
        return {name: value for name, value in data.items() if value is not None or name not in defaults}


def _broken(value: Any, path: str = "") -> tuple[str, str] | None:
    """Return where in parsed JSON a string cannot be stored, or a number is none, and why; None where all is well."""
    if isinstance(value, str | float):
        problem = _unfit(value)
        return (path, problem) if problem else None
    if isinstance(value, dict):
        items = [*((key, path or key) for key in value), *((each, f"{path}.{key}" if path else key) for key, each in value.items())]
    else:
        items = [(each, f"{path}[{place}]") for place, each in enumerate(value)] if isinstance(value, list) else []
    return next(
        (where for each, at in items if isinstance(each, str | float | dict | list) and (where := _broken(each, at)) is not None), None
    )


def _unfit(text: str | float) -> str | None:
    """Return why a text or a number cannot be stored; None where it can."""
    if isinstance(text, float):
        return None if math.isfinite(text) else "NaN or Infinity, which JSON does not have; send a number"
    if "\0" in text:
        return "the character zero (\\u0000), which cannot be stored; leave it out"
    if text.isascii() or not any("\ud800" <= each <= "\udfff" for each in text):
        return None
    return "half of a surrogate pair (such as \\ud83d alone), which is no character; send whole ones"


class Page(BaseModel, Generic[T]):
    """One page of a list; `has_more` with `last_id` as the next call's `after`."""

    object: Literal["list"] = "list"
    data: list[T]
    first_id: str | None = None
    last_id: str | None = None
    has_more: bool = False

    @classmethod
    def of(cls, data: list[T], has_more: bool) -> "Page[T]":
        """Return the page of `data`, whose items have an `id`."""
        ids = [str(getattr(item, "id")) for item in data[:1] + data[-1:]]  # noqa: B009  T is not bound, so that any model fits
        return cls(data=data, first_id=ids[0] if ids else None, last_id=ids[-1] if ids else None, has_more=has_more)


class DeleteResponse(BaseModel):
    """What a DELETE answers; `object` names the kind, such as `vector_store.deleted`."""

    id: str
    object: str
    deleted: Literal[True] = True
