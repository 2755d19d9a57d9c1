"""Reads the stored responses of a project that match a filter, newest first, a few at a time.

Many keys are listed at once, because no index has them in this order. Their rows are read, and their JSON is looked into, a window at a
time: a filter that matches little makes no statement slow.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import ColumnElement, func, select, tuple_

from shared.records.database import Database
from shared.records.json_entries import has_entries
from shared.records.large_rows import count_bytes, split_by_size
from shared.records.responses import StoredResponse

LISTED_KEYS = 50_000
WINDOW = 100  # rows
METADATA = "metadata"
SIZE = count_bytes(StoredResponse.input, StoredResponse.body).label("size")
NEWEST_FIRST = (StoredResponse.created_at.desc(), StoredResponse.id.desc())

Found = TypeVar("Found", covariant=True)
Key = tuple[int, str]
"""When a response was created, and its id."""


class Chosen(Protocol):
    """Which answers are read. Both times are inclusive; an answer must have all entries of `metadata`."""

    @property
    def metadata(self) -> Mapping[str, str]:
        """The entries of the metadata."""
        ...

    @property
    def model(self) -> str | None:
        """The model, or None for any."""
        ...

    @property
    def created_after(self) -> int | None:
        """The first second, or None for any."""
        ...

    @property
    def created_before(self) -> int | None:
        """The last second, or None for any."""
        ...


@dataclass(frozen=True)
class StoredTurn:
    """A stored response: the items of its input, and the response itself in `body`. Only `status` is current.

    `size` is how many bytes both have.
    """

    id: str
    previous_id: str | None
    status: str
    input: list[Any]
    body: dict[str, Any]
    size: int = 0


@dataclass(frozen=True)
class Window(Generic[Found]):
    """The answers of a window that match, and how many rows it had."""

    turns: Sequence[Found]
    scanned: int


class ResponseReader:
    """The stored responses of one project that `chosen` selects."""

    def __init__(self, database: Database, project_id: str, chosen: Chosen) -> None:
        self._database = database
        self._project_id = project_id
        self._in_range = [StoredResponse.project_id == project_id, *_limit_times(chosen)]
        self._matching = _match(chosen, database.engine.dialect.name)

    def count(self) -> int:
        """Return how many responses the project has in this time, whether they match or not."""
        with self._database.session() as session:
            return session.scalar(select(func.count()).where(*self._in_range)) or 0

    def read(self, after: Key | None = None) -> Iterator[Window[StoredTurn]]:
        """Yield the windows, newest first; with `after`, those behind this response."""
        last = after
        while keys := self._list_keys(last):
            for start in range(0, len(keys), WINDOW):
                window = [id for _, id in keys[start : start + WINDOW]]
                sizes = self._measure(window)
                for ids in split_by_size(window, sizes):
                    yield Window(self._read_window(ids, sizes), len(ids))
            last = keys[-1]

    def _measure(self, ids: Sequence[str]) -> dict[str, int]:
        """Return how many bytes each response has."""
        with self._database.session() as session:
            return {row.id: row.size for row in session.execute(select(StoredResponse.id, SIZE).where(StoredResponse.id.in_(ids)))}

    def _list_keys(self, last: Key | None) -> list[Key]:
        """Return when the next responses after `last` were created, and their ids."""
        behind = [] if last is None else [tuple_(StoredResponse.created_at, StoredResponse.id) < tuple_(*last)]
        rows = select(StoredResponse.created_at, StoredResponse.id).where(*self._in_range, *behind).order_by(*NEWEST_FIRST)
        with self._database.session() as session:
            return [(created_at, id) for created_at, id in session.execute(rows.limit(LISTED_KEYS))]

    def _read_window(self, ids: Sequence[str], sizes: Mapping[str, int]) -> list[StoredTurn]:
        rows = select(StoredResponse).where(StoredResponse.id.in_(ids), *self._matching).order_by(*NEWEST_FIRST)
        with self._database.session() as session:
            return [_to_turn(row, sizes.get(row.id, 0)) for row in session.scalars(rows)]

    def find(self, id: str) -> StoredTurn | None:
        """Return a response of the project, whether it matches or not; None if it was deleted."""
        of_project = select(StoredResponse, SIZE).where(StoredResponse.id == id, StoredResponse.project_id == self._project_id)
        with self._database.session() as session:
            found = session.execute(of_project).first()
            return _to_turn(*found) if found else None


def _to_turn(row: StoredResponse, size: int) -> StoredTurn:
    return StoredTurn(row.id, row.previous_id, row.status, row.input, row.body, size)


def _limit_times(chosen: Chosen) -> list[ColumnElement[bool]]:
    after, before = chosen.created_after, chosen.created_before
    limits = [StoredResponse.created_at >= after] if after is not None else []
    return [*limits, StoredResponse.created_at <= before] if before is not None else limits


def _match(chosen: Chosen, dialect: str) -> list[ColumnElement[bool]]:
    by_model = [StoredResponse.body["model"].as_string() == chosen.model] if chosen.model is not None else []
    return [*by_model, *has_entries(StoredResponse.body, chosen.metadata, dialect, METADATA)]
