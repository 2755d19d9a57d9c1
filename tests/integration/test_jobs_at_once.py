"""Jobs and responses that are deleted and canceled at the same moment, over PostgreSQL: one deletion succeeds, nothing else goes wrong."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import delete

from services.generation.contracts.responses.response import Response
from services.generation.jobs.store import JobStore
from services.generation.responses.store import ResponseStore
from shared import records
from shared.errors import NotFound
from shared.records import jobs
from shared.records.database import Database, migrate
from shared.records.evaluation.comparisons import ComparisonFamily, delete_comparison
from shared.records.job_queue import Claimant, WorkerDevice, claim_next
from shared.web.auth import open_authenticator

CALLERS = 8
ROUNDS = 5


class SilentNotifier:
    """Notifies no one."""

    def notify(self, kind: str, job_id: str) -> None:
        """Do nothing."""


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    database = Database(postgres_url)
    migrate(database, records.MIGRATIONS)
    open_authenticator(database, {}, None)
    yield database
    database.close()


def at_once(calls: Sequence[Callable[[], object]]) -> Counter[str]:
    """Make all calls at the same moment; count those that find what they are about."""
    ready = threading.Barrier(len(calls))

    def make(call: Callable[[], object]) -> str:
        ready.wait(30)
        try:
            call()
        except NotFound:
            return "not found"
        return "found"

    with ThreadPoolExecutor(len(calls)) as threads:
        return Counter(threads.map(make, calls))


@pytest.mark.parametrize("kind", [jobs.COMPARISON, jobs.DATASET])
def test_of_eight_deletions_of_a_job_one_succeeds_whatever_is_canceled(database: Database, kind: str) -> None:
    store = JobStore(database, SilentNotifier())
    for _ in range(ROUNDS):
        job_id = store.submit(kind, "default", {}, "Created.").id
        if kind == jobs.COMPARISON:
            with database.session() as session:
                session.add(ComparisonFamily(id=job_id))
        remove = {"remove": delete_comparison} if kind == jobs.COMPARISON else {}
        canceling = [partial(store.cancel, kind, "default", job_id)] * 4
        found = at_once([*[partial(store.delete, kind, "default", job_id, **remove)] * CALLERS, *canceling])
        assert CALLERS - 1 <= found["not found"] <= CALLERS - 1 + len(canceling)
        with database.session() as session:
            assert session.query(jobs.Job).count() == session.query(jobs.JobEvent).count() == 0


def test_of_eight_deletions_of_a_response_one_succeeds(database: Database) -> None:
    store = ResponseStore(database)
    for number in range(ROUNDS):
        response = Response(id=f"resp_{number}", created_at=1, status="completed", model="tiny")
        store.add("default", response, [])
        assert at_once([partial(store.delete, "default", response.id)] * CALLERS) == {"found": 1, "not found": CALLERS - 1}


def test_of_eight_workers_that_look_for_a_job_at_once_as_many_get_one_as_the_project_may_run(database: Database) -> None:
    store = JobStore(database, SilentNotifier())
    for limit in (1, 3):
        for _ in range(CALLERS):
            store.submit(jobs.COMPARISON, "default", {}, "Created.")

        def claim(owner: str, limit: int = limit) -> None:
            if claim_next(database, Claimant(owner, [jobs.COMPARISON], 60, limit)) is None:
                raise NotFound("No job may run.")

        found = at_once([partial(claim, f"worker-{limit}-{number}") for number in range(CALLERS)])
        assert found["found"] == limit
        with database.session() as session:
            session.execute(delete(jobs.Job))


def test_of_eight_workers_that_share_a_device_as_many_get_a_job_as_it_may_run_whatever_their_projects(database: Database) -> None:
    projects = [f"project-{number}" for number in range(CALLERS)]
    open_authenticator(database, {f"key-{project}": project for project in projects}, None)
    store = JobStore(database, SilentNotifier())
    for limit in (1, 3):
        for project in projects:
            store.submit(jobs.FINE_TUNING, project, {}, "Created.")

        def claim(owner: str, limit: int = limit) -> None:
            device = WorkerDevice("gpu", "host/gpu-0", limit)
            if claim_next(database, Claimant(owner, [jobs.FINE_TUNING], 60, CALLERS, device)) is None:
                raise NotFound("No job may run.")

        found = at_once([partial(claim, f"worker-{limit}-{number}") for number in range(CALLERS)])
        assert found["found"] == limit
        with database.session() as session:
            session.execute(delete(jobs.JobEvent))
            session.execute(delete(jobs.Job))
