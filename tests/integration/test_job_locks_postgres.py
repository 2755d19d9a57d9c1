"""Transactions that lock several jobs in PostgreSQL do so in the order of their ids, so that no two of them wait for each other."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from shared.records import MIGRATIONS, jobs
from shared.records.database import Database, migrate
from shared.records.evaluation import evals
from shared.records.evaluation.evals import EvalRun, StoredEval
from shared.records.job_queue import Claimant, claim_next
from shared.records.jobs import EVAL_RUN, Job
from tests.serving import wait_until

DEADLINE = 60.0
IDS = ("evalrun_a", "evalrun_b", "evalrun_c")


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    database = Database(postgres_url)
    migrate(database, MIGRATIONS)
    fields: dict[str, Any] = {"name": "a", "data_source_config": {}, "testing_criteria": [], "created_at": 1, "updated_at": 1}
    with database.session() as session:
        session.add(StoredEval(id="eval_1", project_id="default", **fields))
    for id in reversed(IDS):  # PostgreSQL finds them in this order
        with database.session() as session:
            session.add(Job(id=id, project_id="default", kind=EVAL_RUN, spec={}, created_at=1))
            session.flush()
            session.add(EvalRun(job_id=id, eval_id="eval_1"))
    yield database
    database.close()


def lock(session: Session, id: str) -> None:
    """Lock a job; raise an error if another transaction has it."""
    session.execute(select(Job.id).where(Job.id == id).with_for_update(nowait=True)).one()


def waits_for_lock(database: Database) -> bool:
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    with database.session() as session:
        return bool(session.scalar(text(waiting)))


def run_while_the_first_is_locked(database: Database, change: Callable[[], object]) -> None:
    """Run `change` in a thread, which waits for the first job, and check that it has not locked the others before."""
    thread = threading.Thread(target=change)
    with database.session() as session:
        lock(session, IDS[0])
        thread.start()
        wait_until(lambda: waits_for_lock(database), DEADLINE)
        for id in IDS[1:]:
            lock(session, id)
    thread.join(DEADLINE)
    assert not thread.is_alive()


def test_an_eval_that_is_deleted_locks_its_runs_in_their_order(database: Database) -> None:
    def delete() -> None:
        with database.session() as session:
            row = evals.find_eval_for_update(session, "default", "eval_1")
            assert row
            evals.delete_eval(session, row)

    run_while_the_first_is_locked(database, delete)
    with database.session() as session:
        assert session.scalars(select(Job.id)).all() == []


def test_jobs_that_wait_for_their_project_are_locked_in_their_order(database: Database) -> None:
    with database.session() as session:
        session.add(Job(id="evalrun_0", project_id="default", kind=EVAL_RUN, spec={}, created_at=0))
    claimant = Claimant("worker", [EVAL_RUN], 600, max_per_project=1)
    assert claim_next(database, claimant)
    run_while_the_first_is_locked(database, lambda: claim_next(database, claimant))
    with database.session() as session:
        stages = set(session.scalars(select(Job.stage).where(Job.id.in_(IDS))))
    assert stages == {"waiting_for_project"}


def test_the_end_of_canceled_jobs_waits_for_no_job_that_is_locked(database: Database) -> None:
    with database.session() as session:
        for id in IDS:
            session.get_one(Job, id).cancel_requested = True
    with database.session() as holder:
        lock(holder, IDS[1])
        with database.session() as session:
            jobs.finish_cancelled(session)
    with database.session() as session:
        statuses = {id: session.get_one(Job, id).status for id in IDS}
    assert statuses == {"evalrun_a": "cancelled", "evalrun_b": "queued", "evalrun_c": "cancelled"}
