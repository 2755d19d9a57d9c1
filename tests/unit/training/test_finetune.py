"""The flow as a job lives it: its events and its result, takeovers, and every way to end."""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from services.training.finetune import Workshop, finetune
from services.training.supervision.sweeper import sweep
from shared.contracts.fine_tuning import TrainingResult
from shared.datasets import Message
from shared.errors import NotFound, Unavailable
from shared.records import jobs
from shared.records.adapters import Evidence, find_adapter, name_adapter
from shared.records.database import Database
from shared.records.jobs import Job, JobEvent
from shared.workers.job_runner import run_job
from tests.fakes import wait_until
from tests.unit.training.cases import BASE, dataset_of, describe, make_encoder, make_facts, make_model_folder, make_spec, method_of, trainer


@dataclass
class Neighbours:
    """The front door: files by id, a base that rambles, adapters that answer shortly. `at_ask` is called at each question."""

    files: dict[str, str]
    fetched: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    at_ask: Callable[[], object] = lambda: None
    alike: bool = False

    def fetch(self, file_id: str, target: Path) -> None:
        self.fetched.append(file_id)
        if file_id not in self.files:
            raise NotFound(f"There is no file '{file_id}'.")
        target.write_text(self.files[file_id])

    def ask(self, model: str, messages: Sequence[dict[str, Any]], max_tokens: int) -> str:
        self.asked.append(model)
        self.at_ask()
        return "No. 1" if model.startswith("ft:") and not self.alike else "Well, that is hard to say."


@dataclass
class Stage:
    """A worker's place, its neighbours, and the jobs database."""

    database: Database
    shop: Workshop
    door: Neighbours
    stopping: threading.Event = field(default_factory=threading.Event)

    def submit(self, **spec: Any) -> str:
        with self.database.session() as session:
            return jobs.submit(session, jobs.FINE_TUNING, "default", make_spec(**spec).model_dump()).id

    def work(self, job_id: str, **shop: Any) -> None:
        changed = replace(self.shop, **shop)
        run_job(self.database, job_id, "worker", lambda job, context: finetune(job, context, changed, self.door), self.stopping)

    def look_up(self, job_id: str) -> Job:
        with self.database.session() as session:
            return session.get_one(Job, job_id)

    def events(self, job_id: str, level: str = "info") -> list[str]:
        with self.database.session() as session:
            query = select(JobEvent).where(JobEvent.job_id == job_id, JobEvent.level == level).order_by(JobEvent.number)
            return [event.message for event in session.scalars(query)]


@pytest.fixture
def stage(tmp_path: Path, database: Database) -> Stage:
    shop = Workshop(
        database=database,
        adapters=tmp_path / "adapters",
        work=tmp_path / "work",
        base=str(make_model_folder(tmp_path / "model")),
        base_name=BASE,
        max_rank=16,
        max_length=500,
        checkpoint_seconds=30,
        patience_seconds=0,
        probes=2,
        trainer=trainer("well"),
    )
    return Stage(database, shop, Neighbours({"file-1": dataset_of(make_facts(12))}))


def test_a_job_ends_with_an_adapter_that_can_be_asked_for(stage: Stage) -> None:
    job_id = stage.submit()
    stage.work(job_id)
    job = stage.look_up(job_id)
    result = TrainingResult.model_validate(job.result)
    assert (describe(job), job.percent) == (("succeeded", None), 100)
    assert result.fine_tuned_model == name_adapter(BASE, "default", "short", job_id)
    assert (result.probe.status, result.metrics["train_loss"]) == ("differs", 0.1)
    with stage.database.session() as session:
        assert find_adapter(session, "default", result.fine_tuned_model)
    assert not (stage.shop.work / job_id).exists()


