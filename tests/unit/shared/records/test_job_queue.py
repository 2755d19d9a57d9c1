"""Projects take turns, and a project has no more running jobs than the limit allows."""

import pytest
from sqlalchemy import event

from shared.records import jobs
from shared.records.database import Database
from shared.records.job_queue import Claimant, WorkerDevice, claim_next, list_waiting
from shared.records.jobs import COMPARISON, DATASET, FINE_TUNING, Job
from shared.web.auth import open_authenticator
from tests.unit.shared.job_rows import load, messages

WORKER = Claimant("one", [FINE_TUNING], 60)
GPU, CPU = WorkerDevice("gpu", "alpha/gpu-0", max_jobs=1), WorkerDevice("cpu", "alpha/cpu")


@pytest.fixture(autouse=True)
def projects(database: Database) -> None:
    open_authenticator(database, {"key-a": "alpha", "key-b": "beta"}, None)


def submit(database: Database, project: str, count: int, kind: str = FINE_TUNING) -> list[str]:
    with database.session() as session:
        return [jobs.submit(session, kind, project, {}).id for _ in range(count)]


def claim(database: Database, claimant: Claimant = WORKER) -> Job:
    job = claim_next(database, claimant)
    assert job
    return job


def end(database: Database, job: Job, owner: str = "one") -> None:
    with database.session() as session:
        assert jobs.finish(session, job.id, owner, "succeeded")


def change(database: Database, job_id: str, **values: object) -> None:
    with database.session() as session:
        job = session.get(Job, job_id)
        assert job
        for name, value in values.items():
            setattr(job, name, value)


def test_a_project_with_one_job_does_not_wait_for_all_jobs_of_another(database: Database) -> None:
    many, [single] = submit(database, "alpha", 5), submit(database, "beta", 1)
    turns = []
    for _ in range(6):
        job = claim(database)
        turns.append(job.project_id)
        end(database, job)
    assert turns[:2] == ["alpha", "beta"] or turns[:2] == ["beta", "alpha"]
    assert single not in many and turns.count("alpha") == 5
    assert claim_next(database, WORKER) is None


def test_the_project_with_the_fewest_running_jobs_is_next(database: Database) -> None:
    submit(database, "alpha", 3)
    assert [claim(database).project_id, claim(database).project_id] == ["alpha", "alpha"]
    submit(database, "beta", 2)
    assert [claim(database).project_id, claim(database).project_id, claim(database).project_id] == ["beta", "beta", "alpha"]


def test_of_two_projects_the_one_whose_last_job_began_longest_ago_is_next(database: Database) -> None:
    [first], [second] = submit(database, "alpha", 1), submit(database, "beta", 1)
    change(database, first, status="succeeded", started_at=2000)
    change(database, second, status="succeeded", started_at=1000)
    submit(database, "alpha", 1)
    submit(database, "beta", 1)
    assert claim(database).project_id == "beta"


def test_jobs_of_a_project_keep_their_order(database: Database) -> None:
    ids = submit(database, "alpha", 3)
    for number, job_id in enumerate(ids):
        change(database, job_id, created_at=3000 - number)
    with database.session() as session:
        assert [job.id for job in list_waiting(session, WORKER)] == ids[::-1]


def test_a_job_that_another_worker_began_comes_first(database: Database) -> None:
    submit(database, "beta", 1)
    [begun] = submit(database, "alpha", 1)
    change(database, begun, status="running", started_at=5000, lease_owner="dead", lease_expires_at=1.0)
    assert claim(database).id == begun


def test_jobs_that_are_paused_held_or_of_another_kind_do_not_wait(database: Database) -> None:
    [paused], [held] = submit(database, "alpha", 1), submit(database, "alpha", 1)
    submit(database, "alpha", 1, COMPARISON)
    with database.session() as session:
        assert jobs.pause(session, paused)
        assert jobs.claim(session, held, "two", 60)
    assert claim_next(database, WORKER) is None
    assert claim(database, Claimant("three", [COMPARISON, DATASET], 60)).kind == COMPARISON


