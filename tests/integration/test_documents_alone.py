"""A comparison of documents alone: one worker makes the dataset that it waits for, and compares. Retrieval and training are fakes."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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
from shared.contracts.comparisons import ComparisonSpec
from shared.contracts.datasets import DatasetSpec
from shared.errors import NotFound, TandemError
from shared.records import MIGRATIONS, jobs
from shared.records.database import Database, migrate
from shared.records.jobs import COMPARISON, DATASET, Job
from shared.workers.worker_process import Worker
from tests.fake_corpus import STORE, FakeCorpus
from tests.serving import serving

MACHINES = [f"machine{letter}" for letter in "abcdefghijklmnopqrst"]
TUNED = "ft:writer:short"


@dataclass
class FrontDoor(FakeCorpus):
    """The corpus behind the API: its store, datasets as jobs in the database, fine-tuning jobs that succeed, and arms that answer."""

    database: Database | None = None
    stores: list[dict[str, Any]] = field(default_factory=list)
    training: list[dict[str, Any]] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        """Answer a request over HTTP."""
        try:
            result = await self._respond(request)
        except TandemError as error:
            return JSONResponse(error.envelope(), error.status)
        return result if isinstance(result, Response) else JSONResponse(result)

    async def _respond(self, request: Request) -> Any:
        path, is_post = request.url.path, request.method == "POST"
        if path.startswith("/v1/files"):
            return await self._files(request)
        body: Any = await request.json() if is_post else None
        routes: dict[str, Callable[[], Any]] = {
            "/v1/vector_stores": lambda: self._make(self.stores, STORE, body) if is_post else _page(self.stores),
            "/v1/fine_tuning/jobs": lambda: self._make(self.training, "ftjob-1", body) if is_post else _page(self.training),
            "/v1/datasets": lambda: self._submit(body) if is_post else _page([]),  # as if its metadata had been lost
            f"/v1/vector_stores/{STORE}": lambda: {"embedding_model": "mini", "file_counts": self._counts()},
            "/v1/fine_tuning/jobs/ftjob-1": lambda: {"id": "ftjob-1", "status": "succeeded", "fine_tuned_model": TUNED},
            f"/v1/models/{TUNED}": lambda: {"id": TUNED, "job": "ftjob-1"},
        }
        if path == "/v1/chat/completions":
            return await self._chat(body)
        if path.startswith("/v1/datasets/"):
            return self._show(path.rsplit("/", 1)[-1])
        return routes[path]() if path in routes else await self.call(request.method, path, body=body, params=dict(request.query_params))

    async def _files(self, request: Request) -> Any:
        if request.method == "POST":
            async with request.form() as form:
                file = form["file"]
                assert not isinstance(file, str)
                return {"id": await self.upload_file(file.filename or "", await file.read(), str(form["purpose"]))}
        if not request.url.path.endswith("/content"):
            return _page([])
        file_id = request.url.path.split("/")[-2]
        if file_id not in self.files:
            raise NotFound(f"There is no file '{file_id}'.")
        return Response(self.files[file_id][1])

    def _make(self, made: list[dict[str, Any]], id: str, body: dict[str, Any]) -> dict[str, Any]:
        made.append({"id": id, "created_at": int(time.time()), "metadata": body["metadata"], "body": body})
        return made[-1]

    def _counts(self) -> dict[str, int]:
        return {"in_progress": 0, "completed": len(self.documents), "failed": 0, "total": len(self.documents)}

    def _submit(self, body: dict[str, Any]) -> dict[str, Any]:
        spec = DatasetSpec.model_validate({"generator": {"model": "writer"}, **body, "kinds": ["number"], "examples": 120})
        assert self.database
        with self.database.session() as session:
            return {"id": jobs.submit(session, DATASET, "default", spec.model_dump()).id}

    def _show(self, id: str) -> dict[str, Any]:
        assert self.database
        with self.database.session() as session:
            job = session.get_one(Job, id)
            return {"id": id, "status": job.status, "stage": job.stage, "result": job.result, "error": job.error}

    async def _chat(self, body: dict[str, Any]) -> dict[str, Any]:
        reply = await self.complete_chat(body)
        usage = {"prompt_tokens": reply.prompt_tokens, "completion_tokens": reply.completion_tokens}
        return {"choices": [{"message": {"role": "assistant", "content": reply.text}, "finish_reason": "stop"}], "usage": usage}

    def _answer(self, content: str) -> str:
        """Answer what the generator asks to check a question, and questions of arms, which nobody can answer without the documents."""
        return super()._answer(content) if "Question: " in content else "I cannot say."


def _page(data: list[dict[str, Any]]) -> dict[str, Any]:
    return {"data": data[::-1], "has_more": False}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'jobs.db'}")
    migrate(database, MIGRATIONS)
    yield database
    database.close()


@pytest.fixture
def front_door(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FrontDoor]:
    front_door = FrontDoor(database=database)
    for number, machine in enumerate(MACHINES):
        front_door.add(machine, 100 * number + 1)
    with serving(Starlette(routes=[Route("/{path:path}", partial(FrontDoor.answer, front_door), methods=["GET", "POST"])])) as url:
        for name, value in {"TANDEM_DATA": str(tmp_path), "TANDEM_API_URL": url, "EVALUATION_PATIENCE_SECONDS": "0"}.items():
            monkeypatch.setenv(name, value)
        yield front_door


def submit(database: Database, front_door: FrontDoor) -> str:
    arms: list[Any] = ["base", "rag", "fine_tuned", "both"]
    spec = ComparisonSpec(base_model="writer", documents=list(front_door.documents), arms=arms, margin=0.05)
    with database.session() as session:
        return jobs.submit(session, COMPARISON, "default", spec.model_dump(mode="json")).id


def read_job(database: Database, job_id: str) -> Job:
    with database.session() as session:
        return session.get_one(Job, job_id)


def make_worker() -> Worker:
    return create_worker(EvaluationSettings())


def test_one_worker_makes_everything_and_compares(database: Database, front_door: FrontDoor) -> None:
    job_id = submit(database, front_door)
    make_worker().work(job_id)
    job = read_job(database, job_id)
    assert (job.status, job.error) == ("succeeded", None)
    spec = ComparisonSpec.model_validate(job.spec)
    assert (spec.vector_store_ids, spec.model, spec.fine_tuning_jobs) == ([STORE], TUNED, ["ftjob-1"])
    dataset = read_job(database, spec.dataset_id or "")
    assert (dataset.kind, dataset.status) == (DATASET, "succeeded")
    assert job.result
    assert job.result["questions"] == dataset.result["examples"]["questions"] if dataset.result else False
    assert job.result["clusters"] >= 10


def test_a_worker_that_dies_while_it_makes_the_dataset_leaves_nothing_to_be_made_twice(database: Database, front_door: FrontDoor) -> None:
    job_id = submit(database, front_door)
    front_door.dies_after = 60
    make_worker().work(job_id)
    dataset_id = ComparisonSpec.model_validate(read_job(database, job_id).spec).dataset_id or ""
    for failed in (job_id, dataset_id):
        with database.session() as session:
            job = session.get_one(Job, failed)
            assert (job.status, (job.error or {})["code"]) == ("failed", "unavailable")
            job.status, job.error, job.finished_at = "running", None, None  # as if the worker had died instead
    front_door.dies_after = None
    make_worker().work(job_id)
    assert read_job(database, job_id).status == "succeeded"
    assert (len(front_door.stores), len(front_door.training)) == (1, 1)
    with database.session() as session:
        assert session.query(Job).filter_by(kind=DATASET).count() == 1
