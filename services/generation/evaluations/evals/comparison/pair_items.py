"""Pairs the output items of several runs: those with the same `item` belong together, whatever their place in the data."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.records.evaluation.evals import EvalOutputItem
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
    rows = select(EvalOutputItem.item, EvalOutputItem.status).where(EvalOutputItem.job_id == run_id).order_by(EvalOutputItem.number)
    return key_grades((item, status) for item, status in session.execute(rows.execution_options(yield_per=ROWS_AT_ONCE)))


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
