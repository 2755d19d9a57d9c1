"""The items of a dataset while it is made, one row for each question that was requested, so that an interrupted dataset can continue."""

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shared.records.database import Record


class DatasetItem(Record):
    """A requested question. `key` names the passage and the request; `state` is a step, `kept`, or why it was left out.

    `content` has what is known so far: the question, its answer, the replies of the checks, and the tokens that they took.
    """

    __tablename__ = "dataset_items"
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    content: Mapped[dict[str, Any]]