def test_a_manifest_says_how_the_adapter_came_to_be(stage: Stage) -> None:
    stage.work(stage.submit(method=method_of(lora={"rank": 8}, n_epochs=2)))
    [folder] = stage.shop.adapters.iterdir()
    manifest = json.loads((folder / "manifest.json").read_text())
    assert json.loads((folder / "adapter_config.json").read_text())["base_model_name_or_path"] == stage.shop.base == manifest["base"]
    assert manifest["hyperparameters"] == {"n_epochs": 2, "batch_size": 4, "learning_rate": 5e-4}
    assert manifest["lora"] == {"rank": 8, "alpha": 16.0, "dropout": 0.0}
    assert (manifest["seed"], manifest["training_data"]["examples"], len(manifest["probes"])) == (7, 12, 2)
    assert {"chat_template_sha256", "trained_tokens", "metrics", "versions"} < set(manifest)


def test_a_manifest_has_the_example_that_tells_adapter_and_base_apart_best(stage: Stage) -> None:
    stage.work(stage.submit())
    [folder] = stage.shop.adapters.iterdir()
    evidence = Evidence(**json.loads((folder / "manifest.json").read_text())["evidence"])
    assert (evidence.base, evidence.adapter) == (-2.0, 0.0)
    assert evidence.messages is not None
    [question, answer] = evidence.messages
    encoded = make_encoder().encode([Message(**question), Message(**answer)])
    assert evidence.input_ids == encoded.input_ids
    assert [encoded.labels[position] for position in evidence.learned] == [label for label in encoded.labels if label != -100]


def test_events_tell_the_estimate_each_step_and_the_adapters_name(stage: Stage) -> None:
    job_id = stage.submit(method=method_of(n_epochs=1))
    stage.work(job_id)
    estimate, first, *_, created, probed, done = stage.events(job_id)
    assert estimate.startswith("12 examples, ")
    assert first == "Step 1/3: train loss 1.0000"
    assert created.startswith("New fine-tuned model created: ft:")
    assert "the adapter 'No. 1'" in probed
    assert done == "The job has successfully completed."
    with stage.database.session() as session:
        metrics = session.scalars(select(JobEvent).where(JobEvent.type == "metrics")).first()
    assert metrics
    assert metrics.data == {"step": 1, "total_steps": 3, "percent": pytest.approx(33.3, abs=0.1), "seconds_left": 1.0, "train_loss": 1.0}


def test_an_adapter_that_changes_nothing_is_published_with_a_warning(stage: Stage) -> None:
    stage.door.alike = True
    job_id = stage.submit()
    stage.work(job_id)
    assert stage.look_up(job_id).status == "succeeded"
    assert stage.events(job_id, "warn")[0].startswith("The adapter changes nothing: To 2 training prompts")


def test_examples_that_are_cut_are_warned_of_by_line(stage: Stage) -> None:
    stage.door.files["file-1"] += dataset_of({"Why?": "word " * 200})
    job_id = stage.submit()
    stage.work(job_id)
    assert stage.events(job_id, "warn") == ["In the training file: 1 example is longer than 500 tokens and cut off there (line 13)."]


def test_a_validation_file_is_read_too(stage: Stage) -> None:
    stage.door.files["file-2"] = dataset_of(make_facts(1))
    job_id = stage.submit(validation_file="file-2")
    stage.work(job_id)
    assert describe(stage.look_up(job_id)) == ("succeeded", None)
    assert stage.door.fetched == ["file-1", "file-2"]


def test_an_adapter_that_was_published_before_the_worker_died_only_has_to_be_probed(stage: Stage) -> None:
    job_id = stage.submit()
    stage.work(job_id)
    with stage.database.session() as session:
        changes = {"status": "running", "result": None, "lease_owner": "dead", "lease_expires_at": 1.0}
        session.execute(update(Job).where(Job.id == job_id).values(**changes))
    stage.work(job_id, trainer=("no such command",))
    job = stage.look_up(job_id)
    assert (describe(job), job.takeovers) == (("succeeded", None), 1)
    assert stage.door.fetched == ["file-1"]


