"""Evals, their runs, and the output items of runs. A run is a job; its row here says which eval it belongs to.

an output item:  answered (`sample` is stored) ──▶ graded (`status` and `results` are stored)
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Select, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.records.database import Record
from shared.records.jobs import EVAL_RUN, Job, lock_jobs
from shared.records.large_rows import count_bytes

ROWS = "content"  # the field of a source that has the rows of a request


class StoredEval(Record):
    """An eval. `data_source_config` is as it was sent; each of `testing_criteria` has its `id`.

    `number` grows with each eval of the project, and orders those of the same second. Evals from before it was counted have 0.
    """

    __tablename__ = "evals"
    id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    metadata_: Mapped[dict[str, Any] | None] = mapped_column("metadata")
    data_source_config: Mapped[dict[str, Any]]
    testing_criteria: Mapped[list[Any]]
    created_at: Mapped[int]
    updated_at: Mapped[int]
    number: Mapped[int] = mapped_column(default=0)


class EvalRun(Record):
    """Which eval a job of the kind `eval_run` belongs to. `number` grows with each run of the eval, as that of an eval does.

    `content` has the rows that the request brought, without which the job is small: it is written at each renewal of the lease, and listed
    with others. It is loaded only by `read_rows`. In a run from before this column, the rows are in the job's `spec`.
    """

    __tablename__ = "eval_runs"
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    eval_id: Mapped[str] = mapped_column(ForeignKey("evals.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(default=0)
    content: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True), default=None, deferred=True)


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


ITEM_BYTES = count_bytes(EvalOutputItem.item, EvalOutputItem.sample, EvalOutputItem.grading, EvalOutputItem.results)


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

    Nothing of the runs is read but their ids.
    """
    is_own = Job.id.in_(select(EvalRun.job_id).where(EvalRun.eval_id == row.id))
    lock_jobs(session, is_own)
    session.execute(delete(Job).where(is_own).execution_options(synchronize_session=False))
    session.delete(row)


def count_next_eval(session: Session, project_id: str) -> int:
    """Return the `number` of a new eval. Two that are created at the same moment may get the same one."""
    return _count_next(session, StoredEval.number, StoredEval.project_id == project_id)


def count_next_run(session: Session, eval_id: str) -> int:
    """Return the `number` of a new run of an eval. Without a lock on the eval, two may get the same one."""
    return _count_next(session, EvalRun.number, EvalRun.eval_id == eval_id)


def _count_next(session: Session, column: Any, condition: ColumnElement[bool]) -> int:
    return (session.scalar(select(func.max(column)).where(condition)) or 0) + 1


def take_rows(data_source: dict[str, Any]) -> tuple[dict[str, Any], list[Any] | None]:
    """Return a data source of a run without the rows that it brings, and these rows; None if it brings none."""
    source = data_source.get("source")
    if not isinstance(source, dict) or not isinstance(source.get(ROWS), list):
        return data_source, None
    return {**data_source, "source": {name: value for name, value in source.items() if name != ROWS}}, source[ROWS]


def put_rows(data_source: dict[str, Any], rows: list[Any] | None) -> dict[str, Any]:
    """Return a data source with the rows that `take_rows` took from it."""
    return data_source if rows is None else {**data_source, "source": {**data_source["source"], ROWS: rows}}


def read_rows(session: Session, run_ids: Collection[str]) -> dict[str, list[Any]]:
    """Return the rows that the requests of runs brought, by the run's id, of those that are stored apart from the job."""
    stored = select(EvalRun.job_id, EvalRun.content).where(EvalRun.job_id.in_(run_ids), EvalRun.content.is_not(None))
    return {run_id: content for run_id, content in session.execute(stored) if content is not None}


def read_spec(session: Session, run: Job) -> dict[str, Any]:
    """Return the spec of a run with the rows that its request brought."""
    return {**run.spec, "data_source": put_rows(run.spec["data_source"], read_rows(session, [run.id]).get(run.id))}


def select_evals(project_id: str) -> Select[StoredEval]:
    """Return the evals of a project."""
    return select(StoredEval).where(StoredEval.project_id == project_id)


def select_runs(eval_id: str, statuses: Collection[str] = ()) -> Select[Job]:
    """Return the jobs of an eval's runs, if `statuses` are given only those with one of them."""
    of_eval = select(Job).select_from(Job).join(EvalRun, EvalRun.job_id == Job.id)
    runs = of_eval.where(EvalRun.eval_id == eval_id, Job.kind == EVAL_RUN)
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
