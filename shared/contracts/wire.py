"""What all request and response bodies build on: strict requests, ids, metadata, attributes, JSON objects and deletions."""

from collections.abc import Callable
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticKnownError

from shared.validation.storable import check_storable

MAX_ENTRIES = 16
MAX_KEY_CHARACTERS = 64
MAX_TEXT_CHARACTERS = 512


def limit_entries(limit: int) -> Callable[[Any], Any]:
    """Return a validator that refuses an object with more entries. pydantic itself counts them only after it has validated each."""

    def check(value: Any) -> Any:
        if isinstance(value, dict) and len(value) > limit:
            raise PydanticKnownError("too_long", {"field_type": "Dictionary", "max_length": limit, "actual_length": len(value)})
        return value

    return check


Id: TypeAlias = Annotated[str, Field(max_length=256)]
"""The id or name of something that exists, such as a file or a model. No id is longer."""

FileId: TypeAlias = Annotated[str, Field(min_length=1, max_length=256)]
"""The id of a file."""

Key = Annotated[str, Field(min_length=1, max_length=MAX_KEY_CHARACTERS)]
Text = Annotated[str, Field(max_length=MAX_TEXT_CHARACTERS)]
Metadata = Annotated[dict[Key, Text], Field(max_length=MAX_ENTRIES), BeforeValidator(limit_entries(MAX_ENTRIES))]
# An integer is returned as it was sent, as long as a double holds it exactly.
Number = Annotated[int, Field(ge=-(2**53), le=2**53)] | Annotated[float, Field(allow_inf_nan=False)]
Attributes = Annotated[dict[Key, Text | bool | Number], Field(max_length=MAX_ENTRIES), BeforeValidator(limit_entries(MAX_ENTRIES))]
JsonObject = Annotated[dict[str, Any], AfterValidator(check_storable)]
"""An object of the caller's own, such as a JSON Schema. Its strings and numbers can be stored."""


class Request(BaseModel):
    """A request body. Unknown fields are errors, and types are not converted. If a field has a default, null means that default."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _check_fields(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        _refuse_unknown(cls, data)
        return {name: _whole(value) if name in _integers(cls) else value for name, value in data.items() if not _is_unset(cls, name, value)}


def _refuse_unknown(model: type[BaseModel], data: dict[str, Any]) -> None:
    """Raise for the first unknown field, before the values of the others are looked at. pydantic itself makes an error of each."""
    unknown = next((name for name in data if name not in _names(model)), None)
    if unknown is not None:
        problem = InitErrorDetails(type="extra_forbidden", loc=(unknown,), input=data[unknown])
        raise ValidationError.from_exception_data(model.__name__, [problem])


def _is_unset(model: type[BaseModel], name: str, value: Any) -> bool:
    return value is None and name in _defaults(model)


def _whole(value: Any) -> Any:
    """Return 5 for 5.0, which is an integer in JSON Schema."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


@cache
def _names(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(model.model_fields) | {field.alias for field in model.model_fields.values() if field.alias}


@cache
def _defaults(model: type[BaseModel]) -> frozenset[str]:
    """Return the fields with a default that is not null."""
    return frozenset(name for name, field in model.model_fields.items() if not field.is_required() and field.default is not None)


@cache
def _integers(model: type[BaseModel]) -> frozenset[str]:
    """Return the fields that take integers, but no other numbers."""
    kinds = {name: set(_kinds(field.annotation)) for name, field in model.model_fields.items()}
    return frozenset(name for name, found in kinds.items() if int in found and float not in found)


def _kinds(annotation: Any) -> list[Any]:
    """Return the types of a union, without their annotations."""
    if get_origin(annotation) is Annotated:
        return _kinds(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [kind for part in get_args(annotation) for kind in _kinds(part) if kind is not NoneType]
    return [annotation]


class DeleteResponse(BaseModel):
    """The response to a DELETE. `object` names the kind of what was deleted, such as `vector_store.deleted`."""

    id: str
    object: str
    deleted: Literal[True] = True
