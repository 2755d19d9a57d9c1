"""A training's steps arrive as the job's progress and events."""

from pathlib import Path

import pytest
from sqlalchemy import select

from services.training.planning.job_folder import JobFolder
from services.training.supervision.report_steps import make_step_reporter, report_resume
from services.training.trainer.checkpoints import make_attempt_folder, mark_complete
from shared.records import jobs
from shared.records.database import Database
from shared.records.jobs import Job, JobEvent
from shared.workers.job_context import JobContext, JobInterrupted


def read_events(database: Database) -> list[JobEvent]:
    with database.session() as session:
        return list(session.scalars(select(JobEvent).order_by(JobEvent.number)))


def test_a_step_moves_the_jobs_percent_and_adds_an_event(context: JobContext, database: Database) -> None:
    fields = {"step": 1, "total_steps": 2, "percent": 50.0, "train_loss": 0.254, "train_mean_token_accuracy": 0.75, "seconds_left": 3.0}
    make_step_reporter(context, 10, 90)(fields)
    with database.session() as session:
        job = session.get_one(Job, context.job.id)
    [event] = read_events(database)
    assert (job.stage, job.percent) == ("training", 50)
    assert (event.message, event.type, event.data) == ("Step 1/2: training loss=0.25", "metrics", fields)


def test_validation_reads_the_whole_file_so_its_metrics_have_both_of_openais_names(context: JobContext, database: Database) -> None:
    fields = {"step": 2, "total_steps": 2, "percent": 100.0, "valid_loss": 0.5, "valid_mean_token_accuracy": 0.9}
    make_step_reporter(context, 10, 90)(fields)
    [event] = read_events(database)
    assert event.message == "Step 2/2: full validation loss=0.50"
    assert event.data == {**fields, "full_valid_loss": 0.5, "full_valid_mean_token_accuracy": 0.9}


def test_a_step_after_a_pause_has_an_event_but_moves_no_percent(context: JobContext, database: Database) -> None:
    report = make_step_reporter(context, 10, 90)
    with database.session() as session:
        assert jobs.pause(session, context.job.id)
    for step in (1, 2):
        with pytest.raises(JobInterrupted):
            report({"step": step, "total_steps": 4, "percent": 25.0 * step, "train_loss": 0.5})
    assert [event.message for event in read_events(database)] == ["Step 1/4: training loss=0.50", "Step 2/4: training loss=0.50"]
    with database.session() as session:
        assert session.get_one(Job, context.job.id).stage == "paused"


@pytest.mark.parametrize(("total", "every"), [(200, 1), (201, 2), (399, 2), (1001, 6), (100_000, 500)])
def test_a_long_training_gets_an_event_for_at_most_200_of_its_steps(
    total: int, every: int, context: JobContext, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[int] = []
    monkeypatch.setattr(context, "add_event", lambda *_, data, **__: steps.append(data["step"]))
    monkeypatch.setattr(context, "report_progress", lambda *_: None)
    report = make_step_reporter(context, 10, 90)
    for step in range(1, total + 1):
        validated = {"valid_loss": 0.5} if step == total // 3 else {}
        report({"step": step, "total_steps": total, "percent": 100 * step / total, "train_loss": 1.0, **validated})
    assert steps == sorted({1, *range(every, total + 1, every), total // 3, total})
    assert len(steps) <= 203


def test_a_resumed_training_says_from_which_step(context: JobContext, database: Database, tmp_path: Path) -> None:
    folder = JobFolder(tmp_path)
    report_resume(context, folder)
    checkpoint = make_attempt_folder(folder.checkpoints) / "checkpoint-7"
    checkpoint.mkdir()
    mark_complete(checkpoint)
    report_resume(context, folder)
    assert [event.message for event in read_events(database)] == ["Training resumes from the checkpoint at step 7."]
