"""The flow of a dataset from stored answers: from the database to files with examples.

    read the answers, newest first ──▶ make or leave out each example ──▶ split by conversation ──▶ write the files

The examples are collected in a file without a name. If a worker dies, the next one begins again, reads the same answers, and finds the
files that were stored already. Knows no HTTP and no SQL.
"""

from contextlib import AbstractAsyncContextManager
from tempfile import TemporaryFile
from typing import Any

from services.evaluation.datasets.distillation.collect_examples import Answers, Harvest, collect_examples
from services.evaluation.datasets.distillation.faults import check_enough
from services.evaluation.datasets.distillation.splitting.split_conversations import Division, split_conversations
from services.evaluation.datasets.distillation.splitting.write_parts import Files, count_parts, write_parts
from shared.contracts.datasets import AnswersSpec, DatasetResult, Part
from shared.records.jobs import Job
from shared.workers.interrupt import run_interruptibly
from shared.workers.job_context import JobContext

SPLITTING_PERCENT, WRITING_PERCENT = 86.0, 88.0


def run_distillation(
    job: Job, context: JobContext, opened_api: AbstractAsyncContextManager[Files], answers: Answers, retry_seconds: float
) -> dict[str, Any]:
    """Run the flow on a job to its end; return its DatasetResult.

    Raises:
        JobInterrupted: if the job must end.
        TandemError: if too few answers can be used, or the files cannot be stored.
    """
    spec = AnswersSpec.model_validate(job.spec)
    parts: list[Part] = ["train", "validation"] if spec.split.validation else ["train"]
    with TemporaryFile() as file:
        context.report_progress(f"reading {spec.noun}s", 0)
        harvest = collect_examples(answers, spec, file, context)
        context.report_progress("splitting", SPLITTING_PERCENT)
        division = split_conversations(harvest.conversations.group(), spec.split.validation, spec.seed)
        examples = count_parts(division.is_validation, parts)
        check_enough(examples["train"], harvest.requested, harvest.left_out, spec)
        context.report_progress("writing files", WRITING_PERCENT)

        async def write() -> dict[Part, str]:
            async with opened_api as api:
                return dict(await write_parts(job.id, file, division.is_validation, api, retry_seconds, f"{spec.source}.limit"))

        files = run_interruptibly(write(), context)
    made = f"Made {sum(examples.values())} examples from {harvest.requested} {spec.noun}s."
    context.add_event(made, data={"examples": examples, "left_out": {**harvest.left_out}})
    return _make_result(files, examples, harvest, division, spec).model_dump(mode="json")


def _make_result(
    files: dict[Part, str], examples: dict[str, int], harvest: Harvest, division: Division, spec: AnswersSpec
) -> DatasetResult:
    return DatasetResult(
        training_file=files.get("train"),
        validation_file=files.get("validation"),
        questions_file=None,
        examples=examples,
        documents={},
        conversations=division.conversations,
        kinds={},
        difficulties={},
        requested=harvest.requested,
        filtered=dict(harvest.left_out.most_common()),
        warnings=_warn(files, harvest, spec),
    )


def _warn(files: dict[Part, str], harvest: Harvest, spec: AnswersSpec) -> list[str]:
    warnings = []
    if len(harvest.conversations) == spec.chosen.limit:
        reached = f"'{spec.source}.limit' ({spec.chosen.limit}) was reached, so older ones may not have been used."
        warnings.append(f"{reached} Send a higher limit to use them.")
    if spec.split.validation and "validation" not in files:
        warnings.append("All examples are from one conversation, so there is no validation file.")
    if harvest.truncated:
        examples = "1 example has" if harvest.truncated == 1 else f"{harvest.truncated} examples have"
        cause = "because the request had 'truncation': 'auto'"
        warnings.append(f"{examples} earlier turns that the model may not have seen, {cause}.")
    return warnings
