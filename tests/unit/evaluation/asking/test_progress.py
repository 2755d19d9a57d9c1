"""The counter reports how many answers have arrived."""

from services.evaluation.asking.progress import AnswerCounter
from shared.records.database import Database
from shared.records.jobs import Job, JobEvent
from shared.workers.job_context import JobContext


def read_job(context: JobContext, database: Database) -> tuple[str, float]:
    with database.session() as session:
        job = session.get_one(Job, context.job.id)
    return job.stage, job.percent


def test_every_answer_moves_the_stage_and_every_tenth_part_adds_an_event(context: JobContext, database: Database) -> None:
    counter = AnswerCounter(context, total=24, done=4)
    for _ in range(20):
        counter.count("asking again")
    with database.session() as session:
        events = session.query(JobEvent).order_by(JobEvent.number).all()
    assert read_job(context, database) == ("asking again 24/24", 90)
    assert len(events) == 9
    assert (events[-1].message, events[-1].data) == ("Collected 24 of 24 answers.", {"asked": 24, "of": 24})


def test_another_stage_is_shown_at_the_percent_so_far(context: JobContext, database: Database) -> None:
    AnswerCounter(context, total=4, done=2).show("warming up")
    assert read_job(context, database) == ("warming up", 46)
