"""What comparisons have beside their job: their questions, and the family of comparisons that extend each other.

Comparisons of a family look at the same questions again and again, and every verdict is a look. The look numbers that are handed out
must not be too low, so whoever counts looks locks the family first. Knows nothing of arms or verdicts.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, func, insert, literal, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.records.database import Record
from shared.records.evaluation.answers import Answer
from shared.records.jobs import COMPARISON, UNFINISHED, Job

NO_ANSWER_YET = "infrastructure"  # the kind of a failure that says nothing about the arm


class ComparisonQuestion(Record):
    """A question of a comparison. `number` counts from 0; `content` is a `shared.datasets` question."""

    __tablename__ = "comparison_questions"
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]


class ComparisonFamily(Record):
    """A comparison and all that extend it. `id` is the id of the first one; `deleted_verdicts` counts the verdicts of deleted ones."""

    __tablename__ = "comparison_families"
    id: Mapped[str] = mapped_column(primary_key=True)
    deleted_verdicts: Mapped[int] = mapped_column(default=0)


def add_questions(session: Session, job_id: str, contents: Iterable[dict[str, Any]]) -> None:
    """Store the questions of a comparison, numbered from 0."""
    rows = [{"job_id": job_id, "number": number, "content": content} for number, content in enumerate(contents)]
    if rows:
        session.execute(insert(ComparisonQuestion), rows)


def list_questions(session: Session, job_id: str) -> list[dict[str, Any]]:
    """Return the contents of a comparison's questions, by number. Comparisons from before questions were stored have none."""
    of_job = select(ComparisonQuestion.content).where(ComparisonQuestion.job_id == job_id)
    return list(session.scalars(of_job.order_by(ComparisonQuestion.number)))


def copy_answers(session: Session, source: str, target: str) -> None:
    """Copy the answers of the comparison `source` to `target`, except for failures of the infrastructure, which are asked again."""
    names = [column.name for column in Answer.__table__.columns if column.name != "job_id"]
    answers = select(literal(target), *(Answer.__table__.c[name] for name in names)).where(Answer.job_id == source)
    answered = func.coalesce(Answer.failure["kind"].as_string(), "") != NO_ANSWER_YET
    session.execute(insert(Answer).from_select(["job_id", *names], answers.where(answered)))


def find_family(job: Job) -> str:
    """Return the id of a comparison's family."""
    return str(job.spec.get("family") or job.id)


def lock_family(session: Session, family: str) -> bool:
    """Wait until no other transaction has locked the family, and lock it to the end of this one; return False if the family is gone.

    The lock is an update that changes nothing: PostgreSQL locks the row, SQLite the database. What is read after it is current.
    """
    unchanged = update(ComparisonFamily).where(ComparisonFamily.id == family).values(deleted_verdicts=ComparisonFamily.deleted_verdicts)
    result: Any = session.execute(unchanged.execution_options(synchronize_session=False))
    return bool(result.rowcount)


def count_looks(session: Session, family: str) -> int:
    """Return how many verdicts the family has had or may still get: those of succeeded, running and deleted comparisons.

    A canceled or failed comparison has no verdict and does not count. Lock the family before.
    """
    looked = select(func.count()).select_from(Job).where(*_members(family), Job.status.in_((*UNFINISHED, "succeeded")))
    deleted = select(ComparisonFamily.deleted_verdicts).where(ComparisonFamily.id == family)
    return session.scalars(looked).one() + (session.scalar(deleted) or 0)


def delete_comparison(session: Session, job: Job) -> None:
    """Delete a comparison with its questions and answers. Its verdict remains a look of the family, as long as that has other members."""
    family = find_family(job)
    lock_family(session, family)
    session.refresh(job, with_for_update=True)  # a worker may have stored the result meanwhile
    verdicts = int(job.result is not None)
    session.delete(job)
    session.flush()
    row = session.get(ComparisonFamily, family, populate_existing=True)
    if row is None:
        return
    row.deleted_verdicts += verdicts
    if not session.scalar(select(func.count()).select_from(Job).where(*_members(family))):
        session.delete(row)


def _members(family: str) -> tuple[ColumnElement[bool], ...]:
    return Job.kind == COMPARISON, or_(Job.id == family, Job.spec["family"].as_string() == family)
