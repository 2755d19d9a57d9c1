"""Lists, a page at a time: what a client requests, the rows that were found, and the page that it gets.

All lists of both services have the same parameters, defaults, limits and errors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from shared.errors import InvalidRequest

NOT_IN_LIST = "invalid_cursor"
Order = Literal["asc", "desc"]
T = TypeVar("T")


@dataclass(frozen=True)
class PageRequest:
    """Which part of a list is requested. `after` and `before` are ids of items in the list.

    With `before` alone, it is the last items before it; with both, the first items between them.
    """

    limit: int
    order: Order = "desc"
    after: str | None = None
    before: str | None = None


class PageQuery(BaseModel):
    """The query of a list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(20, ge=1, le=100, description="The maximum number of items on the page.")
    order: Order = Field("desc", description="The order by creation time; `desc` is newest first.")
    after: str | None = Field(None, min_length=1, description="The id of the last item on the previous page.")
    before: str | None = Field(None, min_length=1, description="The id of the first item on the next page.")

    def page_request(self) -> PageRequest:
        """Return which part of the list is requested."""
        return PageRequest(self.limit, self.order, self.after, self.before)


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


def not_in_list(param: str, id: str) -> InvalidRequest:
    """Return the error for an `after` or `before` that names no item of the list."""
    return InvalidRequest(
        f"'{param}' names '{id}', which is not in this list. List again without '{param}'.", param=param, code=NOT_IN_LIST
    )


def _id_of(item: Any) -> Any:
    return item["id"] if isinstance(item, dict) else item.id
