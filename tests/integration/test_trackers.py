"""Trainings reported to the real trackers, offline: Weights & Biases writes a run's folder, MLflow a database."""

import json
import sqlite3
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from services.training.tracking.description import describe_runs
from services.training.tracking.messages import Outcome
from services.training.tracking.report import Reporter
from services.training.trainer.process import keep_step
from tests.fake_wandb import serve_fake_wandb
from tests.ports import free_port
from tests.serving import wait_until
from tests.unit.training.cases import make_spec, method_of

SECONDS = 120.0
WANDB = {"type": "wandb", "wandb": {"project": "Käse & Brot", "tags": ["nightly"]}}
MLFLOW = {"type": "mlflow", "mlflow": {"experiment": "Käse/Brot", "run_name": "first", "tags": {"team": "red"}}}
BLOCK, HEADER = 32768, struct.Struct("<IHB")  # of the log of a run of Weights & Biases: LevelDB's format


@dataclass
class Job:
    """A job's folder and events."""

    folder: Path
    events: list[str] = field(default_factory=list)

    def add_event(self, message: str, *, level: str = "info", data: dict[str, Any] | None = None) -> None:
        self.events.append(f"{level}: {message}")

    def keep_steps(self, *numbers: int) -> None:
        for number in numbers:
            keep_step(self.folder / "steps.jsonl", {"step": number, "total_steps": 9, "train_loss": 1 / number})

    def report(self, integration: dict[str, Any]) -> Reporter:
        [run] = describe_runs("ftjob-1", make_spec(integrations=[integration], method=method_of(n_epochs=2)))
        return Reporter(run, self.folder / "steps.jsonl", self.folder, self.add_event)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)


def wait_for(reporter: Reporter) -> None:
    reporter.thread.join(SECONDS)
    assert not reporter.thread.is_alive()


def read_log(path: Path) -> Iterator[bytes]:
    """Yield the records in a log that fits into one block."""
    content, position = path.read_bytes(), 7
    assert len(content) < BLOCK
    while position < len(content):
        _, length, _ = HEADER.unpack_from(content, position)
        position += HEADER.size
        yield content[position : position + length]
        position += length


def read_wandb(folder: Path) -> list[Any]:
    proto: Any = import_module("wandb.proto.wandb_internal_pb2")
    [path] = folder.glob("*.wandb")
    return [proto.Record.FromString(each) for each in read_log(path)]


def list_wandb_runs(job: Job) -> list[Path]:
    return sorted((job.folder / "wandb").glob("offline-run-*"))


def read_history(records: list[Any]) -> list[dict[str, Any]]:
    rows = [{item.key or item.nested_key[0]: json.loads(item.value_json) for item in record.history.item} for record in records]
    return [{name: value for name, value in row.items() if name == "_step" or not name.startswith("_")} for row in rows if row]


def query(job: Job, statement: str) -> list[Any]:
    database = sqlite3.connect(job.folder / "mlflow.db")
    try:
        return database.execute(statement).fetchall()
    except sqlite3.OperationalError:
        return []  # there are no tables yet
    finally:
        database.close()


