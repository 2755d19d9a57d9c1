"""Keeps the questions and answers of one comparison in the database, so that if its worker dies, another one continues from there."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from services.evaluation.arms.answer import ArmAnswer, Failure
from shared.records.database import Database
from shared.records.evaluation.answers import MAIN, Answer
from shared.records.evaluation.comparisons import add_questions, list_questions


class AnswerStore:
    """The questions and answers of the comparison `job_id`. Each phase has its own answer of an arm to a question."""

    def __init__(self, database: Database, job_id: str) -> None:
        self._database = database
        self._job_id = job_id

    def read_questions(self) -> list[dict[str, Any]]:
        """Return the contents of the questions, by number; none for a comparison from before they were stored."""
        with self._database.session() as session:
            return list_questions(session, self._job_id)

    def save_questions(self, contents: Sequence[dict[str, Any]]) -> None:
        """Store the questions of a comparison that has none yet: one that made them from documents."""
        with self._database.session() as session:
            add_questions(session, self._job_id, contents)

    def read(self, phase: str = MAIN) -> list[ArmAnswer]:
        """Return the answers of a phase that are stored so far, by question."""
        of_phase = select(Answer).where(Answer.job_id == self._job_id, Answer.phase == phase).order_by(Answer.question)
        with self._database.session() as session:
            return [_read_row(row) for row in session.scalars(of_phase)]

    def add(self, answer: ArmAnswer, phase: str = MAIN) -> None:
        """Store a new answer. If another worker has already stored one for this phase, arm and question, that one is kept."""
        try:
            with self._database.session() as session:
                session.add(Answer(job_id=self._job_id, phase=phase, **asdict(answer)))
        except IntegrityError:
            return

    def save_scores(self, answers: Iterable[ArmAnswer], phase: str = MAIN) -> None:
        """Store the scores and failures of answers that were stored before."""
        rows = [self._make_grades(answer, phase) for answer in answers]
        if rows:
            with self._database.session() as session:
                session.execute(update(Answer), rows)

    def _make_grades(self, answer: ArmAnswer, phase: str) -> dict[str, Any]:
        key = {"job_id": self._job_id, "phase": phase, "question": answer.question, "arm": answer.arm}
        return {**key, "scores": answer.scores, "failure": asdict(answer.failure) if answer.failure else None}


def _read_row(row: Answer) -> ArmAnswer:
    return ArmAnswer(
        question=row.question,
        arm=row.arm,
        text=row.text,
        seconds=row.seconds,
        prompt_tokens=row.prompt_tokens,
        completion_tokens=row.completion_tokens,
        citations=row.citations,
        scores=row.scores,
        failure=Failure(**row.failure) if row.failure else None,
        finish_reason=row.finish_reason,
        engine_seconds=row.engine_seconds,
        retrieved=row.retrieved,
    )
