"""Stores an output item for each row before anything is asked: a wrong line costs no call, and the number of rows is known.

A run whose worker died continues behind the last row that was stored.
"""

from collections.abc import Iterable, Iterator

from services.evaluation.evals.item_store import NewItem, OutputItems
from services.evaluation.evals.rows.read_rows import Rows
from services.evaluation.evals.rows.row import Row
from services.evaluation.evals.sampling.describe_sample import describe_sample
from services.evaluation.evals.sampling.shapes import read_shape
from shared.errors import InvalidRequest

MAX_ROWS, MAX_BYTES = 100, 8 * 1024 * 1024  # that are stored together
NO_ROWS = "No stored answer matches the filters of the run and of its eval, so there is nothing to evaluate."


def store_rows(rows: Rows, items: OutputItems, *, are_answered: bool) -> int:
    """Store the rows that are not stored yet, and return how many there are. If they `are_answered`, their samples are stored too.

    Raises:
        InvalidRequest: if there is no row, or a line of a file is wrong.
        JobInterrupted: if the job must end.
    """
    position = items.find_position()
    count = position[0] if position else 0
    for batch in _batch(rows.read(position)):
        items.add(count, [_make_item(row, are_answered) for row in batch])
        count += len(batch)
    if not count:
        raise InvalidRequest(NO_ROWS, param="data_source.source", code="no_rows")
    return count


def _batch(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch, size = list[Row](), 0
    for row in rows:
        batch.append(row)
        size += row.size
        if len(batch) == MAX_ROWS or size >= MAX_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _make_item(row: Row, are_answered: bool) -> NewItem:
    if not are_answered or row.sample is None:
        return NewItem(row.item, None, None)
    shape = read_shape(row.sample)
    return NewItem(row.item, describe_sample(shape, {}).model_dump(mode="json"), shape)
