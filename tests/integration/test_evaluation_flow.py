"""A whole comparison against a front door on a real port: its verdict, its files, and the failures it survives."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.evaluation.report.bundle.read_bundle import read_bundle
from services.evaluation.settings import EvaluationSettings
from services.evaluation.verdict.assess import assess
from services.evaluation.worker import create_worker
from shared.contracts.comparison_results import ComparisonResult
from shared.records import MIGRATIONS, jobs
from shared.records.database import Database, migrate
from shared.records.evaluation.answers import Answer
from shared.records.jobs import COMPARISON, Job, JobEvent
from shared.web.auth import open_authenticator
from shared.workers.worker_process import Worker
from tests.fake_front_door import FrontDoor, serve_front_door
from tests.serving import wait_until
from tests.unit.evaluation.cases import BASE, TUNED, make_spec

QUESTIONS = 24
ARMS = ["base", "rag", "fine_tuned", "both"]
ONCE = {"EVALUATION_SINGLE_QUESTIONS": "0", "EVALUATION_REPEATED_QUESTIONS": "0"}
DEADLINE = 120.0  # the cores may be busy with other work


@pytest.fixture
def front_door() -> Iterator[FrontDoor]:
    answers = {f"What is thing {number}?": f"thing number {number}" for number in range(QUESTIONS)}
    with serve_front_door(FrontDoor(answers)) as front_door:
        lines = [json.dumps({"question": question, "answers": [answer]}) for question, answer in answers.items()]
        front_door.add_file("questions.jsonl", "\n".join(lines).encode(), "evals")
        yield front_door


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'jobs.db'}")
    migrate(database, MIGRATIONS)
    open_authenticator(database, {}, None)
    yield database
    database.close()


@pytest.fixture
def make_worker(front_door: FrontDoor, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Worker]:
    def make(**settings: str) -> Worker:
        environment = {"TANDEM_DATA": str(tmp_path), "TANDEM_API_URL": front_door.url, "EVALUATION_PATIENCE_SECONDS": "5", **settings}
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return create_worker(EvaluationSettings())

    return make


def submit(database: Database, **changes: Any) -> str:
    with database.session() as session:
        spec = make_spec(**{"questions_file": "file-1", "arms": ARMS, **changes}).model_dump()
        return jobs.submit(session, COMPARISON, "default", spec, request_id="req_of_the_job").id


def read_job(database: Database, job_id: str) -> Job:
    with database.session() as session:
        job = session.get(Job, job_id)
    assert job
    return job


def start(worker: Worker, job_id: str) -> threading.Thread:
    thread = threading.Thread(target=worker.work, args=[job_id])
    thread.start()
    return thread


def wait_for(thread: threading.Thread) -> None:
    """Return once the worker is done. It ends only if it cancels the calls that hang, because they never end on their own."""
    thread.join(DEADLINE)
    assert not thread.is_alive()


def test_a_comparison_ends_with_a_verdict_and_two_reports(
    front_door: FrontDoor, database: Database, make_worker: Callable[..., Worker]
) -> None:
    job_id = submit(database)
    make_worker().work(job_id)
    job = read_job(database, job_id)
    assert (job.status, job.percent, job.error) == ("succeeded", 100, None)
    result = ComparisonResult.model_validate(job.result)
    assert (result.verdict.recommended, result.questions) == ("both", QUESTIONS)
    assert [arm.model for arm in result.arms] == [BASE, BASE, TUNED, TUNED]
    assert result.arms[3].scores == {"exact_match": 1, "f1": 1}
    assert result.arms[3].single_latency_p50 is not None
    assert result.verdict.flip_rate == 0
    document = json.loads(front_door.files[result.report_json]["content"])
    results = {answer["arm"]: answer for answer in document["questions"][2]["results"]}
    assert results["both"]["text"] == "thing number 2"
    assert results["rag"]["citations"][0]["filename"] == "story.md"
    assert front_door.files[result.report_html]["content"].startswith(b"<!doctype html>")
    assert {file["purpose"] for file in front_door.files.values()} == {"evals"}
    assert result.bundle
    evidence, findings = read_bundle(front_door.files[result.bundle]["content"])
    assert assess(evidence) == findings  # a replay computes the same verdict without an engine


def test_the_cost_includes_the_seconds_that_indexing_took_and_a_replay_uses_the_same(
    front_door: FrontDoor, database: Database, make_worker: Callable[..., Worker]
) -> None:
    front_door.indexing_seconds["vs_1"] = 90.0
    job_id = submit(database, prices={"indexing_hour": 40.0})
    make_worker(**ONCE).work(job_id)
    result = ComparisonResult.model_validate(read_job(database, job_id).result)
    assert [(arm.arm, arm.fixed_cost) for arm in result.arms] == [("base", 0), ("rag", 1), ("fine_tuned", 0), ("both", 1)]
    assert not any("indexing" in warning for warning in result.verdict.warnings)
    assert b"90 s" in front_door.files[result.report_html]["content"]
    assert result.bundle
    evidence, findings = read_bundle(front_door.files[result.bundle]["content"])
    assert evidence.indexing_by_store == {"vs_1": 90.0}
    assert assess(evidence) == findings


def test_the_worker_acts_for_the_jobs_project_with_its_own_key_and_passes_the_request_id_on(
    front_door: FrontDoor, database: Database, make_worker: Callable[..., Worker]
) -> None:
    front_door.worker_key = "worker-key-1"
    job_id = submit(database)
    make_worker(TANDEM_WORKER_KEY="worker-key-1").work(job_id)
    assert read_job(database, job_id).status == "succeeded"
    assert {headers["x-tandem-project"] for headers in front_door.headers} == {"default"}
    assert {headers["x-request-id"] for headers in front_door.headers} == {"req_of_the_job"}
    refused = submit(database)
    make_worker(TANDEM_WORKER_KEY="worker-key-2").work(refused)
    error = read_job(database, refused).error
    assert error
    assert (error["code"], "not known" in error["message"]) == ("invalid_api_key", True)


def test_a_stopped_comparison_continues_with_the_next_worker_where_it_stopped(
    front_door: FrontDoor, database: Database, make_worker: Callable[..., Worker]
) -> None:
    front_door.hang_after = 40
    job_id = submit(database)
    first = make_worker(EVALUATION_CONCURRENCY="8", **ONCE)
    thread = start(first, job_id)
    wait_until(lambda: len(front_door.requests) >= 48, DEADLINE)
    first.stopping.set()
    wait_for(thread)
    assert read_job(database, job_id).status == "queued"
    wait_until(lambda: front_door.cancelled == 8, DEADLINE)
    with database.session() as session:
        assert session.query(Answer).filter_by(job_id=job_id).count() == 40
    front_door.hang_after, before = None, len(front_door.requests)
    make_worker(**ONCE).work(job_id)
    assert read_job(database, job_id).status == "succeeded"
    assert len(front_door.requests) - before == 4 * QUESTIONS - 40


def test_a_canceled_comparison_ends_and_cancels_its_calls(
    front_door: FrontDoor, database: Database, make_worker: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.workers.job_runner.HEARTBEAT_SECONDS", 0.05)
    front_door.hang_after = 4
    job_id = submit(database)
    thread = start(make_worker(), job_id)
    wait_until(lambda: len(front_door.requests) > 4, DEADLINE)
    with database.session() as session:
        job = session.get(Job, job_id)
        assert job
        jobs.request_cancel(session, job)
    wait_for(thread)
    assert read_job(database, job_id).status == "cancelled"
    wait_until(lambda: front_door.cancelled >= 1, DEADLINE)


def test_a_takeover_after_everything_was_stored_uploads_no_second_report(
    front_door: FrontDoor, database: Database, make_worker: Callable[..., Worker]
) -> None:
    job_id = submit(database)
    make_worker().work(job_id)
    first = read_job(database, job_id)
    files, requests = len(front_door.files), len(front_door.requests)
    with database.session() as session:
        job = session.get(Job, job_id)
        assert job
        job.status, job.result = "running", None  # as if the worker had died just before it stored the end
    make_worker().work(job_id)
    second = read_job(database, job_id)
    assert (second.status, second.takeovers, second.result) == ("succeeded", 1, first.result)
    assert (len(front_door.files), len(front_door.requests)) == (files, requests)


def test_calls_are_repeated_while_the_engine_is_away(front_door: FrontDoor, database: Database, make_worker: Callable[..., Worker]) -> None:
    front_door.num_failures = 12
    job_id = submit(database)
    make_worker().work(job_id)
    assert read_job(database, job_id).status == "succeeded"


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"questions_file": "file-9"}, "not_found", "There is no file 'file-9'"),
        ({"questions_file": "file-2"}, "invalid_file_format", "Line 2: 'answers[0]' must not be blank."),
    ],
)
def test_questions_that_cannot_be_read_fail_the_job_with_the_reason(
    changes: dict[str, str], code: str, message: str, front_door: FrontDoor, database: Database, make_worker: Callable[..., Worker]
) -> None:
    front_door.add_file("bad.jsonl", b'{"question": "a", "answers": ["b"]}\n{"question": "c", "answers": [" "]}', "evals")
    with database.session() as session:
        job_id = jobs.submit(session, COMPARISON, "default", {**make_spec(arms=ARMS).model_dump(), **changes}).id
    make_worker().work(job_id)
    job = read_job(database, job_id)
    assert job.status == "failed"
    assert job.error
    assert job.error["code"] == code
    assert message in job.error["message"]


def test_a_front_door_that_stays_unreachable_fails_the_job_with_the_reason(
    front_door: FrontDoor, database: Database, make_worker: Callable[..., Worker]
) -> None:
    job_id = submit(database)
    make_worker(TANDEM_API_URL="http://127.0.0.1:9", EVALUATION_PATIENCE_SECONDS="0.1").work(job_id)
    job = read_job(database, job_id)
    assert job.error
    assert job.error["message"].startswith("The front door (TANDEM_API_URL) cannot be reached")


def test_the_events_have_the_progress_the_verdict_and_the_end(database: Database, make_worker: Callable[..., Worker]) -> None:
    job_id = submit(database)
    make_worker().work(job_id)
    with database.session() as session:
        messages = [event.message for event in session.query(JobEvent).filter_by(job_id=job_id).order_by(JobEvent.number)]
    assert "24 questions and 4 arms" in messages[0]
    assert messages[1].startswith("Collected ")
    assert messages[-2].startswith(
        "Use both retrieval and fine-tuning. On 24 questions, the mean F1 of retrieval and fine-tuning together is 1.00"
    )
    assert messages[-1] == "The job has successfully completed"
