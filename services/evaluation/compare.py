"""Flow 4: the same questions, asked several ways, and what the answers show.

    fetch questions ──▶ ask every arm ──▶ grade ──▶ verdict ──▶ report

Every answer is stored as it comes, so a comparison whose worker died goes on where it stopped. Knows no HTTP and no SQL.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

from services.evaluation.arms.build import read_arms
from services.evaluation.asking.collect import Answering, Answers, Pace, ask
from services.evaluation.asking.retry import patiently
from services.evaluation.report.write import Report, write_html, write_json
from services.evaluation.statistics.grade import grade
from services.evaluation.statistics.summarize import summarize
from services.evaluation.verdict.decide import judge
from shared.contracts.comparisons import ComparisonResult, ComparisonSpec
from shared.datasets import Question, read_questions
from shared.records.jobs import Job
from shared.workers.job_context import JobContext, JobInterrupted

LOOK_SECONDS = 0.2
T = TypeVar("T")


class FrontDoor(Answering, Protocol):
    """What the flow needs of Tandem's own API."""

    async def read_file(self, file_id: str) -> bytes:
        """Return a file's content."""
        ...

    async def keep_file(self, filename: str, content: bytes) -> str:
        """Store a report and return its file's id; the same name and content give the same file."""
        ...


def run_comparison(
    job: Job, context: JobContext, opened: AbstractAsyncContextManager[FrontDoor], answers: Answers, pace: Pace
) -> dict[str, Any]:
    """Run the flow on a job to its end; return its `result`.

    Raises:
        JobInterrupted: the job was cancelled, the worker is stopping, or its lease was lost. Answers so far are kept.
        TandemError: the questions cannot be read, or an arm cannot be asked.
    """

    async def run() -> ComparisonResult:
        async with opened as front_door:
            return await _unless_interrupted(compare(job, context, front_door, answers, pace), context)

    return asyncio.run(run()).model_dump(mode="json")


async def compare(job: Job, context: JobContext, front_door: FrontDoor, answers: Answers, pace: Pace) -> ComparisonResult:
    """Ask, grade, judge and report; the steps of the flow."""
    spec = ComparisonSpec.model_validate(job.spec)
    context.report_progress("fetching questions", 0)
    questions = await fetch_questions(front_door, spec.questions_file, pace)
    arms = read_arms(spec)
    asked = await ask(questions, arms, spec, front_door, answers, context, pace)
    context.report_progress("grading", 92)
    graded = grade(questions, asked)
    answers.keep(graded)
    context.report_progress("comparing", 94)
    summary = summarize(graded, arms, spec)
    verdict = judge(summary)
    context.report_progress("writing the report", 97)
    report = Report(job, spec, questions, graded, summary, verdict, pace.concurrency)
    json_id = await patiently(lambda: front_door.keep_file(f"{job.id}.json", write_json(report)), pace.patience_seconds)
    html_id = await patiently(lambda: front_door.keep_file(f"{job.id}.html", write_html(report)), pace.patience_seconds)
    context.add_event(verdict.text)
    return report.result(json_id, html_id)


async def fetch_questions(front_door: FrontDoor, file_id: str, pace: Pace) -> list[Question]:
    """Return the questions of the file.

    Raises:
        InvalidDataset: a line is wrong.
        NotFound: there is no such file any more.
    """
    content = await patiently(lambda: front_door.read_file(file_id), pace.patience_seconds)
    return list(read_questions(content.splitlines()))


async def _unless_interrupted(flow: Coroutine[Any, Any, T], context: JobContext) -> T:
    """Run `flow` to its end, or cancel it, with every call in flight, as soon as the job must end."""
    running = asyncio.ensure_future(flow)
    while not running.done():
        await asyncio.wait([running], timeout=LOOK_SECONDS)
        if context.interrupt_reason and not running.done():
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            raise JobInterrupted(context.interrupt_reason)
    return running.result()