def test_a_run_of_weights_and_biases_has_the_steps_the_parameters_and_the_result(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANDB_MODE", "offline")
    reporter = job.report(WANDB)
    job.keep_steps(1, 2)
    keep_step(job.folder / "steps.jsonl", {"step": 2, "valid_loss": 0.75})
    wait_until(lambda: bool(job.events), SECONDS)
    job.keep_steps(2, 3)  # the training resumed
    reporter.finish(Outcome("succeeded", {"fine_tuned_model": "ft:base:default::abcd"}))
    wait_for(reporter)
    assert job.events == [
        "info: The training is reported to Weights & Biases: run 'ftjob-1' in the project 'Käse & Brot', "
        "kept on the worker until `wandb sync` sends it"
    ]
    [folder] = list_wandb_runs(job)
    records = read_wandb(folder)
    assert read_history(records) == [
        {"_step": 1, "train_loss": 1.0},
        {"_step": 2, "train_loss": 0.5, "valid_loss": 0.75},
        {"_step": 3, "train_loss": pytest.approx(1 / 3)},
    ]
    [run] = [record.run for record in records if record.run.run_id]
    assert (run.run_id, run.project, run.display_name) == ("ftjob-1", "Käse & Brot", "ftjob-1")
    assert {"nightly", "tandem/finetune", "tandem/ftjob-1"} <= set(run.tags)
    config = {update.key: json.loads(update.value_json) for update in run.config.update}
    assert (config["n_epochs"], config["lora.rank"]) == (2, 16)
    summary = {item.key: json.loads(item.value_json) for record in records for item in record.summary.update}
    assert (summary["status"], summary["fine_tuned_model"]) == ("succeeded", "ft:base:default::abcd")
    assert [record.exit.exit_code for record in records if record.HasField("exit")] == [0]
    assert not (folder / "files" / "requirements.txt").exists()  # nothing about this machine


def test_a_run_of_weights_and_biases_is_continued_and_has_each_step_once(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve_fake_wandb() as server:
        monkeypatch.setenv("WANDB_API_KEY", "0123456789" * 4)
        monkeypatch.setenv("WANDB_BASE_URL", server.url)
        job.keep_steps(1, 2, 3)
        first = job.report(WANDB)
        wait_until(lambda: bool(job.events), SECONDS)
        first.finish(Outcome("paused"))
        wait_for(first)
        run = server.runs["ftjob-1"]
        paused = (list(run.steps), run.summary["status"], run.exit_code)
        job.keep_steps(2, 3, 4)  # the next worker resumes from an earlier step
        second = job.report(WANDB)
        second.finish(Outcome("cancelled"))
        wait_for(second)
    assert paused == ([1, 2, 3], "paused", 0)
    assert run.steps == [1, 2, 3, 4]
    assert [json.loads(row)["train_loss"] for row in run.rows] == [1.0, 0.5, pytest.approx(1 / 3), 0.25]
    assert (run.summary["status"], run.exit_code) == ("cancelled", 255)
    assert job.events[0].startswith(f"info: The training is reported to Weights & Biases: {server.url}/me/")


def test_an_offline_run_of_a_job_that_was_taken_over_is_complete(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANDB_MODE", "offline")
    first = job.report(WANDB)
    job.keep_steps(1, 2)
    wait_until(lambda: bool(job.events), SECONDS)
    first.abandon()
    wait_for(first)
    job.keep_steps(2, 3)
    second = job.report(WANDB)
    second.finish(Outcome("failed", {"error": "No memory."}))
    wait_for(second)
    records = [read_wandb(folder) for folder in list_wandb_runs(job)][-1]
    assert [row["_step"] for row in read_history(records)] == [1, 2, 3]
    assert [record.exit.exit_code for record in records if record.HasField("exit")] == [1]


def test_a_run_of_mlflow_is_continued_and_has_each_step_once(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{job.folder / 'mlflow.db'}")
    steps = "select step, value from metrics where key = 'train_loss' order by step"
    first = job.report(MLFLOW)
    job.keep_steps(1, 2)
    wait_until(lambda: len(query(job, steps)) == 2, SECONDS)
    first.finish(Outcome("paused"))
    wait_for(first)
    assert query(job, "select status from runs") == [("SCHEDULED",)]
    job.keep_steps(2, 3)
    second = job.report(MLFLOW)
    second.finish(Outcome("succeeded", {"fine_tuned_model": "ft:base:default::abcd"}))
    wait_for(second)
    assert query(job, steps) == [(1, 1.0), (2, 0.5), (3, pytest.approx(1 / 3))]
    assert query(job, "select name, status from runs") == [("first", "FINISHED")]
    assert query(job, "select name from experiments where name != 'Default'") == [("Käse/Brot",)]
    tags = dict(query(job, "select key, value from tags"))
    assert (tags["team"], tags["tandem.run"], tags["tandem.fine_tuned_model"]) == ("red", "ftjob-1", "ft:base:default::abcd")
    assert dict(query(job, "select key, value from params")).items() >= {"n_epochs": "2", "lora.rank": "16"}.items()
    [(run_id,)] = query(job, "select run_uuid from runs")
    assert job.events[0] == f"info: The training is reported to MLflow: run '{run_id}' in the experiment 'Käse/Brot'"


def test_a_dead_tracker_is_a_warning_while_the_training_goes_on(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://user:geheim@127.0.0.1:{free_port()}")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    reporter = job.report(MLFLOW)
    wait_until(lambda: bool(job.events), SECONDS)
    reporter.abandon()
    wait_for(reporter)
    [event] = job.events
    assert event.startswith("warn: MLflow does not accept the metrics of this training: MlflowException: API request to http://127.0.0.1:")
    assert "geheim" not in event
