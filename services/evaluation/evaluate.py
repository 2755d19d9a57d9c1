"""The flow of an eval's run: a model's answers to rows of data, or answers that are there already, graded by criteria.

    store the rows ──▶ ask about each, grade each answer ──▶ sum up

Every row, answer and grade is stored as soon as it is there, so a run whose worker died continues where it stopped. Knows no HTTP and no
SQL.
"""

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from services.evaluation.evals.item_store import OutputItems
from services.evaluation.evals.patience import ItemBreaker
from services.evaluation.evals.progress import FIRST_PERCENT, ItemCounter
from services.evaluation.evals.rows.read_rows import StoredAnswers, open_rows
from services.evaluation.evals.run_items import ItemRunner
from services.evaluation.evals.sampling.ask import make_asker
from services.evaluation.evals.store_rows import store_rows
from services.evaluation.evals.sum_up import sum_up
from services.evaluation.grading import models
from shared.contracts.evals.runs import RunResult, RunSpec
from shared.workers.interrupt import run_interruptibly
from shared.workers.job_context import JobContext


class Api(models.Api, Protocol):
    """What the flow needs of Tandem's API."""

    async def copy_file(self, file_id: str, target: BinaryIO) -> None:
        """Replace the content of `target` by that of a file."""
        ...


@dataclass(frozen=True)
class EvalLimits:
    """How many items are in work at the same time, and how long calls are repeated. `embedding_model` compares by meaning (`cosine`)."""

    concurrency: int
    retry_seconds: float
    embedding_model: str


def run_eval(
    context: JobContext,
    opened_api: AbstractAsyncContextManager[Api],
    items: OutputItems,
    answers: StoredAnswers,
    limits: EvalLimits,
) -> dict[str, Any]:
    """Run one claimed run of an eval to its end and return the job's `result`.

    Raises:
        JobInterrupted: if the job was canceled, the worker is stopping, or another worker has claimed the job.
        TandemError: if the rows cannot be read, or if a model cannot be called.
    """

    async def run() -> RunResult:
        spec = RunSpec.model_validate(await asyncio.to_thread(items.read_spec))
        async with opened_api as api:
            return await evaluate(spec, context, api, items, answers, limits)

    return run_interruptibly(run(), context).model_dump(mode="json")


async def evaluate(
    spec: RunSpec, context: JobContext, api: Api, items: OutputItems, answers: StoredAnswers, limits: EvalLimits
) -> RunResult:
    """Store the rows, ask and grade, and sum up: the steps of the flow."""
    asker = make_asker(spec, api, limits.retry_seconds)
    total = _count_stored(context, items)
    if total is None:
        context.report_progress("reading rows", 0)
        async with open_rows(spec, api, answers, limits.retry_seconds) as rows:
            total = await asyncio.to_thread(store_rows, rows, items, are_answered=asker is None)
    pending = await asyncio.to_thread(items.list_pending)
    counter = ItemCounter(context, total, total - len(pending))
    counter.show()
    graders = models.make_grader_models(api, limits.retry_seconds, limits.embedding_model, limits.concurrency)
    runner = ItemRunner(items, asker, spec.criteria, graders, counter, ItemBreaker(), limits.concurrency)
    await runner.run(pending, has_finished=len(pending) < total)
    result = await asyncio.to_thread(lambda: sum_up(items.read_finished(), spec.criteria, asks_model=asker is not None))
    context.add_event(_describe(result))
    return result


def _count_stored(context: JobContext, items: OutputItems) -> int | None:
    """Return how many rows there are if a worker before has stored them all, as its progress shows: a file may be deleted by now."""
    position = items.find_position() if context.job.percent >= FIRST_PERCENT else None
    return position[0] if position else None


def _describe(result: RunResult) -> str:
    counts = result.result_counts
    items = "1 item" if counts.total == 1 else f"{counts.total} items"
    return f"Of {items}, {counts.passed} passed, {counts.failed} failed, and {counts.errored} could not be evaluated."
