"""The flow from a job's point of view: its events and its result, takeovers, and every way to end."""

import asyncio
import base64
import json
import shutil
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from services.training.finetune import WorkerConfig, finetune
from services.training.publishing.publish import prepare, reveal
from services.training.supervision.run_trainer import Launch, run_trainer
from services.training.supervision.share_gpu import GpuSharing
from services.training.tracking.track import TrackingSettings
from shared.contracts.fine_tuning import DpoMethod, LogProbabilityChange, TrainingResult, TrainingSpec
from shared.datasets import Message
from shared.datasets.checks.fit import LONGER
from shared.errors import NotFound, StorageFull, TandemError, Unavailable
from shared.records import jobs
from shared.records.database import Database
from shared.records.engine_sleeps import report_sleep
from shared.records.jobs import Job, JobEvent
from shared.records.models.adapters import Adapter, Evidence, find_adapter, name_adapter
from shared.workers.api_client import ChatCompletion
from shared.workers.job_context import JobInterrupted
from shared.workers.job_runner import run_job
from tests.serving import wait_until
from tests.unit.training.cases import (
    BASE,
    dataset_of,
    describe,
    fake_trainer,
    make_encoder,
    make_facts,
    make_model_folder,
    make_pairs,
    make_spec,
    method_of,
    pairs_of,
)


async def do_nothing() -> None:
    """What happens before an answer, unless a test says otherwise."""


@dataclass
class FakeApi:
    """Tandem's API: files by id, a base model with long answers, and adapters with short ones.

    `before_answer` is awaited before each answer. Each of `refusals` is the answer to one upload; `uploads` has the others.
    """

    files: dict[str, str]
    uploads: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    refusals: list[TandemError] = field(default_factory=list)
    downloads: list[str] = field(default_factory=list)
    before_answer: Callable[[], Awaitable[None]] = do_nothing
    adapters_differ: bool = True

    @asynccontextmanager
    async def open(self) -> AsyncIterator["FakeApi"]:
        yield self

    async def download_file(self, file_id: str, target: Path) -> None:
        self.downloads.append(file_id)
        if file_id not in self.files:
            raise NotFound(f"There is no file '{file_id}'.")
        target.write_text(self.files[file_id])

    async def upload_file(self, filename: str, content: bytes, purpose: str) -> str:
        if self.refusals:
            raise self.refusals.pop(0)
        file_id = f"file-result-{len(self.uploads) + 1}"
        self.uploads[file_id] = (filename, purpose, content.decode())
        return file_id

    async def complete_chat(self, request: dict[str, Any]) -> ChatCompletion:
        await self.before_answer()
        is_short = request["model"].startswith("ft:") and self.adapters_differ
        return ChatCompletion("No. 1" if is_short else "Well, that is hard to say.", 1, 1, [])


@dataclass
class Stage:
    """A worker, the API it calls, and the jobs database."""

    database: Database
    config: WorkerConfig
    api: FakeApi
    stopping: threading.Event = field(default_factory=threading.Event)

    def submit(self, **spec: Any) -> str:
        with self.database.session() as session:
            return jobs.submit(session, jobs.FINE_TUNING, "default", make_spec(**spec).model_dump()).id

    def work(self, job_id: str, **changes: Any) -> None:
        config = replace(self.config, **changes)
        run_job(self.database, job_id, "worker", lambda job, context: finetune(job, context, config, self.api.open), self.stopping)

    def read_job(self, job_id: str) -> Job:
        with self.database.session() as session:
            return session.get_one(Job, job_id)

    def expire_deferral(self, job_id: str) -> None:
        """Let the time pass in which no worker claims the job."""
        with self.database.session() as session:
            session.execute(update(Job).where(Job.id == job_id, Job.lease_owner.is_(None)).values(lease_expires_at=1.0))

    def events(self, job_id: str, level: str = "info") -> list[str]:
        with self.database.session() as session:
            query = select(JobEvent).where(JobEvent.job_id == job_id, JobEvent.level == level).order_by(JobEvent.number)
            return [event.message for event in session.scalars(query)]


@pytest.fixture
def stage(tmp_path: Path, database: Database) -> Stage:
    config = WorkerConfig(
        database=database,
        adapters=tmp_path / "adapters",
        work=tmp_path / "work",
        base=str(make_model_folder(tmp_path / "model")),
        base_name=BASE,
        max_rank=16,
        max_length=500,
        checkpoint_seconds=30,
        retry_seconds=0,
        num_probes=2,
        trainer=fake_trainer("succeeds"),
    )
    return Stage(database, config, FakeApi({"file-1": dataset_of(make_facts(12))}))


def test_a_job_ends_with_an_adapter_that_can_be_found_by_its_name(stage: Stage) -> None:
    job_id = stage.submit()
    stage.work(job_id)
    job = stage.read_job(job_id)
    result = TrainingResult.model_validate(job.result)
    assert (describe(job), job.percent) == (("succeeded", None), 100)
    assert result.fine_tuned_model == name_adapter(BASE, "default", "short", job_id)
    assert (result.probe.status, result.metrics["train_loss"]) == ("differs", 0.1)
    with stage.database.session() as session:
        assert find_adapter(session, "default", result.fine_tuned_model)
    assert not (stage.config.work / job_id).exists()


