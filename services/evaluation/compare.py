"""Flow 4: the same questions to every arm, and what the answers show.

    make what is missing ──▶ prepare ──▶ collect the answers ──▶ grade ──▶ assess ──▶ publish the report

Everything that was answered or graded is stored as soon as it is there, so a comparison whose worker died continues where it
stopped. Knows no HTTP and no SQL.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any, Protocol

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.arms.build import Arm, build_arms
from services.evaluation.asking.call_arm import ChatModels
from services.evaluation.asking.collect_answers import Answers, Collected, collect_answers
from services.evaluation.asking.phases import REPEAT, CallLimits
from services.evaluation.grading.grade_answers import Grading, grade_answers, list_graders
from services.evaluation.grading.measure_judges import measure_judges
from services.evaluation.grading.models import make_grader_models
from services.evaluation.inputs import fetch
from services.evaluation.inputs.announce import announce_power, list_kept
from services.evaluation.inputs.prepare import Inputs, StoredQuestions, prepare
from services.evaluation.inputs.versions import list_versions
from services.evaluation.report.publish import Files, publish
from services.evaluation.resources.api import Maker, RunJob
from services.evaluation.resources.prepare_resources import prepare_resources
from services.evaluation.verdict.assess import assess
from services.evaluation.verdict.evidence import Evidence
from services.evaluation.verdict.format import pluralize
from shared.contracts.comparison_results import ComparisonResult
from shared.contracts.comparisons import ComparisonSpec
from shared.records.evaluation.answers import MAIN
from shared.records.jobs import Job
from shared.workers.interrupt import run_interruptibly
from shared.workers.job_context import JobContext

GRADING_PERCENT, ASSESSING_PERCENT, REPORT_PERCENT = 91.0, 96.0, 98.0


class Api(ChatModels, Files, fetch.Api, Protocol):
    """What the flow needs of Tandem's API."""


class Store(Answers, StoredQuestions, Protocol):
    """What the database keeps of a comparison: its questions and its answers."""


@dataclass(frozen=True)
class Conditions:
    """What the operator has set. `run_dataset` runs a dataset that a comparison needs, in this process.

    `embedding_model` is the model of graders that compare by meaning.
    """

    limits: CallLimits
    run_dataset: RunJob
    embedding_model: str


def run_comparison(
    job: Job, context: JobContext, opened_api: AbstractAsyncContextManager[Api], store: Store, conditions: Conditions
) -> dict[str, Any]:
    """Run one claimed comparison to its end and return the job's `result`.

    Raises:
        JobInterrupted: if the job was canceled, the worker is stopping, or another worker has claimed the job.
        TandemError: if the questions cannot be read, or if an arm cannot be called.
    """

    async def run() -> ComparisonResult:
        async with opened_api as api:
            return await compare(job, context, api, store, conditions)

    return run_interruptibly(run(), context).model_dump(mode="json")


async def compare(job: Job, context: JobContext, api: Api, store: Store, conditions: Conditions) -> ComparisonResult:
    """Make what is missing, prepare, collect answers, grade, assess and report: the steps of the flow."""
    context.report_progress("preparing", 0)
    limits = conditions.limits
    maker = Maker(api, context, conditions.run_dataset, limits.retry_seconds)
    prepared = await prepare_resources(ComparisonSpec.model_validate(job.spec), maker)
    spec = prepared.spec
    inputs = await prepare(spec, api, store, limits.retry_seconds)
    arms = build_arms(spec, inputs.examples)
    _announce(spec, inputs, arms, context)
    collected = await collect_answers(
        inputs.questions, arms, spec, api, store, context, limits, left_out=inputs.left_out, other_models=prepared.seed_models
    )
    models = make_grader_models(api, limits.retry_seconds, conditions.embedding_model, limits.concurrency)
    grading = Grading(list_graders(spec.graders), spec.grader, models)
    spec = await _measure_judges(spec, inputs, grading, limits, context)
    graded = await _grade(collected, inputs, grading, store, context)
    context.report_progress("computing the verdict", ASSESSING_PERCENT)
    evidence = _gather_evidence(job, spec, inputs, arms, graded, limits)
    findings = await asyncio.to_thread(assess, evidence)
    context.report_progress("writing the report", REPORT_PERCENT)
    result = await publish(evidence, findings, api, limits.retry_seconds)
    context.add_event(findings.verdict.text)
    return result


def _announce(spec: ComparisonSpec, inputs: Inputs, arms: Sequence[Arm], context: JobContext) -> None:
    """Say what is left out, and what the rest can show."""
    if inputs.leaked:
        leaked = len(inputs.leaked)
        found = f"{pluralize(leaked, 'question')} leaked into the training file and {'is' if leaked == 1 else 'are'}"
        context.add_event(f"{found} {'left out' if inputs.left_out else 'kept, as requested'}.", level="warn")
    for warning in inputs.warnings:
        if warning not in spec.warnings:  # those were said when the comparison was created
            context.add_event(warning, level="warn")
    announce_power(spec, list_kept(inputs.clusters, inputs.left_out), len(arms), context)


async def _measure_judges(
    spec: ComparisonSpec, inputs: Inputs, grading: Grading, limits: CallLimits, context: JobContext
) -> ComparisonSpec:
    """Return the spec with the figures of the judges, which are measured once and stored, as answers are."""
    if spec.judges is not None:
        return spec
    context.report_progress("measuring the judges", GRADING_PERCENT)
    judges, weaknesses = await measure_judges(spec.graders, inputs.questions, grading.models, limits.concurrency)
    measured = spec.model_copy(update={"judges": judges, "judge_weaknesses": weaknesses})
    context.save_spec(measured.model_dump(mode="json"))
    return measured


async def _grade(collected: Collected, inputs: Inputs, grading: Grading, store: Store, context: JobContext) -> Collected:
    """Return the collected answers with their scores. Answers asked one at a time are for their latency only, and need none."""

    async def grade(answers: Sequence[ArmAnswer], phase: str) -> list[ArmAnswer]:
        return await grade_answers(inputs.questions, answers, grading, store, phase, _show_grading(context))

    return replace(
        collected,
        answers=await grade(collected.answers, MAIN),
        repeated=await grade(collected.repeated, REPEAT),
        other_seeds={model: await grade(answers, model) for model, answers in collected.other_seeds.items()},
    )


def _show_grading(context: JobContext) -> Callable[[int, int], None]:
    def show(done: int, total: int) -> None:
        percent = GRADING_PERCENT + done / total * (ASSESSING_PERCENT - GRADING_PERCENT)
        context.report_progress(f"grading {done}/{total}", percent)

    return show


def _gather_evidence(
    job: Job,
    spec: ComparisonSpec,
    inputs: Inputs,
    arms: Sequence[Arm],
    graded: Collected,
    limits: CallLimits,
) -> Evidence:
    return Evidence(
        job_id=job.id,
        created_at=job.created_at,
        spec=spec,
        arms=arms,
        questions=inputs.questions,
        clusters=inputs.clusters,
        answers=graded.answers,
        single=graded.single,
        repeated=graded.repeated,
        other_seeds=dict(graded.other_seeds),
        leaked=inputs.leaked,
        template_copies=inputs.template_copies,
        judges=spec.judges or (),
        warnings=[*inputs.warnings, *spec.judge_weaknesses],
        training_seconds=inputs.training_seconds,
        indexing_seconds=inputs.indexing_seconds,
        indexing_by_store=inputs.indexing_by_store,
        concurrency=limits.concurrency,
        versions=list_versions(),
        data=inputs.data,
    )