def start(stage: Stage, job_id: str, **shop: Any) -> threading.Thread:
    thread = threading.Thread(target=stage.work, args=[job_id], kwargs=shop)
    thread.start()
    return thread


def is_training(stage: Stage, job_id: str) -> bool:
    return any(event.startswith("Step 1") for event in stage.events(job_id))


def test_a_stopped_job_goes_back_to_the_queue_and_on_with_what_is_there(stage: Stage) -> None:
    job_id = stage.submit()
    thread = start(stage, job_id, trainer=trainer("hangs"))
    wait_until(lambda: is_training(stage, job_id))
    stage.stopping.set()
    thread.join(5)
    assert stage.look_up(job_id).status == "queued"
    assert (stage.shop.work / job_id / "plan.json").exists()
    stage.stopping.clear()
    stage.door.files.clear()
    stage.work(job_id)
    assert stage.look_up(job_id).status == "succeeded"
    assert sum(event.startswith("12 examples") for event in stage.events(job_id)) == 1


def test_a_cancelled_job_leaves_no_files(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.workers.job_runner.HEARTBEAT_SECONDS", 0.05)
    job_id = stage.submit()
    thread = start(stage, job_id, trainer=trainer("hangs"))
    wait_until(lambda: is_training(stage, job_id))
    with stage.database.session() as session:
        jobs.request_cancel(session, session.get_one(Job, job_id))
    thread.join(5)
    assert stage.look_up(job_id).status == "cancelled"
    assert not (stage.shop.work / job_id).exists()
    assert list(stage.shop.adapters.iterdir()) == []


def test_a_job_that_is_cancelled_after_its_adapter_was_published_succeeds(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.workers.job_runner.HEARTBEAT_SECONDS", 0.05)
    job_id = stage.submit()

    def cancel() -> None:
        with stage.database.session() as session:
            jobs.request_cancel(session, session.get_one(Job, job_id))
        threading.Event().wait(1)

    stage.door.at_ask = cancel
    stage.work(job_id)
    job = stage.look_up(job_id)
    assert (job.status, (job.result or {})["probe"]["status"]) == ("succeeded", "not_run")


@pytest.mark.parametrize(
    ("changes", "way", "code"),
    [
        ({}, "killed", "out_of_memory"),
        ({}, "full", "storage_full"),
        ({"training_file": "file-9"}, "well", "not_found"),
        ({"method": method_of(lora={"rank": 64})}, "well", "rank_too_high"),
        ({"model": "gpt-4o"}, "well", "model_not_found"),
    ],
)
def test_a_job_that_fails_has_a_code_and_leaves_no_files(stage: Stage, changes: dict[str, Any], way: str, code: str) -> None:
    job_id = stage.submit(**changes)
    stage.work(job_id, trainer=trainer(way))
    assert describe(stage.look_up(job_id)) == ("failed", code)
    assert not (stage.shop.work / job_id).exists()


def test_a_full_disk_is_named_whichever_step_meets_it(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stage.door, "fetch", fill)
    job_id = stage.submit()
    stage.work(job_id)
    assert describe(stage.look_up(job_id)) == ("failed", "storage_full")


def test_an_engine_that_is_gone_does_not_fail_the_job(stage: Stage) -> None:
    def refuse() -> None:
        raise Unavailable("The engine is gone.")

    stage.door.at_ask = refuse
    job_id = stage.submit()
    stage.work(job_id)
    job = stage.look_up(job_id)
    assert (job.status, (job.result or {})["probe"]["status"]) == ("succeeded", "not_run")
    assert stage.events(job_id, "warn") == ["The adapter could not be probed: The engine is gone."]


def test_folders_of_jobs_that_are_over_are_swept_away(stage: Stage) -> None:
    waiting = stage.submit()
    for name in (waiting, "ftjob-of-old"):
        (stage.shop.work / name).mkdir(parents=True)
    sweep(stage.shop.work, stage.database)
    assert [path.name for path in stage.shop.work.iterdir()] == [waiting]