def test_a_project_at_its_limit_leaves_the_worker_to_others(database: Database) -> None:
    limited = Claimant("one", [FINE_TUNING], 60, max_per_project=1)
    submit(database, "alpha", 2)
    first = claim(database, limited)
    assert claim_next(database, limited) is None
    submit(database, "beta", 1)
    assert claim(database, limited).project_id == "beta"
    end(database, first)
    assert claim(database, limited).project_id == "alpha"


def test_a_job_that_a_dead_worker_left_does_not_count_against_its_own_limit(database: Database) -> None:
    [begun] = submit(database, "alpha", 1)
    change(database, begun, status="running", started_at=5000, lease_owner="dead", lease_expires_at=1.0)
    assert claim(database, Claimant("one", [FINE_TUNING], 60, max_per_project=1)).id == begun


def test_a_resumed_job_waits_for_the_turn_of_its_project(database: Database) -> None:
    [paused] = submit(database, "alpha", 1)
    assert claim(database).id == paused
    with database.session() as session:
        assert jobs.pause(session, paused) and jobs.put_away(session, paused, "one") and jobs.resume(session, paused)
    submit(database, "beta", 1)
    assert [claim(database).project_id, claim(database).id] == ["beta", paused]


def test_a_full_project_is_asked_once_however_many_of_its_jobs_wait(database: Database) -> None:
    limited = Claimant("one", [FINE_TUNING], 60, max_per_project=1)
    submit(database, "alpha", 40)
    claim(database, limited)
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    assert claim_next(database, limited) is None
    assert sum(statement.startswith("UPDATE") for statement in statements) == 2  # the lock, and the reason for all of its jobs
    assert not any("jobs.spec" in statement for statement in statements)


def test_a_priority_orders_the_jobs_of_a_project(database: Database) -> None:
    low, normal, high = submit(database, "alpha", 3)
    change(database, low, priority=-1)
    change(database, high, priority=1)
    assert [claim(database).id for _ in range(3)] == [high, normal, low]


def test_a_priority_gets_no_project_ahead_of_another(database: Database) -> None:
    [first] = submit(database, "alpha", 1)
    change(database, first, created_at=1000)
    for job_id in submit(database, "beta", 3):
        change(database, job_id, priority=1, created_at=2000)
    assert claim(database).id == first
    assert [claim(database).project_id for _ in range(3)] == ["beta"] * 3


def test_a_job_that_another_worker_began_comes_before_any_priority(database: Database) -> None:
    begun, urgent = submit(database, "alpha", 2)
    change(database, begun, status="running", started_at=5000, lease_owner="dead", lease_expires_at=1.0, priority=-1)
    change(database, urgent, priority=1)
    assert claim(database).id == begun


def test_jobs_that_wait_because_their_project_is_full_say_so_once(database: Database) -> None:
    limited = Claimant("one", [FINE_TUNING], 60, max_per_project=1)
    running, *waiting = submit(database, "alpha", 3)
    assert claim(database, limited)
    waiting = [job_id for job_id in (running, *waiting) if load(database, job_id).status == "queued"]
    for _ in range(2):
        assert claim_next(database, limited) is None
    for job_id in waiting:
        assert load(database, job_id).stage == "waiting_for_project"
        assert messages(database, job_id) == ["The job is waiting, because the project may run only 1 job of this kind at a time."]


def test_a_job_that_waited_no_longer_says_so_when_it_runs_or_is_resumed(database: Database) -> None:
    limited = Claimant("one", [FINE_TUNING], 60, max_per_project=1)
    submit(database, "alpha", 2)
    first = claim(database, limited)
    assert claim_next(database, limited) is None
    end(database, first)
    assert claim(database, limited).stage == "queued"
    [paused] = submit(database, "alpha", 1)
    assert claim_next(database, limited) is None
    with database.session() as session:
        assert jobs.pause(session, paused) and jobs.resume(session, paused)
    assert load(database, paused).stage == "queued"


