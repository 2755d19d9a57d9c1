"""The counter reports how many answers have arrived."""

from services.evaluation.asking.progress import AnswerCounter
from shared.records.database import Database
from shared.records.jobs import Job, JobEvent
from shared.workers.job_context import JobContext


def test_every_answer_moves_the_stage_and_every_tenth_part_adds_an_event(context: JobContext, database: Database) -> None:
    counter = AnswerCounter(context, total=24, done=4)
    for _ in range(20):
        counter.count()
    with database.session() as session:
        job = session.get_one(Job, context.job.id)
        events = session.query(JobEvent).order_by(JobEvent.number).all()
    assert (job.stage, job.percent) == ("asking 24/24", 90)
    assert len(events) == 9
    assert (events[-1].message, events[-1].data) == ("Collected 24 of 24 answers.", {"asked": 24, "of": 24})
