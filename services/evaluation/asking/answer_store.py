"""Stores the answers of one comparison in the database, so that a comparison whose worker died continues where it stopped."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import cast

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from services.evaluation.arms.answer import ArmAnswer
from shared.contracts.comparisons import ArmName, Grader
from shared.records.answers import Answer
from shared.records.database import Database


class AnswerStore:
    """The stored answers of the comparison `job_id`."""

    def __init__(self, database: Database, job_id: str) -> None:
        self._database = database
        self._job_id = job_id

    def read(self) -> list[ArmAnswer]:
        """Return the answers stored so far."""
        with self._database.session() as session:
            return [_read_row(row) for row in session.scalars(select(Answer).where(Answer.job_id == self._job_id))]

    def add(self, answer: ArmAnswer) -> None:
        """Store a new answer. If another worker has already stored one for this arm and question, that one is kept."""
        try:
            with self._database.session() as session:
                session.add(self._make_row(answer))
        except IntegrityError:
            return

    def save_scores(self, answers: Iterable[ArmAnswer]) -> None:
        """Store graded answers in place of those that were added before."""
        with self._database.session() as session:
            for answer in answers:
                session.merge(self._make_row(answer))

    def _make_row(self, answer: ArmAnswer) -> Answer:
        return Answer(job_id=self._job_id, **asdict(answer))


def _read_row(row: Answer) -> ArmAnswer:
    return ArmAnswer(
        question=row.question,
        arm=cast("ArmName", row.arm),
        text=row.text,
        seconds=row.seconds,
        prompt_tokens=row.prompt_tokens,
        completion_tokens=row.completion_tokens,
        citations=row.citations,
        scores=cast("dict[Grader, float]", row.scores),
    )
