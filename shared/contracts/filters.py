"""Filters on the attributes of files, as OpenAI writes them."""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Tag, ValidationInfo, field_validator

from shared.contracts.wire import Key, Request

MAX_PARTS = 128
MAX_DEPTH = 8
MAX_VALUES = 1000
MAX_VALUE_CHARACTERS = 512  # of an attribute, so no longer value can match

Value: TypeAlias = Annotated[str, Field(max_length=MAX_VALUE_CHARACTERS)] | bool | Annotated[float, Field(allow_inf_nan=False)]


class ComparisonFilter(Request):
    """A comparison of the attribute `key` with `value`.

    `eq` and `ne` take a string, a number or a boolean; `gt`, `gte`, `lt` and `lte` take a number; `in` and `nin` take a list. 1 equals 1.0,
    but neither "1" nor true. A file without the attribute, or with a value of another type, matches only `ne` and `nin`.
    """

    type: Literal["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"]
    key: Key
    value: Value | Annotated[list[Value], Field(max_length=MAX_VALUES, fail_fast=True)]

    @field_validator("value")
    @classmethod
    def _check_value(cls, value: Value | list[Value], info: ValidationInfo) -> Value | list[Value]:
        problem = _problem(info.data.get("type"), value)
        if problem:
            raise ValueError(problem)
        return value


def _problem(type: str | None, value: Value | list[Value]) -> str | None:
    """Return why a comparison of this type cannot have the value; None if it can. The type itself is checked elsewhere."""
    if type in ("in", "nin"):
        if isinstance(value, list) and 0 < len(value) <= MAX_VALUES:
            return None
        return f"must be a list of 1 to {MAX_VALUES} values for the type '{type}'. To compare with one value, use 'eq' or 'ne'."
    if isinstance(value, list):
        return f"must be a single value for the type '{type}'. To compare with a list, use 'in' or 'nin'."
    if type in ("gt", "gte", "lt", "lte") and not isinstance(value, float):
        return f"must be a number for the type '{type}'"
    return None


class CompoundFilter(Request):
    """All of `filters` must match (`and`), or at least one of them (`or`)."""

    type: Literal["and", "or"]
    filters: list["Filter"] = Field(min_length=1, max_length=MAX_PARTS, fail_fast=True)


def _type(filter: Any) -> str:
    kind = filter.get("type") if isinstance(filter, dict) else getattr(filter, "type", None)
    return "compound" if kind in ("and", "or") else "comparison"


Filter = Annotated[Annotated[ComparisonFilter, Tag("comparison")] | Annotated[CompoundFilter, Tag("compound")], Discriminator(_type)]
CompoundFilter.model_rebuild()


def _check_size(filter: Filter) -> Filter:
    """Refuse a filter that is nested too deeply or has too many parts."""
    level: list[Any] = [filter]
    parts = depth = 0
    while level:
        parts, depth = parts + len(level), depth + 1
        if depth > MAX_DEPTH or parts > MAX_PARTS:
            raise ValueError(f"must not be nested deeper than {MAX_DEPTH} levels or have more than {MAX_PARTS} parts")
        level = [inner for each in level if isinstance(each, CompoundFilter) for inner in each.filters]
    return filter


BoundedFilter = Annotated[Filter, AfterValidator(_check_size)]
