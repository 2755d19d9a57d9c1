"""A training's steps arrive as the job's progress and events."""

from pathlib import Path

from sqlalchemy import select

from services.training.planning.job_folder import JobFolder
from services.training.supervision.report_steps import make_step_reporter, report_resume
from services.training.trainer.checkpoints import mark_complete
from shared.records.database import Database
from shared.records.jobs import Job, JobEvent
from shared.workers.job_context import JobContext


def read_events(database: Database) -> list[JobEvent]:
    with database.session() as session:
        return list(session.scalars(select(JobEvent).order_by(JobEvent.number)))


def test_a_step_moves_the_jobs_percent_and_adds_an_event(context: JobContext, database: Database) -> None:
    fields = {"step": 1, "total_steps": 2, "percent": 50.0, "train_loss": 0.25, "valid_loss": 0.5}
    make_step_reporter(context, 10, 90)(fields)
    with database.session() as session:
        job = session.get_one(Job, context.job.id)
    [event] = read_events(database)
    assert (job.stage, job.percent) == ("training", 50)
    assert (event.message, event.type, event.data) == ("Step 1/2: train loss 0.2500, valid loss 0.5000", "metrics", fields)


def test_a_resumed_training_says_from_which_step(context: JobContext, database: Database, tmp_path: Path) -> None:
    folder = JobFolder(tmp_path)
    report_resume(context, folder)
    (folder.checkpoints / "checkpoint-7").mkdir(parents=True)
    mark_complete(folder.checkpoints / "checkpoint-7")
    report_resume(context, folder)
    assert [event.message for event in read_events(database)] == ["Training resumes from the checkpoint at step 7."]
