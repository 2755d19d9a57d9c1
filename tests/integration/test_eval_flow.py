"""A whole run of an eval against an API on a real port: a kill with SIGKILL, a cancellation, a stop, and failures."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.evaluation.settings import EvaluationSettings
from services.evaluation.worker import create_worker
from shared.contracts.evals.runs import RunResult
from shared.records import MIGRATIONS, jobs
from shared.records.database import Database, migrate
from shared.records.evaluation.evals import EvalOutputItem
from shared.records.jobs import Job
from shared.workers.worker_process import Worker
from tests.serving import serving, wait_until
from tests.unit.evaluation.evals.cases import IS_PARIS, JUDGED, ask_about, complete, judge, make_spec, respond, submit

ROOT = Path(__file__).parents[2]
DEADLINE = 120.0  # the cores may be busy with other work
ITEMS = [{"question": f"Question {number}?", "answer": "Paris" if number % 3 else "Rome"} for number in range(12)]
PASSED = sum(item["answer"] == "Paris" for item in ITEMS)
WORK = "import sys; from services.evaluation.worker import *; create_worker(read_settings(EvaluationSettings)).work(sys.argv[1])"


@dataclass
class Api:
    """Answers with Paris, and as a judge with yes. `at_call` is told the number of each call before it is answered.

    After `hangs_after` calls, every call hangs until its caller goes away; `cancelled` counts those.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    at_call: Callable[[int], None] = lambda _: None
    hangs_after: int | None = None
    calls: list[dict[str, Any]] = field(default_factory=list)
    cancelled: int = 0

    async def serve(self, request: Request) -> Response:
        if request.method == "GET":
            file_id = request.url.path.split("/")[3]
            return Response(self.files[file_id]) if file_id in self.files else self.refuse(404, f"There is no file '{file_id}'.")
        body = await request.json()
        self.calls.append(body)
        self.at_call(len(self.calls))
        while self.hangs_after is not None and len(self.calls) > self.hangs_after:
            if await request.is_disconnected():
                self.cancelled += 1
                break
            await asyncio.sleep(0.01)
        if request.url.path == "/v1/responses":
            return JSONResponse(respond("Paris"))
        return JSONResponse(judge("yes") if body["model"] == "judge" else complete("Paris"))

    def refuse(self, status: int, message: str) -> Response:
        return JSONResponse({"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}}, status)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'jobs.db'}")
    migrate(database, MIGRATIONS)
    yield database
    database.close()


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def make_worker(api: Api, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Worker]]:
    with serving(Starlette(routes=[Route("/{path:path}", api.serve, methods=["GET", "POST"])])) as url:
        settings = {"TANDEM_DATA": str(tmp_path), "TANDEM_API_URL": url, "EVALUATION_PATIENCE_SECONDS": "0", "EVALUATION_CONCURRENCY": "3"}
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        yield lambda: create_worker(EvaluationSettings())


def read_job(database: Database, job_id: str) -> Job:
    with database.session() as session:
        return session.get_one(Job, job_id)


def test_a_run_over_a_file_ends_with_its_results(api: Api, database: Database, make_worker: Callable[[], Worker]) -> None:
    api.files["file-1"] = "".join(json.dumps({"item": item}) + "\n" for item in ITEMS).encode()
    source = {**ask_about([], type="responses"), "source": {"type": "file_id", "id": "file-1"}}
    job_id = submit(database, make_spec(source, IS_PARIS, JUDGED))
    make_worker().work(job_id)
    job = read_job(database, job_id)
    assert (job.status, job.percent, job.error) == ("succeeded", 100.0, None)
    result = RunResult.model_validate(job.result)
    assert result.result_counts.model_dump() == {"total": 12, "passed": PASSED, "failed": 12 - PASSED, "errored": 0}
    assert result.pass_rate is not None
    assert result.pass_rate.low < PASSED / 12 < result.pass_rate.high
    with database.session() as session:
        statuses = Counter(session.scalars(select(EvalOutputItem.status).where(EvalOutputItem.job_id == job_id)))
    assert statuses == {"pass": PASSED, "fail": 12 - PASSED}


def test_a_file_that_is_gone_fails_the_run_with_the_reason(database: Database, make_worker: Callable[[], Worker]) -> None:
    job_id = submit(database, make_spec({"type": "jsonl", "source": {"type": "file_id", "id": "file-9"}}))
    make_worker().work(job_id)
    job = read_job(database, job_id)
    assert job.error
    assert (job.status, job.error["message"]) == ("failed", "There is no file 'file-9'.")


def test_after_a_kill_nothing_that_was_answered_or_graded_is_asked_again(
    api: Api, database: Database, make_worker: Callable[[], Worker]
) -> None:
    job_id = submit(database, make_spec(ask_about(ITEMS), IS_PARIS, JUDGED))
    processes: list[subprocess.Popen[bytes]] = []

    def kill(number: int) -> None:
        if number == 15:
            os.kill(processes[0].pid, signal.SIGKILL)

    api.at_call = kill
    second = make_worker()  # sets the environment of both
    processes.append(subprocess.Popen([sys.executable, "-c", WORK, job_id], cwd=ROOT))
    assert processes[0].wait(DEADLINE) == -signal.SIGKILL
    with database.session() as session:
        session.get_one(Job, job_id).lease_expires_at = 0.0
    second.work(job_id)
    job = read_job(database, job_id)
    assert (job.status, job.takeovers) == ("succeeded", 0)  # the second worker got further
    result = RunResult.model_validate(job.result)
    assert result.result_counts.passed == PASSED
    assert {usage.model_name: usage.invocation_count for usage in result.per_model_usage} == {"small": 12, "judge": 12}
    assert len(api.calls) - 24 <= 3  # what was in flight when it died, one of each of three


@pytest.mark.parametrize(("reason", "status"), [("cancel", "cancelled"), ("stop", "queued")])
def test_a_run_ends_within_seconds_if_it_is_canceled_or_its_worker_stops(
    reason: str, status: str, api: Api, database: Database, make_worker: Callable[[], Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.workers.job_runner.HEARTBEAT_SECONDS", 0.05)
    api.hangs_after = 5
    job_id = submit(database, make_spec(ask_about(ITEMS)))
    worker = make_worker()
    thread = threading.Thread(target=worker.work, args=[job_id])
    thread.start()
    wait_until(lambda: len(api.calls) > 7, DEADLINE)
    if reason == "stop":
        worker.stopping.set()
    else:
        with database.session() as session:
            jobs.request_cancel(session, session.get_one(Job, job_id))
    thread.join(DEADLINE)
    assert not thread.is_alive()
    assert read_job(database, job_id).status == status
    wait_until(lambda: api.cancelled == 3, DEADLINE)
    if reason == "stop":
        api.hangs_after = None
        make_worker().work(job_id)
        assert read_job(database, job_id).status == "succeeded"
        assert len(api.calls) == 12 + 3
