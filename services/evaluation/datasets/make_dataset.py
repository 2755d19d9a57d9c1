"""The flow of a dataset: from vector stores to files with examples and questions.

    read the documents ──▶ group and split them ──▶ list the questions to request ──▶ propose, filter and check each ──▶ write the files

Every reply of the generator is stored as soon as it arrives, so a dataset whose worker died continues where it stopped. Knows no HTTP
and no SQL.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import SecretStr

from services.evaluation.datasets.explain_shortage import check_enough, warn_of_low_yield
from services.evaluation.datasets.raft import add_passages
from services.evaluation.datasets.sources.documents import Document, Reading, read_documents
from services.evaluation.datasets.sources.near_duplicates import group_documents
from services.evaluation.datasets.sources.split import list_requests, split_documents
from services.evaluation.datasets.synthesis.collect_items import Collection, collect_items, start_tally
from services.evaluation.datasets.synthesis.filters import KeptQuestions
from services.evaluation.datasets.synthesis.generator import open_generator
from services.evaluation.datasets.synthesis.make_question import Item, Items, QuestionMaker
from services.evaluation.datasets.write_files import difficulty_of, write_examples, write_grounded_examples, write_questions
from shared.contracts.datasets import DatasetResult, DatasetSpec, Part
from shared.errors import InvalidRequest
from shared.graders.outcome import ChatModels
from shared.records.jobs import Job
from shared.workers.interrupt import run_interruptibly
from shared.workers.job_context import JobContext
from shared.workers.retry import retry

TRAINING_PURPOSE, QUESTIONS_PURPOSE = "fine-tune", "evals"
SPARE = 4  # passages that are read for each example


class Api(ChatModels, Protocol):
    """What the flow needs of Tandem's API."""

    async def call(self, method: str, path: str, *, body: Any = None, params: Mapping[str, Any] | None = None) -> Any:
        """Send a request with JSON, and return the JSON of the response."""
        ...

    async def upload_file(self, filename: str, content: bytes, purpose: str) -> str:
        """Store a file and return its id, or the id of a file that has the same name, purpose and content."""
        ...


@dataclass(frozen=True)
class DatasetLimits:
    """How many questions are in work at the same time, how long calls are repeated and may take, and the URLs that may be called."""

    concurrency: int
    retry_seconds: float
    call_seconds: float
    external_generators: Mapping[str, SecretStr]


def run_dataset(
    job: Job, context: JobContext, opened_api: AbstractAsyncContextManager[Api], items: Items, limits: DatasetLimits
) -> dict[str, Any]:
    """Run the flow on a job to its end; return its DatasetResult.

    Raises:
        JobInterrupted: if the job must end. Replies that have arrived stay stored.
        TandemError: if the documents cannot be read, the generator cannot be used, or too few questions are good enough.
    """

    async def run() -> DatasetResult:
        spec = DatasetSpec.model_validate(job.spec)
        async with opened_api as api, open_generator(spec.generator, api, limits.external_generators, limits.call_seconds) as models:
            return await make_dataset(job.id, spec, context, api, models, items, limits)

    return run_interruptibly(run(), context).model_dump(mode="json")


async def make_dataset(
    job_id: str, spec: DatasetSpec, context: JobContext, api: Api, models: ChatModels, items: Items, limits: DatasetLimits
) -> DatasetResult:
    """Read, split, ask and write: the steps of the flow."""
    context.report_progress("reading documents", 0)
    reading = await read_documents(api, spec.vector_store_ids, SPARE * spec.examples, limits.retry_seconds)
    _check_documents(reading)
    groups = group_documents(reading.documents)
    parts = split_documents(groups, spec.split, spec.seed)
    requests = list_requests(parts, spec)
    kept = KeptQuestions()
    tally = start_tally(requests, _count_targets(spec, parts), items.read(), kept)
    maker = QuestionMaker(models, spec, items, kept, limits.retry_seconds)
    collection = await collect_items(requests, tally, maker, items, context, limits.concurrency)
    check_enough(collection, spec)
    context.report_progress("writing files", 95)
    files = await _write_files(job_id, spec, api, collection, parts, groups, limits)
    result = _make_result(files, collection, parts, reading, groups)
    return result.model_copy(update={"warnings": [*warn_of_low_yield(collection, spec), *result.warnings]})


def _check_documents(reading: Reading) -> None:
    if not reading.documents:
        problems = "".join(f" {problem}" for problem in reading.problems[:3])
        problem = f"The vector stores have no indexed document with a passage of at least 80 characters.{problems}"
        raise InvalidRequest(problem, param="vector_store_ids", code="no_documents")


def _count_targets(spec: DatasetSpec, parts: Mapping[Part, Sequence[Document]]) -> dict[Part, int]:
    return {part: max(1, round(getattr(spec.split, part) * spec.examples)) for part in parts}


async def _write_files(
    job_id: str,
    spec: DatasetSpec,
    api: Api,
    collection: Collection,
    parts: Mapping[Part, Sequence[Document]],
    groups: Sequence[Sequence[Document]],
    limits: DatasetLimits,
) -> dict[Part, str]:
    """Upload the file of each part; return their ids."""
    clusters = {document.file_id: group[0].file_id for group in groups for document in group}
    files: dict[Part, str] = {}
    for part, chosen in collection.items.items():
        if not chosen:
            continue
        content = (
            write_questions(chosen, clusters)
            if part == "questions"
            else await _write_training(chosen, spec, api, {document.file_id for document in parts[part]}, limits)
        )
        name, purpose = f"{job_id}-{part}.jsonl", QUESTIONS_PURPOSE if part == "questions" else TRAINING_PURPOSE
        files[part] = await retry(lambda args=(name, content, purpose): api.upload_file(*args), limits.retry_seconds)  # type: ignore[misc]
    return files


async def _write_training(items: Sequence[Item], spec: DatasetSpec, api: Api, files: set[str], limits: DatasetLimits) -> bytes:
    if spec.raft is None:
        return write_examples(items, spec.instructions)
    grounded = await add_passages(items, files, spec.raft, api, spec.vector_store_ids, spec.seed, limits.retry_seconds)
    return write_grounded_examples(grounded, spec.instructions)


def _make_result(
    files: Mapping[Part, str],
    collection: Collection,
    parts: Mapping[Part, Sequence[Document]],
    reading: Reading,
    groups: Sequence[Sequence[Document]],
) -> DatasetResult:
    items = [item for chosen in collection.items.values() for item in chosen]
    alike = sum(len(group) for group in groups if len(group) > 1)
    warnings = [*reading.problems]
    if alike:
        warnings.append(f"{alike} documents are nearly the same as another one, so they are in the same part.")
    if "validation" in parts and "validation" not in files:
        warnings.append("No question about the documents of the validation part was good enough, so there is no validation file.")
    return DatasetResult(
        training_file=files.get("train"),
        validation_file=files.get("validation"),
        questions_file=files.get("questions"),
        examples={part: len(chosen) for part, chosen in collection.items.items()},
        documents={part: len(documents) for part, documents in parts.items()},
        kinds=dict(Counter(item.kind for item in items)),
        difficulties=dict(Counter(difficulty_of(item) for item in items)),
        requested=collection.requested,
        filtered=collection.filtered,
        prompt_tokens=collection.prompt_tokens,
        completion_tokens=collection.completion_tokens,
        warnings=warnings,
    )
