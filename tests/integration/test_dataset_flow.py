"""A whole dataset against an API on a real port: its files, a kill in the middle, cancellation, and a worker that stops."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.evaluation.settings import EvaluationSettings
from services.evaluation.worker import create_worker
from shared.contracts.datasets import DatasetResult
from shared.errors import TandemError
from shared.records import MIGRATIONS, jobs
from shared.records.database import Database, migrate
from shared.records.evaluation.dataset_items import DatasetItem
from shared.records.jobs import DATASET, Job
from shared.workers.worker_process import Worker
from tests.fake_corpus import FakeCorpus
from tests.serving import serving, wait_until
from tests.unit.evaluation.datasets.cases import make_spec

DEADLINE = 120.0  # the cores may be busy with other work
MACHINES = ("tractor", "loom", "winch", "press", "lathe", "mill")


async def answer(corpus: FakeCorpus, request: Request) -> Response:
    """Answer a request over HTTP as the corpus answers a call."""
    try:
        return JSONResponse(await _respond(corpus, request))
    except TandemError as error:
        return JSONResponse(error.envelope(), error.status)


async def _respond(corpus: FakeCorpus, request: Request) -> Any:
    path = request.url.path
    if path == "/v1/chat/completions":
        while corpus.hangs_after is not None and len(corpus.chats) >= corpus.hangs_after and not await request.is_disconnected():
            corpus.hanging += 1
            await asyncio.sleep(0.01)
        reply = await corpus.complete_chat(await request.json())
        usage = {"prompt_tokens": reply.prompt_tokens, "completion_tokens": reply.completion_tokens}
        return {"choices": [{"message": {"role": "assistant", "content": reply.text}, "finish_reason": "stop"}], "usage": usage}
    if path == "/v1/files" and request.method == "GET":
        return {"data": []}
    if path == "/v1/files":
        async with request.form() as form:
            file = form["file"]
            assert not isinstance(file, str)
            return {"id": await corpus.upload_file(file.filename or "", await file.read(), str(form["purpose"]))}
    body = await request.json() if request.method == "POST" else None
    return await corpus.call(request.method, path, body=body, params=dict(request.query_params))


@pytest.fixture
def corpus() -> FakeCorpus:
    corpus = FakeCorpus()
    for number, machine in enumerate(MACHINES):
        corpus.add(machine, 100 * number + 1)
    return corpus


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'jobs.db'}")
    migrate(database, MIGRATIONS)
    yield database
    database.close()


@pytest.fixture
def make_worker(corpus: FakeCorpus, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Worker]]:
    route = Route("/{path:path}", partial(answer, corpus), methods=["GET", "POST"])
    with serving(Starlette(routes=[route])) as url:
        settings = {"TANDEM_DATA": str(tmp_path), "TANDEM_API_URL": url, "EVALUATION_PATIENCE_SECONDS": "0", "EVALUATION_CONCURRENCY": "3"}
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        yield lambda: create_worker(EvaluationSettings())


def submit(database: Database, **changes: Any) -> str:
    spec = make_spec(**{"examples": 60, "kinds": ["number"], "questions_per_passage": 1, **changes})
    with database.session() as session:
        return jobs.submit(session, DATASET, "default", spec.model_dump()).id


def read_job(database: Database, job_id: str) -> Job:
    with database.session() as session:
        job = session.get(Job, job_id)
    assert job
    return job


def test_a_dataset_ends_with_three_files(corpus: FakeCorpus, database: Database, make_worker: Callable[[], Worker]) -> None:
    job_id = submit(database, raft={"distractors": 2})
    make_worker().work(job_id)
    job = read_job(database, job_id)
    assert (job.status, job.percent, job.error) == ("succeeded", 100.0, None)
    result = DatasetResult.model_validate(job.result)
    assert sum(result.examples.values()) >= 50
    assert {corpus.files[file or ""][2] for file in (result.training_file, result.validation_file)} == {"fine-tune"}
    question = corpus.lines(result.questions_file or "")[0]
    assert set(question) == {"id", "question", "answers", "contexts", "tags", "cluster"}


def test_a_dataset_whose_worker_died_continues_and_asks_nothing_twice(
    corpus: FakeCorpus, database: Database, make_worker: Callable[[], Worker]
) -> None:
    job_id = submit(database, examples=72)
    corpus.dies_after = 50
    make_worker().work(job_id)
    assert read_job(database, job_id).status == "failed"
    corpus.dies_after = None
    with database.session() as session:
        job = session.get(Job, job_id)
        assert job
        job.status, job.error = "running", None  # as if the worker had died instead
        stored = session.query(DatasetItem).count()
    assert stored > 0
    make_worker().work(job_id)
    assert (read_job(database, job_id).status, read_job(database, job_id).takeovers) == ("succeeded", 1)
    asked = [json.dumps(chat) for chat in corpus.chats]
    assert len(asked) - len(set(asked)) <= 3  # what was in flight when it died, one of each of three


@pytest.mark.parametrize(("reason", "status"), [("cancel", "cancelled"), ("stop", "queued")])
def test_a_dataset_ends_within_seconds_if_it_is_canceled_or_its_worker_stops(
    reason: str, status: str, corpus: FakeCorpus, database: Database, make_worker: Callable[[], Worker]
) -> None:
    corpus.hangs_after = 30
    job_id = submit(database)
    worker = make_worker()
    thread = threading.Thread(target=worker.work, args=[job_id])
    thread.start()
    wait_until(lambda: corpus.hanging > 0, DEADLINE)
    if reason == "stop":
        worker.stopping.set()
    else:
        with database.session() as session:
            job = session.get(Job, job_id)
            assert job
            jobs.request_cancel(session, job)
    thread.join(DEADLINE)
    assert not thread.is_alive()
    assert read_job(database, job_id).status == status


def test_the_worker_refuses_a_generator_that_the_operator_has_not_allowed(database: Database, make_worker: Callable[[], Worker]) -> None:
    job_id = submit(database, generator={"url": "http://169.254.169.254/v1", "model": "m"})
    make_worker().work(job_id)
    error = read_job(database, job_id).error or {}
    assert (error["code"], error["param"]) == ("generator_not_allowed", "generator.url")
