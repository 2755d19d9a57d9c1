"""Evals, their runs, and the output items of runs. A run is a job; its row here says which eval it belongs to.

an output item:  answered (`sample` is stored) ──▶ graded (`status` and `results` are stored)
"""

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shared.records.database import Record


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
