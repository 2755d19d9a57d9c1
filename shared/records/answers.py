"""The answers of a comparison, one row for each question and arm, so that an interrupted comparison can continue."""

from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from shared.records.database import Record


class Answer(Record):
    """What one arm answered to one question. `question` counts from 0; `seconds` is the time of the whole call, measured by the worker."""

    __tablename__ = "answers"
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    question: Mapped[int] = mapped_column(primary_key=True)
    arm: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    scores: Mapped[dict[str, Any]]
    seconds: Mapped[float]
    prompt_tokens: Mapped[int]
    completion_tokens: Mapped[int]
    citations: Mapped[list[Any]]
