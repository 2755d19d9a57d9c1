"""The JSON Schema that the items of an eval must be valid under, applied to items of requests and of files."""

import json
from collections.abc import Mapping
from typing import Any

from shared.datasets.examples.arguments import explain_mismatch
from shared.validation.json_schema import REFERENCES, UNUSABLE, make_validator, spend


class ItemSchema:
    """Finds how items break the schema of an eval that was checked."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema
        # Each validator may follow only so many references.
        self._kept = None if any(f'"{name}"' in json.dumps(schema) for name in REFERENCES) else make_validator(schema)

    def find_problem(self, item: Mapping[str, Any]) -> tuple[str, str] | None:
        """Return the path of the first wrong value, which begins with `item`, and what is wrong, as the predicate of a sentence.

        None if nothing is. What a `CpuBudget` leaves is spent.
        """
        try:
            with spend():
                error = next((self._kept or make_validator(self._schema)).iter_errors(item), None)
        except UNUSABLE:
            return "item", "cannot be checked, because the schema takes too long or has an invalid reference; use a simpler one"
        if error is None:
            return None
        path, problem = explain_mismatch(error)
        return f"item{'' if path[:1] in ('', '[') else '.'}{path}", problem
