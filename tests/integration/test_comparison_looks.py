"""Looks at a comparison from several processes at the same time, on SQLite and on PostgreSQL."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from services.generation.evaluations.comparisons.store import store_comparison, store_extension
from shared.contracts.comparisons import ComparisonSpec
from shared.datasets import Question
from shared.errors import NotFound
from shared.records import MIGRATIONS
from shared.records.database import Database, migrate
from shared.records.evaluation import comparisons
from shared.records.evaluation.answers import Answer
from shared.records.jobs import Job

CALLERS = 6
SPEC = ComparisonSpec(base_model="tiny", model="tiny", arms=["base", "rag"], questions_sha256="same")


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    postgres = request.param == "postgres"
    opened = Database(request.getfixturevalue("postgres_url") if postgres else f"sqlite:///{tmp_path / 'records.db'}")
    migrate(opened, MIGRATIONS)
    yield opened
    opened.close()


def ask(*numbers: int) -> list[dict[str, Any]]:
    return [Question(question=f"Wie hoch ist Turm {number}?", answers=[str(number)]).item() for number in numbers]


def create(database: Database, *numbers: int) -> Job:
    """Store a comparison that has its verdict."""
    with database.session() as session:
        job = store_comparison(session, "default", SPEC, ask(*numbers), "Created.")
        job.status, job.result = "succeeded", {"verdict": {}}
        return job


def extend(database: Database, parent: Job, *numbers: int) -> Job:
    spec = ComparisonSpec.model_validate(parent.spec)
    with database.session() as session:
        return store_extension(session, parent, spec, ask(1, 2, *numbers), "Created.")


def run_together(call: Callable[[int], object]) -> list[object]:
    """Return the results of calls that begin at the same moment in threads of their own."""
    start = threading.Barrier(CALLERS)

    def run(number: int) -> object:
        start.wait()
        return call(number)

    with ThreadPoolExecutor(CALLERS) as threads:
        return list(threads.map(run, range(CALLERS)))


def test_no_two_extensions_at_the_same_time_get_the_same_look(database: Database) -> None:
    parent = create(database, 1, 2)
    looks = run_together(lambda number: extend(database, parent, 10 + number).spec["look"])
    assert sorted(map(str, looks)) == ["2", "3", "4", "5", "6", "7"]


def test_comparisons_of_the_same_questions_can_be_created_at_the_same_time(database: Database) -> None:
    jobs = run_together(lambda _: create(database, 1, 2).id)
    assert len(set(jobs)) == CALLERS
    assert create(database, 1, 2).spec["reuses"] in jobs


def test_an_extension_has_the_answers_of_its_parent_or_finds_it_deleted(database: Database) -> None:
    parent = create(database, 1, 2)
    with database.session() as session:
        measured = {"scores": {}, "seconds": 0.1, "prompt_tokens": 1, "completion_tokens": 1, "citations": []}
        session.add_all(Answer(job_id=parent.id, question=number, arm="base", text="é", **measured) for number in (0, 1))

    def delete_or_extend(number: int) -> Job | None:
        if number == 0:
            with database.session() as session:
                comparisons.delete_comparison(session, session.get_one(Job, parent.id))
            return None
        try:
            return extend(database, parent, 10 + number)
        except NotFound:
            return None

    extended = [job for job in run_together(delete_or_extend) if isinstance(job, Job)]
    with database.session() as session:
        for job in extended:
            assert [content["answers"] for content in comparisons.list_questions(session, job.id)][:2] == [["1"], ["2"]]
            assert session.query(Answer).filter_by(job_id=job.id).count() == 2
        # The deleted verdict and all extensions are looks of a family that remains as long as one of them does.
        assert comparisons.lock_family(session, parent.id) == bool(extended)
        assert comparisons.count_looks(session, parent.id) == (len(extended) + 1 if extended else 0)
