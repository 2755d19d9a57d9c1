"""Flow 4: the same questions to every arm, and what the answers show.

    read the questions ──▶ collect the answers ──▶ grade ──▶ summarize ──▶ decide ──▶ report

Every answer is stored as soon as it arrives, so a comparison whose worker died continues where it stopped. Knows no HTTP and no SQL.
"""

from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from services.evaluation.arms.build import build_arms
from services.evaluation.asking.call_arm import ChatModels
from services.evaluation.asking.collect_answers import Answers, CallLimits, collect_answers
from services.evaluation.report.content import Report
from services.evaluation.report.write_html import write_html
from services.evaluation.report.write_json import write_json
from services.evaluation.statistics.grade import grade_answers
from services.evaluation.statistics.summarize import summarize
from services.evaluation.verdict.decide import decide
from shared.contracts.comparisons import ComparisonResult, ComparisonSpec
from shared.datasets import Question, read_questions
from shared.records.jobs import Job
from shared.workers.interrupt import run_interruptibly
from shared.workers.job_context import JobContext
from shared.workers.retry import retry

PURPOSE = "evals"  # of the report's files


class Api(ChatModels, Protocol):
    """What the flow needs of Tandem's API."""

    async def read_file(self, file_id: str) -> bytes:
        """Return a file's content."""
        ...

    async def upload_file(self, filename: str, content: bytes, purpose: str) -> str:
        """Store a file and return its id, or the id of a file that has the same name, purpose and content."""
        ...


def run_comparison(
    job: Job, context: JobContext, opened_api: AbstractAsyncContextManager[Api], answers: Answers, limits: CallLimits
) -> dict[str, Any]:
    """Run the flow on a job to its end; return its ComparisonResult.

    Raises:
        JobInterrupted: if the job must end. Answers that have arrived stay stored.
        TandemError: if the questions cannot be read, or if an arm cannot be called.
    """

    async def run() -> ComparisonResult:
        async with opened_api as api:
            return await compare(job, context, api, answers, limits)

    return run_interruptibly(run(), context).model_dump(mode="json")


async def compare(job: Job, context: JobContext, api: Api, answers: Answers, limits: CallLimits) -> ComparisonResult:
    """Collect answers, grade them, decide and report: the steps of the flow."""
    spec = ComparisonSpec.model_validate(job.spec)
    context.report_progress("fetching questions", 0)
    questions = await _read_questions(api, spec.questions_file, limits)
    arms = build_arms(spec)
    collected = await collect_answers(questions, arms, spec, api, answers, context, limits)
    context.report_progress("grading", 92)
    graded = grade_answers(questions, collected)
    answers.save_scores(graded)
    context.report_progress("comparing", 94)
    summary = summarize(graded, arms, spec)
    verdict = decide(summary)
    context.report_progress("writing the report", 97)
    report = Report(job, spec, questions, graded, summary, verdict, limits.concurrency)
    json_id = await _upload(api, f"{job.id}.json", write_json(report), limits)
    html_id = await _upload(api, f"{job.id}.html", write_html(report), limits)
    context.add_event(verdict.text)
    return report.make_result(json_id, html_id)


async def _read_questions(api: Api, file_id: str, limits: CallLimits) -> list[Question]:
    """Return the questions of a file.

    Raises:
        InvalidDataset: if a line is wrong.
        NotFound: if the file was deleted meanwhile.
    """
    content = await retry(lambda: api.read_file(file_id), limits.retry_seconds)
    return list(read_questions(content.splitlines()))


async def _upload(api: Api, filename: str, content: bytes, limits: CallLimits) -> str:
    return await retry(lambda: api.upload_file(filename, content, PURPOSE), limits.retry_seconds)
