"""A tracker's process beside a training: what it is sent, and what the job learns if it does not work."""

import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from services.training.tracking.description import describe_runs
from services.training.tracking.messages import Outcome
from services.training.tracking.report import Reporter, make_environment
from services.training.trainer.process import keep_step
from shared.workers.job_context import JobInterrupted
from tests.serving import wait_until
from tests.unit.training.cases import make_spec

SECONDS = 60.0
DONE = Outcome("succeeded", {"fine_tuned_model": "ft:x"})


@dataclass
class Job:
    """The job's folder and events, and the run in the tracker."""

    folder: Path
    events: list[tuple[str, str]] = field(default_factory=list)

    def add_event(self, message: str, *, level: str = "info", data: dict[str, Any] | None = None) -> None:
        self.events.append((level, message))

    def keep_steps(self, *numbers: int) -> None:
        for number in numbers:
            keep_step(self.folder / "steps.jsonl", {"step": number, "train_loss": 1 / number})

    def report(self, behavior: str) -> Reporter:
        [run] = describe_runs("ftjob-1", make_spec(integrations=[{"type": "wandb", "wandb": {"project": "p"}}]))
        command = (sys.executable, "-m", "tests.unit.training.fake_tracker", behavior, str(self.folder / "run"))
        return Reporter(run, self.folder / "steps.jsonl", self.folder, self.add_event, command, (0.05,))

    @property
    def run(self) -> list[dict[str, Any]]:
        path = self.folder / "run"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    @property
    def steps(self) -> list[int]:
        return [line["step"] for line in self.run if "step" in line]


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)


def wait_for(reporter: Reporter) -> None:
    reporter.thread.join(SECONDS)
    assert not reporter.thread.is_alive()


def test_every_step_and_the_end_are_reported_while_the_training_goes_on(job: Job) -> None:
    reporter = job.report("works")
    job.keep_steps(1, 2)
    wait_until(lambda: job.steps == [1, 2], SECONDS)
    job.keep_steps(2, 3)  # the training resumed
    wait_until(lambda: job.steps == [1, 2, 3] and len(job.events) == 1, SECONDS)
    job.keep_steps(4)
    reporter.finish(DONE)
    wait_for(reporter)
    assert job.steps == [1, 2, 3, 4]
    assert job.run[-1] == {"status": "succeeded", "summary": {"fine_tuned_model": "ft:x"}}
    assert job.run[0]["config"]["seed"] == 7
    assert job.events == [("info", "The training is reported to Weights & Biases: https://tracker.example/ftjob-1")]


def test_a_tracker_that_refuses_the_run_is_a_warning_without_the_key_and_a_second_one_at_the_end(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WANDB_API_KEY", "0123456789abcdef")
    reporter = job.report("refuses")
    wait_until(lambda: len(job.run) >= 3, SECONDS)  # it is tried again
    job.keep_steps(1)
    reporter.finish(DONE)
    wait_for(reporter)
    (first, says), (second, lacks) = job.events
    assert (first, second) == ("warn", "warn")
    assert "PermissionError: No project for the key …. The training goes on." in says
    assert "check WANDB_API_KEY, WANDB_BASE_URL of the training worker" in says
    assert lacks.startswith("Weights & Biases may lack the steps of this training after step 0: PermissionError")


def test_a_tracker_that_comes_back_gets_everything(job: Job) -> None:
    reporter = job.report("refuses_once")
    job.keep_steps(1, 2)
    wait_until(lambda: job.steps == [1, 2] and len(job.events) == 2, SECONDS)
    reporter.finish(DONE)
    wait_for(reporter)
    assert [level for level, _ in job.events] == ["warn", "info"]
    assert job.run[-1]["status"] == "succeeded"


def test_a_process_that_dies_is_started_again_and_sends_no_step_twice(job: Job) -> None:
    reporter = job.report("dies")
    for number in (1, 2, 3):
        job.keep_steps(number)
        wait_until(lambda: job.steps[-1:] == [number], SECONDS)  # noqa: B023  it returns before the next step
    reporter.abandon()
    wait_for(reporter)
    assert job.steps == [1, 2, 3]
    assert "its process was killed." in job.events[1][1]


def test_a_tracker_that_fails_again_and_again_does_not_fill_the_events(job: Job) -> None:
    reporter = job.report("dies")
    for number in range(1, 7):
        job.keep_steps(number)
        wait_until(lambda: job.steps[-1:] == [number], SECONDS)  # noqa: B023  it returns before the next step
    reporter.abandon()
    wait_for(reporter)
    assert [level for level, _ in job.events] == ["info", "warn"] * 3 + ["info"]


def test_a_run_that_was_abandoned_is_continued_by_the_next_worker(job: Job) -> None:
    first = job.report("works")
    job.keep_steps(1, 2)
    wait_until(lambda: job.steps == [1, 2], SECONDS)
    first.abandon()
    wait_for(first)
    job.keep_steps(2, 3)
    second = job.report("works")
    second.finish(DONE)
    wait_for(second)
    assert job.steps == [1, 2, 3]
    assert [line["opened"] for line in job.run if "opened" in line] == ["ftjob-1", "ftjob-1"]


def test_a_tracker_that_hangs_does_not_keep_the_job_waiting(job: Job) -> None:
    reporter = job.report("hangs")
    wait_until(lambda: bool(job.run), SECONDS)
    started = time.monotonic()
    reporter.finish(DONE)
    assert time.monotonic() - started < SECONDS / 2
    reporter.abandon()
    wait_for(reporter)
    assert job.events == [
        ("info", "Weights & Biases has not responded yet. This training is sent there if it responds within 120 seconds."),
    ]


def test_a_slow_tracker_is_sent_what_is_left_after_the_job_has_ended_and_its_folder_is_gone(job: Job) -> None:
    job.keep_steps(1, 2, 3)
    reporter = job.report("slow")
    wait_until(lambda: bool(job.run), SECONDS)
    reporter.finish(DONE)
    (job.folder / "steps.jsonl").unlink()
    wait_for(reporter)
    assert job.steps == [1, 2, 3]
    assert job.run[-1]["status"] == "succeeded"


def test_an_event_that_cannot_be_stored_changes_nothing(job: Job) -> None:
    def refuse(message: str, **_: Any) -> None:
        raise JobInterrupted("lost")

    job.add_event = refuse  # type: ignore[method-assign]
    reporter = job.report("works")
    job.keep_steps(1)
    wait_until(lambda: job.steps == [1], SECONDS)
    reporter.finish(DONE)
    wait_for(reporter)
    assert job.run[-1]["status"] == "succeeded"


def test_an_empty_variable_is_none_and_an_offline_run_is_kept() -> None:
    inherited = {"WANDB_BASE_URL": "", "MLFLOW_TRACKING_TOKEN": "", "PATH": "/bin", "EMPTY": ""}
    environment = make_environment(inherited, Path("/scratch"), Path("/kept"))
    assert environment["WANDB_DIR"] == "/scratch"
    assert environment["EMPTY"] == ""
    assert not {"WANDB_BASE_URL", "MLFLOW_TRACKING_TOKEN"} & environment.keys()
    offline = make_environment({"WANDB_MODE": "offline"}, Path("/scratch"), Path("/kept"))
    assert offline["WANDB_DIR"] == "/kept"
    assert make_environment({"WANDB_DIR": "/mine"}, Path("/scratch"), Path("/kept"))["WANDB_DIR"] == "/mine"
