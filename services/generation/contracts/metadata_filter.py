"""What a list by metadata has, as OpenAI's API asks for it: `metadata[key]=value` once or several times, or `metadata=null`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import model_validator

from shared.contracts.paging import PageQuery
from shared.contracts.wire import MAX_ENTRIES, MAX_KEY_CHARACTERS, MAX_TEXT_CHARACTERS
from shared.errors import InvalidRequest

PARAM = "metadata"
ENTRY = re.compile(r"metadata\[(.*)\]", re.DOTALL)
EXAMPLE = "To filter by a key, send 'metadata[key]=value'."


@dataclass(frozen=True)
class MetadataFilter:
    """What has all of `entries` in its metadata; if `is_null`, what has no metadata."""

    entries: Mapping[str, str] = field(default_factory=dict)
    is_null: bool = False


class FilteredPageQuery(PageQuery):
    """The query of a list that can be filtered by metadata. The names of the filter's parameters contain keys, so it is read apart."""

    @model_validator(mode="before")
    @classmethod
    def _leave_out_filter(cls, data: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in data.items() if name != PARAM and not ENTRY.fullmatch(name)}


def describe_filter(noun: str) -> dict[str, Any]:
    """Return the parameter in OpenAPI's words; the list has `noun`. FastAPI cannot derive it: pydantic has no objects in a query."""
    return {
        "name": PARAM,
        "in": "query",
        "required": False,
        "style": "deepObject",
        "explode": True,
        "description": f"List only {noun} whose metadata has these entries: `metadata[key]=value`. "
        f"`metadata=null` lists {noun} without metadata.",
        "schema": {
            "type": "object",
            "title": "Metadata",
            "additionalProperties": {"type": "string", "maxLength": MAX_TEXT_CHARACTERS},
            "propertyNames": {"minLength": 1, "maxLength": MAX_KEY_CHARACTERS},
            "maxProperties": MAX_ENTRIES,
        },
    }


def read_metadata_filter(query: Iterable[tuple[str, str]]) -> MetadataFilter:
    """Return the filter in the parameters of a query.

    Raises:
        InvalidRequest: if it has neither of the two forms, or both.
    """
    entries: dict[str, str] = {}
    is_null = False
    for name, value in query:
        if name == PARAM:
            is_null = _check_null(value)
        elif match := ENTRY.fullmatch(name):
            _check_entry(name, match[1], value, entries)
            entries[match[1]] = value
    if is_null and entries:
        raise InvalidRequest("'metadata=null' and 'metadata[key]=value' must not be sent together.", param=PARAM)
    return MetadataFilter(entries, is_null)


def _check_null(value: str) -> bool:
    if value != "null":
        raise InvalidRequest(f"'{PARAM}' must be 'null'; got '{value}'. {EXAMPLE}", param=PARAM)
    return True


def _check_entry(name: str, key: str, value: str, others: Mapping[str, str]) -> None:
    if not 1 <= len(key) <= MAX_KEY_CHARACTERS:
        raise InvalidRequest(f"A key of '{PARAM}' must have 1 to {MAX_KEY_CHARACTERS} characters; got {len(key)}.", param=PARAM)
    if len(value) > MAX_TEXT_CHARACTERS:
        raise InvalidRequest(f"'{name}' must have at most {MAX_TEXT_CHARACTERS} characters; got {len(value)}.", param=name)
    if key in others:
        raise InvalidRequest(f"'{name}' must not be sent twice.", param=name)
    if len(others) == MAX_ENTRIES:
        raise InvalidRequest(f"'{PARAM}' must have at most {MAX_ENTRIES} keys.", param=PARAM)
