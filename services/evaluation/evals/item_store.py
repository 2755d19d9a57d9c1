"""The output items of one run in the database, so that if its worker dies, another one continues from there.

A worker that has lost its lease stores nothing.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from services.evaluation.evals.rows.row import Position
from shared.ids import new_id
from shared.records.database import Database
from shared.records.evaluation.evals import ITEM_BYTES, EvalOutputItem, read_spec
from shared.records.large_rows import count_bytes, read_fitting
from shared.workers.job_context import JobContext, JobInterrupted

PREFIX = "outputitem_"
WINDOW = 100
FINISHED_BYTES = count_bytes(EvalOutputItem.sample, EvalOutputItem.results)


@dataclass(frozen=True)
class NewItem:
    """An output item that is not graded yet. `shape` is its answer as graders read it, if the row brings one."""

    item: dict[str, Any]
    sample: dict[str, Any] | None
    shape: dict[str, Any] | None


@dataclass(frozen=True)
class StoredItem(NewItem):
    """An output item in work, and the grades that it has so far. `number` counts from 0."""

    number: int
    results: list[dict[str, Any]]


@dataclass(frozen=True)
class FinishedItem:
    """What the result of the run needs of an output item."""

    status: str
    sample: dict[str, Any] | None
    results: list[dict[str, Any]]


class OutputItems(Protocol):
    """Where output items are stored. What writes raises JobInterrupted if the job must end."""

    def read_spec(self) -> dict[str, Any]:
        """Return the spec of the run, with the rows that its request brought."""
        ...

    def find_position(self) -> Position | None:
        """Return how many items are stored, and the last one; None if there is none."""
        ...

    def add(self, first: int, items: Sequence[NewItem]) -> None:
        """Store items whose numbers begin with `first`."""
        ...

    def list_pending(self) -> list[int]:
        """Return the numbers of the items that are not graded by all criteria, in their order."""
        ...

    def measure(self, number: int) -> int:
        """Return how many bytes an item has."""
        ...

    def read(self, number: int) -> StoredItem:
        """Return an item."""
        ...

    def save_sample(self, number: int, sample: dict[str, Any], shape: dict[str, Any]) -> None:
        """Store the answer to an item."""
        ...

    def save_results(self, number: int, results: Sequence[dict[str, Any]]) -> None:
        """Store the grades so far."""
        ...

    def finish(self, number: int, status: str, results: Sequence[dict[str, Any]], sample: dict[str, Any] | None = None) -> None:
        """Store the grades by all criteria; with a `sample`, why there is no answer."""
        ...

    def read_finished(self) -> Iterator[FinishedItem]:
        """Yield the items that are graded by all criteria, in their order."""
        ...


class ItemStore:
    """The output items of the run that `context` is about."""

    def __init__(self, database: Database, context: JobContext) -> None:
        self._database = database
        self._context = context
        self._job_id = context.job.id

    def read_spec(self) -> dict[str, Any]:
        """Return the spec of the run, with the rows that its request brought."""
        with self._database.session() as session:
            return read_spec(session, self._context.job)

    def find_position(self) -> Position | None:
        """Return how many items are stored, and the last one; None if there is none."""
        with self._database.session() as session:
            count = session.scalar(select(func.count()).where(EvalOutputItem.job_id == self._job_id)) or 0
            last = session.get(EvalOutputItem, (self._job_id, count - 1)) if count else None
            return (count, last.item) if last else None

    def add(self, first: int, items: Sequence[NewItem]) -> None:
        """Store items whose numbers begin with `first`."""
        now = int(time.time())

        def write(session: Session) -> None:
            session.execute(delete(EvalOutputItem).where(EvalOutputItem.job_id == self._job_id, EvalOutputItem.number >= first))
            session.add_all(self._make_row(number, item, now) for number, item in enumerate(items, start=first))

        self._context.write(write)

    def _make_row(self, number: int, item: NewItem, now: int) -> EvalOutputItem:
        fields = {"item": item.item, "sample": item.sample, "grading": item.shape}
        return EvalOutputItem(job_id=self._job_id, number=number, id=new_id(PREFIX), created_at=now, **fields)

    def list_pending(self) -> list[int]:
        """Return the numbers of the items that are not graded by all criteria, in their order."""
        pending = select(EvalOutputItem.number).where(EvalOutputItem.job_id == self._job_id, EvalOutputItem.status.is_(None))
        with self._database.session() as session:
            return list(session.scalars(pending.order_by(EvalOutputItem.number)))

    def measure(self, number: int) -> int:
        """Return how many bytes an item has, none if the run was deleted."""
        size = select(ITEM_BYTES).where(EvalOutputItem.job_id == self._job_id, EvalOutputItem.number == number)
        with self._database.session() as session:
            return session.scalar(size) or 0

    def read(self, number: int) -> StoredItem:
        """Return an item. Raises JobInterrupted if the run was deleted."""
        with self._database.session() as session:
            row = session.get(EvalOutputItem, (self._job_id, number))
        if row is None:
            self._context.abandon()
            raise JobInterrupted("lost")
        return StoredItem(item=row.item, sample=row.sample, shape=row.grading, number=number, results=row.results or [])

    def save_sample(self, number: int, sample: dict[str, Any], shape: dict[str, Any]) -> None:
        """Store the answer to an item."""
        self._update(number, sample=sample, grading=shape)

    def save_results(self, number: int, results: Sequence[dict[str, Any]]) -> None:
        """Store the grades so far."""
        self._update(number, results=list(results))

    def finish(self, number: int, status: str, results: Sequence[dict[str, Any]], sample: dict[str, Any] | None = None) -> None:
        """Store the grades by all criteria; with a `sample`, why there is no answer. What only graders needed is removed."""
        self._update(number, status=status, results=list(results), grading=None, **({} if sample is None else {"sample": sample}))

    def _update(self, number: int, **values: Any) -> None:
        own = update(EvalOutputItem).where(EvalOutputItem.job_id == self._job_id, EvalOutputItem.number == number)
        self._context.write(lambda session: session.execute(own.values(**values).execution_options(synchronize_session=False)))

    def read_finished(self) -> Iterator[FinishedItem]:
        """Yield the items that are graded by all criteria, in their order, some at a time."""
        columns = select(EvalOutputItem.number, EvalOutputItem.status, EvalOutputItem.sample, EvalOutputItem.results)
        own = columns.where(EvalOutputItem.job_id == self._job_id, EvalOutputItem.status.is_not(None)).order_by(EvalOutputItem.number)
        last = -1
        while True:
            with self._database.session() as session:
                rows = read_fitting(session, own.where(EvalOutputItem.number > last), FINISHED_BYTES, WINDOW)
            if not rows:
                return
            yield from (FinishedItem(str(row.status), row.sample, row.results or []) for row in rows)
            last = rows[-1].number
