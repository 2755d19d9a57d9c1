"""Pairs the output items of several runs: those with the same `item` belong together, whatever their place in the data."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.records.evaluation.evals import EvalOutputItem
from shared.records.large_rows import count_bytes, read_fitting
from shared.statistics.tango import Booleans

ROWS_AT_ONCE = 200
GRADED = {"pass": True, "fail": False}
Key = tuple[bytes, int]  # the hash of an item, and how many equal ones came before it in its run
Grades = Mapping[Key, bool | None]  # None: the item could not be answered or graded


@dataclass(frozen=True)
class PairedItems:
    """What all runs graded: `passed` has a row for each item and a column for each run. `left_out` counts the other items."""

    passed: Booleans
    left_out: int


def read_grades(session: Session, run_id: str) -> Grades:
    """Return whether each item of a run passed."""
    return key_grades(_read_items(session, run_id))


def _read_items(session: Session, run_id: str) -> Iterator[tuple[Any, str | None]]:
    """Yield the items of a run and their statuses, in the order of the data, some at a time."""
    columns = select(EvalOutputItem.number, EvalOutputItem.item, EvalOutputItem.status)
    rows, size = columns.where(EvalOutputItem.job_id == run_id).order_by(EvalOutputItem.number), count_bytes(EvalOutputItem.item)
    last = -1
    while found := read_fitting(session, rows.where(EvalOutputItem.number > last), size, ROWS_AT_ONCE):
        yield from ((row.item, row.status) for row in found)
        last = found[-1].number


def key_grades(rows: Iterable[tuple[Any, str | None]]) -> Grades:
    """Return the grades of items with their statuses, in the order of the data, which tells equal items apart."""
    seen, grades = Counter[bytes](), dict[Key, bool | None]()
    for item, status in rows:
        digest = hashlib.sha256(json.dumps(item, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")).digest()
        grades[digest, seen[digest]] = GRADED.get(str(status))
        seen[digest] += 1
    return grades


def pair_items(runs: Sequence[Grades]) -> PairedItems:
    """Return the items that every run has graded."""
    every = set[Key]().union(*runs)
    rows = [[run.get(key) for run in runs] for key in every]
    graded = [row for row in rows if None not in row]
    return PairedItems(np.array(graded, dtype=np.bool_).reshape(len(graded), len(runs)), len(every) - len(graded))
