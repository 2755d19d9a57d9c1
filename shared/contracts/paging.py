"""Lists, a page at a time: what a client requests, the rows that were found, and the page that it gets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel

Order = Literal["asc", "desc"]
T = TypeVar("T")


@dataclass(frozen=True)
class PageRequest:
    """Which part of a list is requested. `after` and `before` are ids of items in the list."""

    limit: int
    order: Order = "desc"
    after: str | None = None
    before: str | None = None


@dataclass(frozen=True)
class Slice(Generic[T]):
    """Some rows of a list, and whether more follow."""

    rows: Sequence[T]
    has_more: bool


class Page(BaseModel, Generic[T]):
    """One page of a list. If `has_more`, send `last_id` as `after` to get the next page."""

    object: Literal["list"] = "list"
    data: list[T]
    first_id: str | None = None
    last_id: str | None = None
    has_more: bool = False

    @classmethod
    def of(cls, data: list[T], has_more: bool) -> "Page[T]":
        """Return the page of `data`, whose items have an `id`."""
        ids = [str(_id_of(item)) for item in data[:1] + data[-1:]]
        return cls(data=data, first_id=ids[0] if ids else None, last_id=ids[-1] if ids else None, has_more=has_more)


def _id_of(item: Any) -> Any:
    return item["id"] if isinstance(item, dict) else item.id
