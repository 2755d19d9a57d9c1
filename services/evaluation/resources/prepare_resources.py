"""Makes what a comparison of documents lacks: a vector store, a dataset, an adapter. Each is an ordinary resource that remains.

    index the documents ──▶ make the dataset ──▶ train the adapter ──▶ train it with other seeds

The spec in the database has the id of each as soon as it is made, so a comparison whose worker died continues where it stopped.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from services.evaluation.resources.adapters import cancel_jobs, train_adapter, train_seeds
from services.evaluation.resources.api import POLL_SECONDS, Maker
from shared.contracts.comparisons import ComparisonSpec
from shared.errors import InvalidRequest, TandemError
from shared.workers.job_context import JobInterrupted

STORES, DATASETS = "/v1/vector_stores", "/v1/datasets"
ADAPTER_ARMS, EXAMPLE_ARMS = ("fine_tuned", "both"), ("prompted",)
# The adapter serves an arm with documents and one without, so it learns both forms; and to say that the documents have no answer.
RAFT = {"oracle_share": 0.5, "unanswerable_share": 0.1, "plain_share": 0.4}
MIN_CLUSTERS = 10
WANTED_DOCUMENTS = 12  # with questions: a few more than the 10 without which there is no verdict
ONLY_QUESTIONS = {"train": 0.0, "validation": 0.0, "questions": 1.0}
ONLY_TRAINING = {"train": 0.9, "validation": 0.1, "questions": 0.0}
OWN_DATASET = "Or write the questions yourself, and send 'questions_file', 'model' and 'vector_store_ids' instead of 'documents'."


@dataclass(frozen=True)
class PreparedSpec:
    """A spec that has everything, and the names of the adapters that were trained with other seeds."""

    spec: ComparisonSpec
    seed_models: list[str]


async def prepare_resources(spec: ComparisonSpec, maker: Maker) -> PreparedSpec:
    """Make what the spec lacks and return it complete; a spec without `documents` and with one seed is complete already.

    Raises:
        TandemError: if a resource cannot be made; the message names it and its reason.
    """
    try:
        if spec.documents:
            spec = await _prepare_documents(spec, maker)
        spec, seed_models = await train_seeds(spec, maker)
        return PreparedSpec(spec, seed_models)
    except (asyncio.CancelledError, JobInterrupted):
        if maker.context.interrupt_reason == "cancelled":
            await cancel_jobs(ComparisonSpec.model_validate(maker.context.job.spec), maker)
        raise


async def _prepare_documents(spec: ComparisonSpec, maker: Maker) -> ComparisonSpec:
    steps: list[tuple[bool, Callable[[ComparisonSpec, Maker], Awaitable[ComparisonSpec]]]] = [
        (not spec.vector_store_ids, _index),
        (_needs_questions(spec) or _needs_examples(spec), _make_dataset),
        (spec.model is None and _uses_adapter(spec), _train),
    ]
    for is_needed, step in steps:
        if is_needed:
            spec = await step(spec, maker)
            _save(spec, maker)
    return spec if spec.model else spec.model_copy(update={"model": spec.base_model})


def _needs_questions(spec: ComparisonSpec) -> bool:
    return spec.questions_file is None


def _needs_examples(spec: ComparisonSpec) -> bool:
    if spec.training_file is not None:
        return False
    own = [arm for arm in spec.arms or () if not isinstance(arm, str)]
    return (spec.model is None and _uses_adapter(spec)) or _has_arm(spec, EXAMPLE_ARMS) or any(arm.examples for arm in own)


def _uses_adapter(spec: ComparisonSpec) -> bool:
    return _has_arm(spec, ADAPTER_ARMS)


def _has_arm(spec: ComparisonSpec, names: tuple[str, ...]) -> bool:
    return any(isinstance(arm, str) and arm in names for arm in spec.arms or ())


async def _index(spec: ComparisonSpec, maker: Maker) -> ComparisonSpec:
    """Return the spec with a vector store of its documents, all of which are indexed or have failed."""
    store = await maker.find_or_create(STORES, {"name": _name(spec, maker), "file_ids": spec.documents}, "documents")
    while (counts := (await maker.get(f"{STORES}/{store['id']}"))["file_counts"])["in_progress"]:
        maker.context.report_progress(f"indexing documents: {counts['completed']} of {counts['total']}", 0)
        await maker.sleep(POLL_SECONDS)
    if not counts["completed"]:
        problem = f"None of the {counts['total']} 'documents' could be indexed. The files of the vector store '{store['id']}' say why."
        raise InvalidRequest(problem, param="documents", code="no_documents")
    if counts["failed"]:
        maker.context.add_event(f"{counts['failed']} of {counts['total']} documents could not be indexed.", level="warn")
    return spec.model_copy(update={"vector_store_ids": [store["id"]]})


async def _make_dataset(spec: ComparisonSpec, maker: Maker) -> ComparisonSpec:
    """Return the spec with the questions and the training file of a dataset, as far as it lacks them."""
    if spec.dataset_id is None:
        dataset = await maker.find_or_create(DATASETS, _describe_dataset(spec, maker), "dataset")
        spec = spec.model_copy(update={"dataset_id": dataset["id"]})
        _save(spec, maker)
    try:
        ended = await maker.wait(f"{DATASETS}/{spec.dataset_id}", "making the dataset", maker.run_dataset)
    except TandemError as error:
        if error.code != "too_few_examples":
            raise
        raise TandemError(f"{error.message} {OWN_DATASET}", code=error.code) from error
    result = ended["result"]
    if result["documents"].get("questions", MIN_CLUSTERS) < MIN_CLUSTERS:
        few = (
            f"The questions are about {result['documents']['questions']} documents. A verdict needs at least {MIN_CLUSTERS}: add documents."
        )
        maker.context.add_event(few, level="warn")
    made = {"questions_file": result["questions_file"], "training_file": result["training_file"]}
    missing = {name: value for name, value in made.items() if value and getattr(spec, name) is None}
    return spec.model_copy(update={**missing, "warnings": list(dict.fromkeys([*spec.warnings, *result.get("warnings", [])]))})


def _describe_dataset(spec: ComparisonSpec, maker: Maker) -> dict[str, object]:
    body: dict[str, object] = {
        "name": _name(spec, maker),
        "vector_store_ids": spec.vector_store_ids,
        "raft": {**RAFT, "distractors": max(1, min(10, spec.retrieval.max_num_results - 1))},
        "instructions": spec.instructions,
        "seed": spec.seed,
    }
    if spec.generator:
        body["generator"] = spec.generator.model_dump()
    return {**body, "split": _choose_split(spec)}


def _choose_split(spec: ComparisonSpec) -> dict[str, float]:
    """Return the shares of the parts. With few documents, more of them are for questions, because a verdict needs 10 documents there."""
    if not _needs_examples(spec):
        return ONLY_QUESTIONS
    if not _needs_questions(spec):
        return ONLY_TRAINING
    questions = min(0.6, max(0.3, round(WANTED_DOCUMENTS / len(spec.documents), 2)))
    return {"train": round(0.9 - questions, 2), "validation": 0.1, "questions": questions}


async def _train(spec: ComparisonSpec, maker: Maker) -> ComparisonSpec:
    validation_file = None
    if spec.dataset_id:
        validation_file = (await maker.get(f"{DATASETS}/{spec.dataset_id}"))["result"]["validation_file"]
    return await train_adapter(spec, validation_file, maker)


def _name(spec: ComparisonSpec, maker: Maker) -> str:
    return f"{spec.name or 'Comparison'} ({maker.context.job.id})"[:256]


def _save(spec: ComparisonSpec, maker: Maker) -> None:
    maker.context.save_spec(spec.model_dump(mode="json"))
