"""How a point stores the attributes of its file, so that every index compares them in the same way.

Each attribute is stored twice: as a *facet*, one term of its key and its value, for equality; and under its key in `attributes`, for order.
"""

import json
from collections.abc import Mapping
from typing import Any

FACETS = "facets"
ATTRIBUTES = "attributes"

# In Qdrant's paths a quoted key may have any character but `"` and `\`. `%` is escaped too, so that no two keys become the same.
_ESCAPES = str.maketrans({'"': "%22", "\\": "%5C", "%": "%25"})


def attribute_fields(attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the fields of a point that store the attributes of its file."""
    items = (attributes or {}).items()
    return {
        FACETS: [facet(key, value) for key, value in items],
        ATTRIBUTES: {key.translate(_ESCAPES): _normalize(value) for key, value in items},
    }


def facet(key: str, value: str | bool | float) -> str:
    """Return an attribute as one term. Numbers are written as floats and -0.0 as 0.0; true and false are not numbers."""
    return json.dumps([key, _normalize(value)], ensure_ascii=False)


def _normalize(value: str | bool | float) -> str | bool | float:
    return float(value) + 0.0 if isinstance(value, int | float) and not isinstance(value, bool) else value


def attribute_path(key: str) -> str:
    """Return the path of an attribute's value in a point, in Qdrant's notation."""
    return f'{ATTRIBUTES}."{key.translate(_ESCAPES)}"'
