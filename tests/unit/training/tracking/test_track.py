"""A job's runs are opened once and learn how it ended, whatever happens to it."""

import json
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.training.tracking.track import TrackingSettings, track
from shared.errors import DatabaseUnavailable, TandemError
from shared.records import jobs
from shared.records.database import Database
from shared.workers.job_context import JobContext, JobInterrupted
from tests.serving import wait_until
from tests.unit.training.cases import make_spec

SECONDS = 60.0
INTEGRATIONS = [{"type": "wandb", "wandb": {"project": "p"}}]


@pytest.fixture
def spec(context: JobContext) -> None:
    context.job.spec = make_spec(integrations=INTEGRATIONS).model_dump()


@pytest.fixture
def settings(tmp_path: Path) -> TrackingSettings:
    command = (sys.executable, "-m", "tests.unit.training.fake_tracker", "works", str(tmp_path / "run"))
    return TrackingSettings(tmp_path, frozenset({"wandb"}), command)


def read_run(folder: Path) -> list[dict[str, Any]]:
    path = folder / "run"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def wait_for_status(folder: Path) -> tuple[Any, Any]:
    wait_until(lambda: any("status" in line for line in read_run(folder)), SECONDS)
    return read_run(folder)[-1]["status"], read_run(folder)[-1]["summary"]


@pytest.mark.parametrize(
    ("error", "summary"),
    [
        (TandemError("There is no memory left.", code="out_of_memory"), "There is no memory left."),
        (ValueError("seven"), "ValueError: seven"),
    ],
)
def test_a_job_that_fails_is_a_run_that_failed(
    context: JobContext, spec: None, settings: TrackingSettings, tmp_path: Path, error: Exception, summary: str
) -> None:
    with pytest.raises(type(error)), track(context, tmp_path / "steps.jsonl", settings) as tracking:
        tracking.start()
        raise error
    assert wait_for_status(tmp_path) == ("failed", {"error": summary})


@pytest.mark.parametrize("reason", ["cancelled", "paused"])
def test_a_job_that_is_canceled_or_paused_is_so_in_its_run(
    context: JobContext, spec: None, settings: TrackingSettings, database: Database, tmp_path: Path, reason: str
) -> None:
    with pytest.raises(JobInterrupted), track(context, tmp_path / "steps.jsonl", settings) as tracking:
        tracking.start()
        with database.session() as session:
            if reason == "paused":
                jobs.pause(session, context.job.id)
            else:
                jobs.request_cancel(session, session.get_one(jobs.Job, context.job.id))
        context.renew_lease()
        context.raise_if_interrupted()
    assert wait_for_status(tmp_path) == (reason, {})


@pytest.mark.parametrize("reason", ["stopping", "lost", "database"])
def test_the_run_of_a_job_that_goes_on_elsewhere_stays_open(
    context: JobContext, spec: None, settings: TrackingSettings, stopping: threading.Event, tmp_path: Path, reason: str
) -> None:
    with pytest.raises((JobInterrupted, DatabaseUnavailable)), track(context, tmp_path / "steps.jsonl", settings) as tracking:
        tracking.start()
        wait_until(lambda: bool(read_run(tmp_path)), SECONDS)
        if reason == "database":
            raise DatabaseUnavailable("No database.")
        if reason == "stopping":
            stopping.set()
        else:
            context.abandon()
        context.raise_if_interrupted()
    for thread in threading.enumerate():
        if thread.name.startswith("tracker-"):
            thread.join(SECONDS)
    assert [list(line) for line in read_run(tmp_path)] == [["opened", "config", "options"]]


def test_a_run_is_opened_once_however_often_it_is_asked_for(
    context: JobContext, spec: None, settings: TrackingSettings, tmp_path: Path
) -> None:
    with track(context, tmp_path / "steps.jsonl", settings) as tracking:
        tracking.start()
        tracking.start()
        tracking.finish("succeeded", fine_tuned_model="ft:x")
    assert wait_for_status(tmp_path) == ("succeeded", {"fine_tuned_model": "ft:x"})
    assert len([line for line in read_run(tmp_path) if "opened" in line]) == 1


def test_a_worker_without_the_tracker_says_so_and_trains(context: JobContext, spec: None, database: Database, tmp_path: Path) -> None:
    with track(context, tmp_path / "steps.jsonl", TrackingSettings(tmp_path)) as tracking:
        tracking.start()
        tracking.finish("succeeded")
    with database.session() as session:
        [event] = session.scalars(select(jobs.JobEvent)).all()
    assert (event.level, event.message.split(",")[0]) == ("warn", "The training is not reported to Weights & Biases")
    assert "TANDEM_INTEGRATIONS" in event.message


def test_a_job_without_integrations_starts_nothing(context: JobContext, settings: TrackingSettings, tmp_path: Path) -> None:
    with track(context, tmp_path / "steps.jsonl", settings) as tracking:
        tracking.start()
        tracking.finish("succeeded")
    assert list(tmp_path.glob("run")) == []
