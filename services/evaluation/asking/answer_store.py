"""The stored answers of one comparison. Knows the table, and nothing of how answers come about."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from shared.records.answers import Answer
from shared.records.database import Database


class AnswerBook:
    """Reads and keeps the answers of the comparison `job_id`."""

    def __init__(self, database: Database, job_id: str) -> None:
        self.job_id = job_id
        self._database = database

    def read(self) -> list[Answer]:
        """Return the answers kept so far."""
        with self._database.session() as session:
            return list(session.scalars(select(Answer).where(Answer.job_id == self.job_id)))

    def add(self, answer: Answer) -> None:
        """Keep a new answer; where a worker that lost this job was faster, its answer stands."""
        try:
            with self._database.session() as session:
                session.add(answer)
        except IntegrityError:
            return

    def keep(self, answers: Iterable[Answer]) -> None:
        """Keep what changed in answers that were read or added before."""
        with self._database.session() as session:
            for answer in answers:
                session.merge(answer)
