"""How the attributes of a file are stored in its points, so that every index compares them alike.

Each twice: as a *facet*, one term of its key and its value, for equality; and under its key in `attributes`, for order.
"""

import json
from collections.abc import Mapping
from typing import Any

FACETS = "facets"
ATTRIBUTES = "attributes"

# Qdrant's paths take any character inside quotes but the first two; `%` is written otherwise so that no two keys become one.
_UNQUOTABLE = str.maketrans({'"': "%22", "\\": "%5C", "%": "%25"})


def attribute_fields(attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the fields of a point that hold the attributes of its file."""
    there = attributes or {}
    return {
        FACETS: [facet(key, value) for key, value in there.items()],
        ATTRIBUTES: {key.translate(_UNQUOTABLE): _stored(value) for key, value in there.items()},
    }


def facet(key: str, value: str | bool | float) -> str:
    """Return an attribute as one term. Every number is written as a float and -0.0 as 0.0; a truth value is no number."""
    return json.dumps([key, _stored(value)], ensure_ascii=False)


def _stored(value: str | bool | float) -> str | bool | float:
    return float(value) + 0.0 if isinstance(value, int | float) and not isinstance(value, bool) else value


def path_to(key: str) -> str:
    """Return where a point has the value of an attribute, as Qdrant writes paths."""
    return f'{ATTRIBUTES}."{key.translate(_UNQUOTABLE)}"'
