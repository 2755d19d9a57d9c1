"""Evals, their runs, and the output items of runs. A run is a job; its row here says which eval it belongs to.

an output item:  answered (`sample` is stored) ──▶ graded (`status` and `results` are stored)
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ForeignKey, Select, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.records.database import Record
from shared.records.jobs import EVAL_RUN, Job


class StoredEval(Record):
    """An eval. `data_source_config` is as it was sent; each of `testing_criteria` has its `id`."""

    __tablename__ = "evals"
    id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    metadata_: Mapped[dict[str, Any] | None] = mapped_column("metadata")
    data_source_config: Mapped[dict[str, Any]]
    testing_criteria: Mapped[list[Any]]
    created_at: Mapped[int]
    updated_at: Mapped[int]


class EvalRun(Record):
    """Which eval a job of the kind `eval_run` belongs to."""

    __tablename__ = "eval_runs"
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    eval_id: Mapped[str] = mapped_column(ForeignKey("evals.id", ondelete="CASCADE"), index=True)


class EvalOutputItem(Record):
    """A row of a run's data with its answer and grades. `number` counts the rows from 0.

    `sample` is the answer as the output item shows it, `grading` what graders need of it beyond that, and `results` has the grades so
    far. `status` is null until all criteria have graded.
    """

    __tablename__ = "eval_output_items"
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[int]
    status: Mapped[str | None] = mapped_column(default=None)
    item: Mapped[dict[str, Any]]
    sample: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    grading: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    results: Mapped[list[Any] | None] = mapped_column(default=None)


def find_eval(session: Session, project_id: str, eval_id: str) -> StoredEval | None:
    """Return the project's eval, or None."""
    row = session.get(StoredEval, eval_id)
    return row if row and row.project_id == project_id else None


def find_eval_for_update(session: Session, project_id: str, eval_id: str) -> StoredEval | None:
    """Lock the project's eval until the transaction ends, and return it; None if there is none. See `jobs.find_for_update`."""
    own = update(StoredEval).where(StoredEval.id == eval_id, StoredEval.project_id == project_id)
    session.execute(own.values(name=StoredEval.name).execution_options(synchronize_session=False))
    return find_eval(session, project_id, eval_id)


def delete_eval(session: Session, row: StoredEval) -> None:
    """Delete an eval that is locked, with its runs and their output items. A worker that runs one loses its lease and stops.

    The runs are not read, because their specs may have many rows.
    """
    runs = select(EvalRun.job_id).where(EvalRun.eval_id == row.id)
    session.execute(delete(Job).where(Job.id.in_(runs)).execution_options(synchronize_session=False))
    session.delete(row)


def select_evals(project_id: str) -> Select[StoredEval]:
    """Return the evals of a project."""
    return select(StoredEval).where(StoredEval.project_id == project_id)


def select_runs(eval_id: str, statuses: Collection[str] = ()) -> Select[Job]:
    """Return the jobs of an eval's runs, if `statuses` are given only those with one of them."""
    runs = select(Job).join(EvalRun, EvalRun.job_id == Job.id).where(EvalRun.eval_id == eval_id, Job.kind == EVAL_RUN)
    return runs.where(Job.status.in_(statuses)) if statuses else runs


def select_output_items(run_id: str, status: str | None = None) -> Select[EvalOutputItem]:
    """Return the output items of a run that are complete, if `status` is given only those that have it."""
    own = select(EvalOutputItem).where(EvalOutputItem.job_id == run_id, EvalOutputItem.status.is_not(None))
    return own.where(EvalOutputItem.status == status) if status else own


def count_output_items(session: Session, run_ids: Collection[str]) -> dict[str, dict[str, int]]:
    """Return the complete output items of each run, by status."""
    counts: dict[str, dict[str, int]] = {run_id: {} for run_id in run_ids}
    complete = EvalOutputItem.job_id.in_(run_ids), EvalOutputItem.status.is_not(None)
    by_status = select(EvalOutputItem.job_id, EvalOutputItem.status, func.count()).where(*complete)
    for run_id, status, count in session.execute(by_status.group_by(EvalOutputItem.job_id, EvalOutputItem.status)):
        counts[run_id][str(status)] = count
    return counts