def test_the_job_shows_what_auto_became(stage: Stage) -> None:
    job_id = stage.submit(method=method_of(lora={"rank": 8}, n_epochs=2))
    stage.work(job_id)
    supervised = TrainingSpec.model_validate(stage.read_job(job_id).spec).method.options
    assert supervised.hyperparameters.model_dump() == {
        "n_epochs": 2,
        "batch_size": 4,
        "learning_rate_multiplier": 5.0,
        "lr_scheduler_type": "linear",
        "warmup_ratio": 0.05,
        "warmup_steps": 1,
        "weight_decay": 0.0,
        "gradient_accumulation_steps": 1,
        "max_length": 500,
        "early_stopping_patience": None,
        "early_stopping_threshold": 0.0,
        "packing": False,
    }
    shape = {"rank": 8, "alpha": 16.0, "dropout": 0.0, "use_rslora": False, "target_modules": "all-linear"}
    assert supervised.lora.model_dump() == {**shape, "load_in_4bit": False}


def test_a_job_with_the_base_model_in_4_bits_says_so_in_its_events_and_its_manifest(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.training.planning.preflight.has_gpu", lambda: True)
    job_id = stage.submit(method=method_of({"load_in_4bit": True}))
    stage.work(job_id)
    job = stage.read_job(job_id)
    assert describe(job) == ("succeeded", None)
    assert any("During the training, the base model is in 4 bits." in event for event in stage.events(job_id))
    manifest = json.loads((stage.config.adapters / str((job.result or {})["fine_tuned_model"]) / "manifest.json").read_text())
    assert manifest["base_quantization"]["bnb_4bit_quant_type"] == "nf4"
    assert "load_in_4bit" not in manifest["lora"]


def test_a_worker_without_a_gpu_refuses_a_job_with_the_base_model_in_4_bits(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.training.planning.preflight.has_gpu", lambda: False)
    job_id = stage.submit(method=method_of({"load_in_4bit": True}))
    stage.work(job_id)
    assert describe(stage.read_job(job_id)) == ("failed", "gpu_required")


def test_a_job_that_waits_for_the_memory_of_a_gpu_lets_others_run_and_then_succeeds(stage: Stage) -> None:
    looks = iter([1_000_000, 1_000_000])
    job_id, other_id = stage.submit(), stage.submit()
    sharing = GpuSharing(lambda _: next(looks, 10**12), lambda _: 10**12)
    for _ in range(2):
        stage.work(job_id, gpu_sharing=sharing)
        waiting = stage.read_job(job_id)
        assert (waiting.status, waiting.stage) == ("queued", "waiting_for_memory")
        stage.expire_deferral(job_id)
    stage.work(other_id, gpu_sharing=sharing)
    stage.work(job_id, gpu_sharing=sharing)
    assert (stage.read_job(other_id).status, stage.read_job(job_id).status) == ("succeeded", "succeeded")
    [warning] = stage.events(job_id, "warn")
    assert warning.startswith(
        "The job is waiting for GPU memory that other programs are using: it needs at least 0.5 GB, and 0.0 GB is free"
    )
    events = stage.events(job_id)
    assert len([event for event in events if event.startswith("Fine-tuning job started")]) == 1
    assert "The GPU has enough free memory now. The job waited less than a minute for it." in events
    assert not (stage.config.work / job_id).exists()


def test_preference_pairs_are_trained_with_dpo(stage: Stage) -> None:
    stage.api.files["file-1"] = pairs_of(make_pairs(12))
    job_id = stage.submit(method={"type": "dpo", "dpo": {"hyperparameters": {"n_epochs": 1}, "lora": {"rank": 4}}})
    stage.work(job_id)
    job = stage.read_job(job_id)
    assert describe(job) == ("succeeded", None)
    options = TrainingSpec.model_validate(job.spec).method.options
    assert isinstance(options, DpoMethod)
    assert (options.hyperparameters.beta, options.hyperparameters.learning_rate_multiplier, options.hyperparameters.batch_size) == (
        0.1,
        0.5,
        4,
    )
    name = TrainingResult.model_validate(job.result).fine_tuned_model
    manifest = json.loads((stage.config.adapters / name / "manifest.json").read_text())
    assert (manifest["method"], manifest["hyperparameters"]["beta"], manifest["training_data"]["examples"]) == ("dpo", 0.1, 12)
    assert manifest["probes"][0]["expected"] == "No. 3"


def test_chats_cannot_be_trained_with_dpo(stage: Stage) -> None:
    job_id = stage.submit(method={"type": "dpo"})
    stage.work(job_id)
    assert describe(stage.read_job(job_id)) == ("failed", "invalid_training_file")


def test_examples_are_truncated_where_the_job_says(stage: Stage) -> None:
    job_id = stage.submit(method=method_of(max_length=90))
    stage.api.files["file-1"] += dataset_of({"Why?": "word " * 20})
    stage.work(job_id)
    assert stage.read_job(job_id).status == "succeeded"
    assert stage.events(job_id, "warn") == [
        f"In the training file: 1 example is longer than 90 tokens and cut off there (line 13). {LONGER}"
    ]


def test_a_worker_with_another_setting_truncates_where_the_plan_says(stage: Stage) -> None:
    job_id = stage.submit(method=method_of(n_epochs=1))
    thread = start(stage, job_id, trainer=fake_trainer("hangs"))
    wait_until(lambda: is_training(stage, job_id))
    stage.stopping.set()
    thread.join(5)
    stage.stopping.clear()
    stage.work(job_id, max_length=1000)
    [folder] = stage.config.adapters.iterdir()
    assert json.loads((folder / "manifest.json").read_text())["hyperparameters"]["max_length"] == 500


def test_a_wrong_file_fails_the_job_with_openais_code(stage: Stage) -> None:
    stage.api.files |= {"file-2": dataset_of(make_facts(9)), "file-3": dataset_of(make_facts(12)) + "{}\n"}
    for changes, code in (
        ({"training_file": "file-2"}, "invalid_n_examples"),
        ({"training_file": "file-3"}, "invalid_training_file"),
        ({"validation_file": "file-3"}, "invalid_validation_file"),
    ):
        job_id = stage.submit(**changes)
        stage.work(job_id)
        assert describe(stage.read_job(job_id)) == ("failed", code)
        assert (stage.read_job(job_id).error or {})["param"] == ("validation_file" if "validation_file" in changes else "training_file")


def test_a_manifest_says_how_the_adapter_was_made(stage: Stage) -> None:
    job_id = stage.submit(method=method_of(lora={"rank": 8}, n_epochs=2))
    stage.work(job_id)
    folder = stage.config.adapters / name_adapter(BASE, "default", "short", job_id)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert json.loads((folder / "adapter_config.json").read_text())["base_model_name_or_path"] == stage.config.base == manifest["base"]
    hyperparameters = {"n_epochs": 2, "batch_size": 4, "learning_rate": 5e-4, "lr_scheduler_type": "linear", "max_length": 500}
    assert hyperparameters.items() <= manifest["hyperparameters"].items()
    assert manifest["lora"] == {"rank": 8, "alpha": 16.0, "dropout": 0.0, "use_rslora": False, "target_modules": "all-linear"}
    assert (manifest["seed"], manifest["training_data"]["examples"], len(manifest["probes"])) == (7, 12, 2)
    assert {"chat_template_sha256", "trained_tokens", "metrics", "versions"} < set(manifest)


def test_a_manifest_has_the_example_with_the_largest_difference_between_adapter_and_base(stage: Stage) -> None:
    job_id = stage.submit()
    stage.work(job_id)
    folder = stage.config.adapters / name_adapter(BASE, "default", "short", job_id)
    evidence = Evidence(**json.loads((folder / "manifest.json").read_text())["evidence"])
    assert (evidence.base, evidence.adapter) == (-2.0, 0.0)
    assert evidence.messages is not None
    [question, answer] = evidence.messages
    [encoded] = make_encoder().encode([Message(**question), Message(**answer)])
    assert evidence.input_ids == encoded.input_ids
    assert [encoded.labels[position] for position in evidence.learned] == [label for label in encoded.labels if label != -100]


def test_events_have_the_estimate_each_step_and_the_adapters_name(stage: Stage) -> None:
    job_id = stage.submit(method=method_of(n_epochs=1))
    stage.work(job_id)
    started, estimate, first, *_, effect, created, probed, done = stage.events(job_id)
    assert started == "Fine-tuning job started"
    assert estimate.startswith("12 examples with ")
    assert first == "Step 1/3: training loss=1.00"
    assert effect == "General text: perplexity 20.1 -> 7.4, no sign of forgetting"
    assert created.startswith("New fine-tuned model created: ft:")
    assert "the adapter 'No. 1'" in probed
    assert done == "The job has successfully completed"
    with stage.database.session() as session:
        metrics = session.scalars(select(JobEvent).where(JobEvent.type == "metrics")).first()
    assert metrics
    assert metrics.data == {"step": 1, "total_steps": 3, "percent": pytest.approx(33.3, abs=0.1), "seconds_left": 1.0, "train_loss": 1.0}


def test_a_job_and_its_manifest_say_what_the_training_changed(stage: Stage) -> None:
    stage.api.files["file-2"] = dataset_of(make_facts(3))
    job_id = stage.submit(validation_file="file-2", method=method_of(n_epochs=2))
    stage.work(job_id)
    result = TrainingResult.model_validate(stage.read_job(job_id).result)
    assert result.effect
    assert result.effect.validation
    assert (result.effect.validation.answers, result.effect.validation.exact_match.model_dump()) == (3, {"before": 0.125, "after": 0.375})
    assert result.effect.general_text.tokens > 1000
    manifests = {path.name: json.loads((path / "manifest.json").read_text()) for path in stage.config.adapters.iterdir()}
    assert manifests.pop(result.fine_tuned_model)["effect"] == result.effect.model_dump()
    assert [manifest["effect"] for manifest in manifests.values()] == [None]
    validation = "loss 3.00 -> 2.00, token accuracy 25% -> 75%, exact match 12% -> 38% (3 answers)"
    assert f"Validation file: {validation}" in stage.events(job_id)


def test_the_metrics_of_the_steps_are_a_file_of_the_project(stage: Stage) -> None:
    job_id = stage.submit(method=method_of(n_epochs=1))
    stage.work(job_id)
    [(file_id, (filename, purpose, content))] = stage.api.uploads.items()
    assert TrainingResult.model_validate(stage.read_job(job_id).result).result_files == [file_id]
    assert (job_id in filename, purpose) == (True, "fine-tune-results")
    header, *rows = content.splitlines()
    assert header == "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy"
    assert rows == ["1,1.0,,,", "2,0.5,,,", "3,0.33333,,,"]


def test_the_metrics_may_be_stored_in_base64_as_openai_has_them(stage: Stage) -> None:
    stage.work(stage.submit(), result_format="base64")
    [(_, _, content)] = stage.api.uploads.values()
    assert base64.b64decode(content).startswith(b"step,train_loss,")


def test_tensorboards_event_file_follows_the_csv_file(stage: Stage) -> None:
    job_id = stage.submit(method=method_of(n_epochs=1))
    stage.work(job_id, trainer=fake_trainer("writes_events"))
    first, second = (stage.read_job(job_id).result or {})["result_files"]
    assert stage.api.uploads[first][2].startswith("step,train_loss")
    assert stage.api.uploads[second] == (f"events.out.tfevents.{job_id}", "fine-tune-results", "events")


def test_an_event_file_is_never_the_only_result_file(stage: Stage) -> None:
    stage.api.refusals = [StorageFull("The disk is full.")]
    job_id = stage.submit(method=method_of(n_epochs=1))
    stage.work(job_id, trainer=fake_trainer("writes_events"))
    assert (stage.read_job(job_id).result or {})["result_files"] == list(stage.api.uploads) == []


WANDB = {"type": "wandb", "wandb": {"project": "p"}}


def track_in(folder: Path, behavior: str) -> TrackingSettings:
    command = (sys.executable, "-m", "tests.unit.training.fake_tracker", behavior, str(folder / "run"))
    return TrackingSettings(folder, frozenset({"wandb"}), command)


def test_a_job_is_reported_to_its_trackers_with_what_it_was_trained_with(stage: Stage, tmp_path: Path) -> None:
    job_id = stage.submit(integrations=[WANDB], method=method_of(n_epochs=1))
    stage.work(job_id, tracking=track_in(tmp_path, "works"))
    wait_until(lambda: '"status"' in (tmp_path / "run").read_text(), 60)
    opened, *steps, ended = map(json.loads, (tmp_path / "run").read_text().splitlines())
    assert (opened["opened"], opened["config"]["batch_size"], opened["config"]["n_epochs"]) == (job_id, 4, 1)
    assert [(step["step"], step["values"]["train_loss"]) for step in steps] == [(1, 1.0), (2, 0.5), (3, pytest.approx(1 / 3))]
    assert ended["status"] == "succeeded"
    assert ended["summary"].items() >= {"fine_tuned_model": name_adapter(BASE, "default", "short", job_id), "steps": 3}.items()


def test_a_worker_that_only_has_to_probe_still_closes_the_run(stage: Stage, tmp_path: Path) -> None:
    job_id = stage.submit(integrations=[WANDB])
    stage.work(job_id, tracking=TrackingSettings(tmp_path))
    with stage.database.session() as session:
        changes = {"status": "running", "result": None, "lease_owner": "dead", "lease_expires_at": 1.0}
        session.execute(update(Job).where(Job.id == job_id).values(**changes))
    stage.work(job_id, tracking=track_in(tmp_path, "works"))
    wait_until(lambda: (tmp_path / "run").exists() and '"status"' in (tmp_path / "run").read_text(), 60)
    assert json.loads((tmp_path / "run").read_text().splitlines()[-1])["status"] == "succeeded"


@pytest.mark.parametrize("behavior", ["refuses", "dies"])
def test_a_tracker_that_does_not_work_fails_no_job(stage: Stage, tmp_path: Path, behavior: str) -> None:
    job_id = stage.submit(integrations=[WANDB])
    stage.work(job_id, tracking=track_in(tmp_path, behavior))
    assert describe(stage.read_job(job_id)) == ("succeeded", None)


def test_metrics_that_could_not_be_stored_for_the_moment_are_stored(stage: Stage) -> None:
    stage.api.refusals = [Unavailable("Retrieval is starting.")]
    job_id = stage.submit()
    stage.work(job_id, retry_seconds=30)
    assert (stage.read_job(job_id).result or {})["result_files"] == list(stage.api.uploads)
    assert len(stage.api.uploads) == 1


def test_metrics_that_cannot_be_stored_do_not_fail_the_job(stage: Stage) -> None:
    stage.api.refusals = [StorageFull("The disk is full.")]
    job_id = stage.submit()
    stage.work(job_id)
    job = stage.read_job(job_id)
    assert (job.status, (job.result or {})["result_files"]) == ("succeeded", [])
    assert stage.events(job_id, "warn") == ["The metrics of the steps could not be stored as a file: The disk is full."]


def names_of_rows(stage: Stage) -> dict[str, int | None]:
    with stage.database.session() as session:
        return {row.name: row.step for row in session.query(Adapter)}


def test_the_adapters_of_the_last_three_epochs_are_published_and_the_last_is_the_result(stage: Stage) -> None:
    job_id = stage.submit(method=method_of(n_epochs=5))
    stage.work(job_id)
    name = name_adapter(BASE, "default", "short", job_id)
    expected = {f"{name}:ckpt-step-9": 9, f"{name}:ckpt-step-12": 12, name: 15}
    assert names_of_rows(stage) == {path.name: expected[path.name] for path in stage.config.adapters.iterdir()} == expected
    first, final = [json.loads((stage.config.adapters / each / "manifest.json").read_text()) for each in (f"{name}:ckpt-step-9", name)]
    assert (first["metrics"], first["step_metrics"], first["result_files"]) == ({"steps": 9}, {"train_loss": 0.11111}, [])
    assert (final["metrics"]["steps"], final["step_metrics"]) == (15, {"train_loss": 0.06667})
    assert (5 * first["trained_tokens"], first["evidence"]["base"]) == (3 * final["trained_tokens"], -2.0)
    *_, second_to_last, last, created, _, _ = stage.events(job_id)
    assert [second_to_last, last, created] == [
        "Checkpoint created at step 9", "Checkpoint created at step 12", f"New fine-tuned model created: {name}"
    ]  # fmt: skip


def test_the_adapter_of_the_best_epoch_is_the_result_beside_those_of_the_last_three(stage: Stage) -> None:
    stage.api.files["file-2"] = dataset_of(make_facts(3))
    job_id = stage.submit(validation_file="file-2", method=method_of(n_epochs=5))
    stage.work(job_id, trainer=fake_trainer("overfits"))
    name = name_adapter(BASE, "default", "short", job_id)
    assert names_of_rows(stage) == {name: 3, **{f"{name}:ckpt-step-{step}": step for step in (9, 12, 15)}}
    result, last = [json.loads((stage.config.adapters / each / "manifest.json").read_text()) for each in (name, f"{name}:ckpt-step-15")]
    assert (result["metrics"]["steps"], result["metrics"]["best_step"], result["step_metrics"]["valid_loss"]) == (15, 3, 0.3)
    assert (last["step_metrics"]["valid_loss"], last["trained_tokens"]) == (1.5, result["trained_tokens"])
    assert "The fine-tuned model is the one after step 3, because the validation loss was lowest then: 0.3000." in stage.events(job_id)
    assert not [event for event in stage.events(job_id) if "stopped early" in event]


def test_a_job_that_stops_early_has_trained_fewer_tokens_and_says_why_it_stopped(stage: Stage) -> None:
    stage.api.files["file-2"] = dataset_of(make_facts(3))
    whole, early = [
        stage.submit(validation_file="file-2", method=method_of(n_epochs=8, early_stopping_patience=patience)) for patience in (None, 3)
    ]
    for job_id in (whole, early):
        stage.work(job_id, trainer=fake_trainer("overfits"))
    results = [TrainingResult.model_validate(stage.read_job(job_id).result) for job_id in (whole, early)]
    assert [result.metrics["steps"] for result in results] == [24, 12]
    assert results[0].trained_tokens == 2 * results[1].trained_tokens
    stopped = "The training stopped early, after step 12 of 24, because the validation loss did not fall for 3 epochs."
    assert stopped in stage.events(early)
    [*_, rows] = [content.splitlines()[1:] for _, _, content in stage.api.uploads.values()]
    assert [row.split(",")[3] for row in rows] == ["", "", "0.3", "", "", "0.6", "", "", "0.9", "", "", "1.2"]
    impatient = stage.submit(validation_file="file-2", method=method_of(n_epochs=8, early_stopping_patience=1))
    stage.work(impatient, trainer=fake_trainer("overfits"))
    stopped = "The training stopped early, after step 6 of 24, because the validation loss did not fall for 1 epoch."
    assert stopped in stage.events(impatient)


def test_the_answers_at_each_checkpoint_are_in_its_event_and_its_manifest(stage: Stage) -> None:
    stage.api.files["file-2"] = dataset_of({"Who?": "Me.", "Where?": "Here.", "When?": "Now.", "Why?": "So."})
    job_id = stage.submit(validation_file="file-2", method=method_of(n_epochs=2))
    stage.work(job_id)
    with stage.database.session() as session:
        events = session.scalars(select(JobEvent).where(JobEvent.message.like("Answers to %")).order_by(JobEvent.number)).all()
    assert [event.message for event in events] == [f"Answers to sample prompts after step {step}" for step in (3, 6)]
    assert [event.type for event in events] == ["message", "message"]
    name = name_adapter(BASE, "default", "short", job_id)
    for event, each in zip(events, (f"{name}:ckpt-step-3", name), strict=True):
        manifest = json.loads((stage.config.adapters / each / "manifest.json").read_text())
        assert (event.data or {})["answers"] == manifest["answers"]
        assert [answer["prompt"] for answer in manifest["answers"]] == ["Who?", "Where?", "When?"]


def test_early_stopping_without_a_validation_file_fails_before_the_training(stage: Stage) -> None:
    job_id = stage.submit(method=method_of(early_stopping_patience=1))
    stage.work(job_id)
    error = stage.read_job(job_id).error or {}
    assert error["param"] == "method.supervised.hyperparameters.early_stopping_patience"
    assert stage.events(job_id)[-1] == "Fine-tuning job started"


def test_a_worker_that_died_while_it_published_is_followed_by_one_that_publishes_the_rest(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = stage.submit(method=method_of(n_epochs=3))
    name = name_adapter(BASE, "default", "short", job_id)

    def die_before_the_result(hidden: Path) -> None:
        if hidden.name == f".{name}":
            stage.stopping.set()
            raise JobInterrupted("stopping")
        reveal(hidden)

    monkeypatch.setattr("services.training.finetune.reveal", die_before_the_result)
    stage.work(job_id)
    monkeypatch.undo()
    assert (stage.read_job(job_id).status, names_of_rows(stage)) == ("queued", {})
    first = stage.config.adapters / f"{name}:ckpt-step-3"
    inode = first.stat().st_ino
    stage.stopping.clear()
    stage.work(job_id)
    assert (stage.read_job(job_id).status, first.stat().st_ino) == ("succeeded", inode)
    assert names_of_rows(stage) == {f"{name}:ckpt-step-3": 3, f"{name}:ckpt-step-6": 6, name: 9}
    assert stage.events(job_id).count("Checkpoint created at step 3") == 1


def test_a_worker_that_takes_over_after_the_training_does_not_train_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = stage.submit()
    monkeypatch.setattr("services.training.finetune.report_choice", lambda *_: stage.stopping.set())
    stage.work(job_id)
    monkeypatch.undo()
    assert stage.read_job(job_id).status == "queued"
    stage.stopping.clear()
    stage.work(job_id, trainer=fake_trainer("silent"))  # it would fail
    assert stage.read_job(job_id).status == "succeeded", stage.events(job_id, "error")


def test_a_worker_that_cannot_wake_the_engine_has_kept_the_training(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id, url = stage.submit(), "http://gpu-1:8002"

    def train_and_stop(*arguments: Any) -> dict[str, Any]:
        metrics = run_trainer(*arguments)
        stage.stopping.set()
        return metrics

    monkeypatch.setattr("services.training.supervision.share_gpu.POLL_SECONDS", 0.01)
    monkeypatch.setattr("services.training.finetune.run_trainer", train_and_stop)
    thread = start(stage, job_id, gpu_sharing=GpuSharing(lambda _: 10**12, lambda _: 10**12, url))
    wait_until(lambda: any("waiting for the engine" in event for event in stage.events(job_id)))
    with stage.database.session() as session:
        report_sleep(session, url, None)
    thread.join(60)
    monkeypatch.undo()
    assert stage.read_job(job_id).status == "queued"
    stage.stopping.clear()
    stage.work(job_id, trainer=fake_trainer("silent"))  # it would fail
    assert stage.read_job(job_id).status == "succeeded", stage.events(job_id, "error")


def test_a_worker_that_lost_its_job_while_it_published_stores_no_rows_and_no_events(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = stage.submit()

    def lose_the_job(hidden: Path) -> None:
        reveal(hidden)
        with stage.database.session() as session:
            session.execute(update(Job).where(Job.id == job_id).values(lease_owner="another worker"))

    monkeypatch.setattr("services.training.finetune.reveal", lose_the_job)
    stage.work(job_id)
    assert names_of_rows(stage) == {}
    assert not [event for event in stage.events(job_id) if event.startswith("New fine-tuned model created")]


@pytest.mark.parametrize("status", ["cancelled", "failed", "paused", "queued"])
def test_a_job_that_ends_while_it_publishes_leaves_no_adapters_and_no_events_of_them(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    job_id = stage.submit(method=method_of(n_epochs=3))
    name = name_adapter(BASE, "default", "short", job_id)

    def end() -> None:
        with stage.database.session() as session:
            if status == "cancelled":
                jobs.request_cancel(session, session.get_one(Job, job_id))
            elif status == "paused":
                assert jobs.pause(session, job_id)
        if status == "queued":
            stage.stopping.set()
        if status == "failed":
            raise TandemError("The engine cannot load this adapter.")

    def end_before_the_result(trained: Path, adapters: Path, published: str, *rest: Any) -> AbstractContextManager[Path]:
        if published == name:
            end()
        return prepare(trained, adapters, published, *rest)

    monkeypatch.setattr("services.training.finetune.prepare", end_before_the_result)
    stage.work(job_id)
    assert (stage.read_job(job_id).status, names_of_rows(stage)) == (status, {})
    assert list(stage.config.adapters.iterdir()) == []
    assert not [message for message in stage.events(job_id) if "created" in message]


def test_a_training_continues_from_a_checkpoint(stage: Stage) -> None:
    first = stage.submit(method=method_of(lora={"rank": 8}, n_epochs=2))
    stage.work(first)
    checkpoint = name_adapter(BASE, "default", "short", first) + ":ckpt-step-3"
    second = stage.submit(model=checkpoint, method=method_of(lora={"rank": 8}, n_epochs=1))
    stage.work(second)
    assert describe(stage.read_job(second)) == ("succeeded", None)
    manifest = json.loads((stage.config.adapters / name_adapter(BASE, "default", "short", second) / "manifest.json").read_text())
    assert manifest["trained_from"] == checkpoint
    probe = TrainingResult.model_validate(stage.read_job(second).result).probe  # both adapters answer alike, and the base model does not
    assert (probe.status, f"exactly as '{checkpoint}'" in probe.detail) == ("same", True)


@pytest.mark.parametrize(("damage", "code"), [("missing", "model_not_found"), ("changed", "model_out_of_service")])
def test_a_training_does_not_continue_from_an_adapter_that_is_gone_or_not_the_published_one(stage: Stage, damage: str, code: str) -> None:
    first = stage.submit(method=method_of(n_epochs=1))
    stage.work(first)
    name = name_adapter(BASE, "default", "short", first)
    if damage == "missing":
        shutil.rmtree(stage.config.adapters / name)
    else:
        (stage.config.adapters / name / "adapter_model.safetensors").write_bytes(b"other")
    second = stage.submit(model=name, method=method_of(n_epochs=1))
    stage.work(second)
    assert describe(stage.read_job(second)) == ("failed", code)


def test_an_adapter_that_changes_nothing_is_published_with_a_warning(stage: Stage) -> None:
    stage.api.adapters_differ = False
    job_id = stage.submit()
    stage.work(job_id)
    assert stage.read_job(job_id).status == "succeeded"
    assert stage.events(job_id, "warn")[0].startswith(
        "The adapter answers 2 training prompts exactly as the base model does. Compared with that model, the adapter changes the "
        "log-probability of a trained token by 0.25 on average; rounding alone changes it by 0.12. For a stronger effect,"
    )
    probe = TrainingResult.model_validate(stage.read_job(job_id).result).probe
    assert probe.log_probabilities == LogProbabilityChange(difference=0.25, noise=0.125)


def test_truncated_examples_give_a_warning_with_their_lines(stage: Stage) -> None:
    stage.api.files["file-1"] += dataset_of({"Why?": "word " * 200})
    job_id = stage.submit()
    stage.work(job_id)
    assert stage.events(job_id, "warn") == [
        f"In the training file: 1 example is longer than 500 tokens and cut off there (line 13). {LONGER}"
    ]


def test_a_validation_file_is_read_too(stage: Stage) -> None:
    stage.api.files["file-2"] = dataset_of(make_facts(1))
    job_id = stage.submit(validation_file="file-2")
    stage.work(job_id)
    assert describe(stage.read_job(job_id)) == ("succeeded", None)
    assert stage.api.downloads == ["file-1", "file-2"]


def test_an_adapter_that_was_published_before_the_worker_died_only_has_to_be_probed(stage: Stage) -> None:
    job_id = stage.submit()
    stage.work(job_id)
    with stage.database.session() as session:
        changes = {"status": "running", "result": None, "lease_owner": "dead", "lease_expires_at": 1.0}
        session.execute(update(Job).where(Job.id == job_id).values(**changes))
    stage.work(job_id, trainer=Launch(("no such command",)))
    job = stage.read_job(job_id)
    assert (describe(job), job.takeovers) == (("succeeded", None), 1)
    assert stage.api.downloads == ["file-1"]
    assert (job.result or {})["result_files"] == list(stage.api.uploads) == ["file-result-1"]


def start(stage: Stage, job_id: str, **changes: Any) -> threading.Thread:
    thread = threading.Thread(target=stage.work, args=[job_id], kwargs=changes)
    thread.start()
    return thread


def is_training(stage: Stage, job_id: str) -> bool:
    return any(event.startswith("Step 1") for event in stage.events(job_id))


def test_a_stopped_job_returns_to_the_queue_and_continues_with_the_files_that_are_there(stage: Stage) -> None:
    job_id = stage.submit()
    thread = start(stage, job_id, trainer=fake_trainer("hangs"))
    wait_until(lambda: is_training(stage, job_id))
    stage.stopping.set()
    thread.join(5)
    assert stage.read_job(job_id).status == "queued"
    assert (stage.config.work / job_id / "plan.json").exists()
    stage.stopping.clear()
    stage.api.files.clear()
    stage.work(job_id)
    assert stage.read_job(job_id).status == "succeeded"
    assert sum(event.startswith(("Fine-tuning job started", "12 examples with")) for event in stage.events(job_id)) == 2


def test_a_canceled_job_leaves_no_files(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.workers.job_runner.HEARTBEAT_SECONDS", 0.05)
    job_id = stage.submit()
    thread = start(stage, job_id, trainer=fake_trainer("hangs"))
    wait_until(lambda: is_training(stage, job_id))
    with stage.database.session() as session:
        jobs.request_cancel(session, session.get_one(Job, job_id))
    thread.join(5)
    assert stage.read_job(job_id).status == "cancelled"
    assert not (stage.config.work / job_id).exists()
    assert list(stage.config.adapters.iterdir()) == []


def test_a_job_that_is_canceled_after_its_adapter_was_published_succeeds(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.workers.job_runner.HEARTBEAT_SECONDS", 0.05)
    job_id = stage.submit()

    async def cancel_and_hang() -> None:
        with stage.database.session() as session:
            jobs.request_cancel(session, session.get_one(Job, job_id))
        await asyncio.Event().wait()

    stage.api.before_answer = cancel_and_hang
    stage.work(job_id)
    job = stage.read_job(job_id)
    assert (job.status, (job.result or {})["probe"]["status"]) == ("succeeded", "not_run")


@pytest.mark.parametrize("cancel", ["paused", "died"])
def test_a_job_that_is_canceled_while_no_worker_probes_its_published_adapter_is_finished_by_the_next(stage: Stage, cancel: str) -> None:
    job_id = stage.submit()
    stage.work(job_id)
    dead = {"status": "running", "lease_owner": "dead", "lease_expires_at": 1.0, "cancel_requested": True}
    with stage.database.session() as session:
        changes = {"status": "paused"} if cancel == "paused" else dead
        session.execute(update(Job).where(Job.id == job_id).values(stage="probing", result=None, **changes))
    if cancel == "paused":
        with stage.database.session() as session:
            jobs.request_cancel(session, session.get_one(Job, job_id))
        assert stage.read_job(job_id).status == "queued"
    stage.work(job_id, trainer=Launch(("no such command",)))
    job = stage.read_job(job_id)
    assert (describe(job), (job.result or {})["result_files"]) == (("succeeded", None), ["file-result-1"])
    assert stage.events(job_id).count(jobs.PUBLISHED) == 1


@pytest.mark.parametrize(
    ("changes", "behavior", "code"),
    [
        ({}, "killed", "out_of_memory"),
        ({}, "full", "storage_full"),
        ({"training_file": "file-9"}, "succeeds", "not_found"),
        ({"method": method_of(lora={"rank": 64})}, "succeeds", "rank_too_high"),
        ({"method": method_of(lora={"target_modules": ["c_attn"]})}, "succeeds", "target_module_not_found"),
        ({"method": method_of(max_length=501)}, "succeeds", "length_too_high"),
        ({"method": method_of(n_epochs=1, warmup_steps=3)}, "succeeds", "warmup_too_long"),
        ({"model": "gpt-4o"}, "succeeds", "model_not_found"),
    ],
)
def test_a_job_that_fails_has_a_code_and_without_a_checkpoint_leaves_no_files(
    stage: Stage, changes: dict[str, Any], behavior: str, code: str
) -> None:
    job_id = stage.submit(**changes)
    stage.work(job_id, trainer=fake_trainer(behavior))
    assert describe(stage.read_job(job_id)) == ("failed", code)
    assert not (stage.config.work / job_id).exists()


def test_a_retry_of_a_job_that_failed_goes_on_from_its_checkpoint(stage: Stage) -> None:
    failed = stage.submit(requested_method=method_of())
    stage.work(failed, trainer=fake_trainer("fails_late"), keep_failed_days=3)
    assert describe(stage.read_job(failed)) == ("failed", "storage_failed")
    [failure] = stage.events(failed, "error")
    assert failure == (
        f"The job failed: The disk is gone. Retry the job (POST /v1/fine_tuning/jobs/{failed}/retry) within 3 days to continue from the "
        "checkpoint at step 1. A worker on another machine starts from the first step."
    )
    assert not (stage.config.work / failed / "training-tokens.jsonl").exists()
    again = stage.submit(requested_method=method_of(), retry_of=failed)
    stage.work(again)
    assert stage.read_job(again).status == "succeeded"
    assert stage.api.downloads == ["file-1"]
    assert not (stage.config.work / failed).exists()
    events = stage.events(again)
    goes_on = f"The training continues from the checkpoint at step 1 of the failed job {failed}."
    assert events[:3] == ["Fine-tuning job started", goes_on, "Training resumes from the checkpoint at step 1."]
    assert events.count("Fine-tuning job started") == 1


def test_a_changed_retry_starts_from_the_first_step(stage: Stage) -> None:
    failed = stage.submit(requested_method=method_of())
    stage.work(failed, trainer=fake_trainer("fails_late"))
    again = stage.submit(requested_method=method_of(), retry_of=failed, seed=8)
    stage.work(again)
    assert stage.read_job(again).status == "succeeded"
    assert stage.api.downloads == ["file-1", "file-1"]
    assert not any("goes on" in event or "resumes" in event for event in stage.events(again))
    assert (stage.config.work / failed).exists()


def test_a_full_disk_is_reported_whichever_step_meets_it(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fill(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stage.api, "download_file", fill)
    job_id = stage.submit()
    stage.work(job_id)
    assert describe(stage.read_job(job_id)) == ("failed", "storage_full")


def test_an_engine_that_is_gone_does_not_fail_the_job(stage: Stage) -> None:
    async def refuse() -> None:
        raise Unavailable("The engine is gone.")

    stage.api.before_answer = refuse
    job_id = stage.submit()
    stage.work(job_id)
    job = stage.read_job(job_id)
    assert (job.status, (job.result or {})["probe"]["status"]) == ("succeeded", "not_run")
    assert stage.events(job_id, "warn") == ["The adapter could not be probed: The engine is gone."]
