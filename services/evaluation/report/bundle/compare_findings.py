"""Says how the findings of a replay differ from those of a bundle."""

import math
from collections.abc import Iterator
from typing import Any

from shared.contracts.comparison_results import ComparisonFindings

TOLERANCE = 1e-6  # other machines and versions of numpy round differently
MISSING = "nothing"


def list_differences(stored: ComparisonFindings, computed: ComparisonFindings) -> list[str]:
    """Return a sentence for each value that differs; numbers within a rounding error of each other are the same."""
    old, new = dict(_flatten(stored.model_dump(mode="python"))), dict(_flatten(computed.model_dump(mode="python")))
    names = [*old, *(name for name in new if name not in old)]
    return [
        f"'{name}' is {_show(old, name)} in the bundle, and {_show(new, name)} if computed again."
        for name in names
        if name not in old or name not in new or not _equal(old[name], new[name])
    ]


def _flatten(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value with its path, such as `arms[0].scores.f1`."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _flatten(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _flatten(item, f"{path}[{index}]")
    else:
        yield path, value


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE) or (math.isnan(one) and math.isnan(other))
    return bool(one == other)


def _show(values: dict[str, Any], name: str) -> str:
    return repr(values[name]) if name in values else MISSING
