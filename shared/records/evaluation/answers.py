"""The answers of a comparison, one row for each phase, question and arm, so that an interrupted comparison can continue."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from shared.records.database import Record

MAIN = "main"


class Answer(Record):
    """What one arm answered to one question, or why there is no answer. `question` counts from 0.

    `phase` is `main` for the answers that the verdict rests on; the worker names the others, such as those asked one at a time. `seconds`
    is measured by the worker, `engine_seconds` is the engine's part. `failure` is `{kind, code, message}`, None if the arm answered.
    """

    __tablename__ = "answers"
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    phase: Mapped[str] = mapped_column(primary_key=True, default=MAIN)
    question: Mapped[int] = mapped_column(primary_key=True)
    arm: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    scores: Mapped[dict[str, Any]]
    seconds: Mapped[float]
    prompt_tokens: Mapped[int]
    completion_tokens: Mapped[int]
    citations: Mapped[list[Any]]
    failure: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    finish_reason: Mapped[str | None] = mapped_column(default=None)
    engine_seconds: Mapped[float | None] = mapped_column(default=None)
    retrieved: Mapped[list[Any]] = mapped_column(default=list)
