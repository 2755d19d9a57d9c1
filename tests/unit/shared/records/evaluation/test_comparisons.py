import threading
from typing import Any

from sqlalchemy import func, select

from shared.records import jobs
from shared.records.database import Database
from shared.records.evaluation import comparisons
from shared.records.evaluation.answers import Answer
from shared.records.evaluation.comparisons import ComparisonFamily, ComparisonQuestion

ANSWER: dict[str, Any] = {"text": "7", "scores": {"f1": 1.0}, "seconds": 0.1, "prompt_tokens": 1, "completion_tokens": 1, "citations": []}


def add_comparison(database: Database, family: str | None = None, status: str = "queued") -> str:
    """Store a comparison with this status, a new family's first if `family` is None, and return its id."""
    with database.session() as session:
        job = jobs.submit(session, jobs.COMPARISON, "default", {"family": family})
        job.status, job.result = status, {"verdict": {}} if status == "succeeded" else None
        if family is None:
            session.add(ComparisonFamily(id=job.id))
        return job.id


def count_looks(database: Database, family: str) -> int:
    with database.session() as session:
        assert comparisons.lock_family(session, family)
        return comparisons.count_looks(session, family)


def delete(database: Database, job_id: str) -> None:
    with database.session() as session:
        comparisons.delete_comparison(session, session.get_one(jobs.Job, job_id))


def test_questions_come_back_in_their_order_and_go_with_their_comparison(database: Database) -> None:
    job_id, other = add_comparison(database), add_comparison(database)
    with database.session() as session:
        comparisons.add_questions(session, job_id, ({"question": f"Wie hoch ist {number} 🗻?"} for number in range(12)))
        comparisons.add_questions(session, other, [])
    with database.session() as session:
        assert [content["question"] for content in comparisons.list_questions(session, job_id)][-2:] == [
            "Wie hoch ist 10 🗻?",
            "Wie hoch ist 11 🗻?",
        ]
        assert comparisons.list_questions(session, other) == []
    delete(database, job_id)
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(ComparisonQuestion)) == 0


def test_a_copy_has_all_answers_except_for_failures_of_the_infrastructure(database: Database) -> None:
    source, target = add_comparison(database), add_comparison(database)
    away = {"kind": "infrastructure", "code": "unavailable", "message": "The engine was away."}
    too_long = {"kind": "own", "code": "context_length_exceeded", "message": "The prompt was too long."}
    with database.session() as session:
        session.add(Answer(job_id=source, question=0, arm="base", retrieved=[{"text": "found"}], engine_seconds=0.5, **ANSWER))
        session.add(Answer(job_id=source, question=0, arm="base", phase="single", **ANSWER))
        session.add(Answer(job_id=source, question=0, arm="rag", failure=away, **ANSWER))
        session.add(Answer(job_id=source, question=1, arm="rag", failure=too_long, **ANSWER))
    with database.session() as session:
        comparisons.copy_answers(session, source, target)
    delete(database, source)
    with database.session() as session:
        rows = session.scalars(select(Answer).where(Answer.job_id == target).order_by(Answer.question, Answer.phase)).all()
        assert [(row.question, row.arm, row.phase) for row in rows] == [(0, "base", "main"), (0, "base", "single"), (1, "rag", "main")]
        assert (rows[0].retrieved, rows[0].engine_seconds, rows[0].failure) == ([{"text": "found"}], 0.5, None)
        assert rows[2].failure == too_long


def test_every_verdict_and_every_comparison_that_may_still_get_one_is_a_look(database: Database) -> None:
    first = add_comparison(database, status="succeeded")
    assert count_looks(database, first) == 1
    for status, looks in (("cancelled", 1), ("failed", 1), ("running", 2), ("queued", 3), ("succeeded", 4)):
        add_comparison(database, first, status)
        assert count_looks(database, first) == looks
    add_comparison(database, status="succeeded")  # of another family
    assert count_looks(database, first) == 4


def test_the_verdict_of_a_deleted_comparison_remains_a_look(database: Database) -> None:
    first = add_comparison(database, status="succeeded")
    second = add_comparison(database, first, "succeeded")
    canceled = add_comparison(database, first, "cancelled")
    delete(database, first)
    delete(database, canceled)
    assert count_looks(database, first) == 2
    delete(database, second)
    with database.session() as session:
        assert not comparisons.lock_family(session, first)


def test_two_looks_at_the_same_time_get_different_numbers(database: Database) -> None:
    first = add_comparison(database, status="succeeded")
    looks: list[int] = []
    start = threading.Barrier(4)

    def look() -> None:
        start.wait()
        with database.session() as session:
            comparisons.lock_family(session, first)
            looks.append(1 + comparisons.count_looks(session, first))
            jobs.submit(session, jobs.COMPARISON, "default", {"family": first})

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(looks) == [2, 3, 4, 5]
