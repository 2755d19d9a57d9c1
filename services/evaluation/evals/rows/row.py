"""A row of a run's data."""

from dataclasses import dataclass
from typing import Any

Position = tuple[int, dict[str, Any]]
"""How many rows are stored already, and the last of their items."""


@dataclass(frozen=True)
class Row:
    """What templates call `item`, and the answer that the row brings: a chat completion, a response, or the fields of one.

    `size` is about how many bytes the row takes.
    """

    item: dict[str, Any]
    sample: dict[str, Any] | None
    size: int