def test_a_job_for_another_type_of_device_is_left_to_its_workers(database: Database) -> None:
    [any_device], [for_gpu] = submit(database, "alpha", 1), submit(database, "alpha", 1)
    change(database, for_gpu, device="gpu", priority=1)
    on_cpu, on_gpu = (Claimant("one", [FINE_TUNING], 60, device=device) for device in (CPU, GPU))
    assert claim(database, on_cpu).id == any_device
    assert claim_next(database, on_cpu) is None and claim_next(database, WORKER) is None
    assert claim(database, on_gpu).runs_on == "alpha/gpu-0"


def test_a_full_device_gets_no_other_job_and_the_next_one_says_why_it_waits(database: Database) -> None:
    first, second = (Claimant(owner, [FINE_TUNING], 60, device=GPU) for owner in ("one", "two"))
    submit(database, "alpha", 1)
    running = claim(database, first)
    [waiting] = submit(database, "beta", 1)
    assert claim_next(database, second) is None
    assert (load(database, waiting).stage, messages(database, waiting)) == (
        "waiting_for_device",
        ["The job is waiting, because the device 'alpha/gpu-0' may run only 1 job at a time."],
    )
    with database.session() as session:
        assert jobs.pause(session, running.id)
    assert claim_next(database, second) is None  # its worker still holds the device
    with database.session() as session:
        assert jobs.put_away(session, running.id, "one")
    assert claim(database, second).id == waiting


def test_a_job_that_a_dead_worker_left_does_not_fill_its_device(database: Database) -> None:
    [begun] = submit(database, "alpha", 1)
    change(database, begun, status="running", started_at=5000, lease_owner="dead", lease_expires_at=1.0, runs_on=GPU.name)
    assert claim(database, Claimant("one", [FINE_TUNING], 60, device=GPU)).id == begun


def test_a_job_of_a_base_model_is_left_to_workers_that_have_it(database: Database) -> None:
    [any_worker], [of_huge] = submit(database, "alpha", 1), submit(database, "alpha", 1)
    change(database, of_huge, base="huge", priority=1)
    with_tiny, with_both = (Claimant("one", [FINE_TUNING], 60, bases=bases) for bases in (["tiny"], ["tiny", "huge"]))
    assert claim(database, with_tiny).id == any_worker
    assert claim_next(database, with_tiny) is None and claim_next(database, WORKER) is None
    assert claim(database, with_both).id == of_huge


def test_a_job_that_was_deferred_lets_others_pass_and_counts_nowhere(database: Database) -> None:
    submitted = submit(database, "alpha", 2)
    worker = Claimant("one", [FINE_TUNING], 60, max_per_project=1, device=GPU)
    first = claim(database, worker).id
    [second] = [job_id for job_id in submitted if job_id != first]
    with database.session() as session:
        assert jobs.defer(session, first, "one", 60, "waiting_for_memory")
    assert load(database, first).stage == "waiting_for_memory"
    with database.session() as session:
        assert [row.id for row in jobs.list_claimable(session)] == [second]
    assert claim(database, worker).id == second
    change(database, first, lease_expires_at=1.0)
    with database.session() as session:
        assert first in [row.id for row in jobs.list_claimable(session)]


def test_a_job_that_was_deferred_can_be_canceled_at_once(database: Database) -> None:
    [job_id] = submit(database, "alpha", 1)
    claim(database)
    with database.session() as session:
        jobs.defer(session, job_id, "one", 60, "waiting_for_memory")
    with database.session() as session:
        jobs.request_cancel(session, session.get_one(Job, job_id))
    assert load(database, job_id).status == "cancelled"


def test_a_job_that_was_deferred_and_then_resumed_waits_no_longer(database: Database) -> None:
    [job_id] = submit(database, "alpha", 1)
    claim(database)
    with database.session() as session:
        jobs.defer(session, job_id, "one", 60, "waiting_for_memory")
    for change_status in (jobs.pause, jobs.resume):
        with database.session() as session:
            assert change_status(session, job_id)
    assert claim(database).id == job_id


def test_jobs_of_the_same_second_are_claimed_in_the_order_of_their_creation(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.records.jobs._now", lambda: 7)
    ids = submit(database, "alpha", 12)
    assert [claim(database).id for _ in ids] == ids
