"""Prepares a comparison: its questions, the training examples, the clusters, which questions leaked, and how long things took."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from services.evaluation.inputs.fetch import (
    Api,
    TrainingFile,
    fetch_indexing_seconds,
    fetch_training_file,
    fetch_training_seconds,
)
from services.evaluation.questions.clusters import assign_clusters
from services.evaluation.questions.leaks import Leak, find_leaks_interruptibly
from services.evaluation.questions.template_copies import count_template_copies
from shared.contracts.comparison_results import LeakedQuestion
from shared.contracts.comparisons import Arm, ComparisonSpec
from shared.datasets import Example, Question, read_questions
from shared.errors import InvalidRequest
from shared.workers.retry import retry

NO_TRAINING_FILE = "The training file could not be read, so it is unknown whether the model was trained on some of the questions."


class StoredQuestions(Protocol):
    """The questions of the comparison in the database. They were stored when it was created, or when they were made from documents."""

    def read_questions(self) -> list[dict[str, Any]]:
        """Return the contents of the questions, by number; none if they are not stored yet."""
        ...

    def save_questions(self, contents: Sequence[dict[str, Any]]) -> None:
        """Store the questions of a comparison that has none yet."""
        ...


@dataclass(frozen=True)
class Inputs:
    """What a comparison rests on. `examples` is empty without a training file. `leaked` says which questions the training file has.

    `left_out` has the numbers of the questions that are not asked because they leaked. `indexing_seconds` are those of the price sheet;
    `indexing_by_store` has the seconds that were measured, by vector store. `data` has the SHA-256 of each input.
    """

    questions: Sequence[Question]
    clusters: Sequence[int]
    examples: Sequence[Example]
    leaked: Sequence[LeakedQuestion] = ()
    left_out: frozenset[int] = frozenset()
    template_copies: int = 0
    training_seconds: float | None = None
    indexing_seconds: float | None = None
    indexing_by_store: dict[str, float | None] = field(default_factory=dict)
    warnings: Sequence[str] = ()
    data: dict[str, str] = field(default_factory=dict)


async def prepare(spec: ComparisonSpec, api: Api, stored: StoredQuestions, retry_seconds: float) -> Inputs:
    """Return the inputs of a comparison.

    Raises:
        InvalidDataset: if a line of the questions file is wrong.
        InvalidRequest: if every question leaked.
    """
    questions = await _read_questions(spec, api, stored, retry_seconds)
    training = await fetch_training_file(api, spec.training_file, retry_seconds)
    lines, examples = (training.lines, training.examples) if training else ([], [])
    leaks = await find_leaks_interruptibly(questions, examples, lines)
    left_out = frozenset(leak.question for leak in leaks) if spec.leaked_questions == "leave_out" else frozenset()
    if len(left_out) == len(questions):
        message = "The training file has every question, or nearly the same one. Use questions that the model was not trained on."
        raise InvalidRequest(message, param="questions_file", code="leaked_questions")
    return Inputs(
        questions=questions,
        clusters=assign_clusters(questions),
        examples=examples,
        leaked=[_describe_leak(leak, questions, left_out) for leak in leaks],
        left_out=left_out,
        template_copies=count_template_copies(examples),
        training_seconds=await _find_training_seconds(spec, api, retry_seconds),
        indexing_seconds=spec.prices.indexing_seconds if spec.prices else None,
        indexing_by_store=await _find_indexing_seconds(spec, api, retry_seconds),
        warnings=[*spec.warnings, *([NO_TRAINING_FILE] if spec.training_file and training is None else [])],
        data=_hash_data(questions, spec.training_file, training),
    )


async def _find_training_seconds(spec: ComparisonSpec, api: Api, retry_seconds: float) -> float | None:
    """Return how long the training took, as the price sheet says or as was measured."""
    if spec.prices and spec.prices.training_seconds is not None:
        return spec.prices.training_seconds
    return await fetch_training_seconds(api, spec.model, retry_seconds)


async def _find_indexing_seconds(spec: ComparisonSpec, api: Api, retry_seconds: float) -> dict[str, float | None]:
    """Return how long indexing took, by vector store; nothing if the price sheet says it."""
    if spec.prices and spec.prices.indexing_seconds is not None:
        return {}
    return await fetch_indexing_seconds(api, _list_stores(spec), retry_seconds)


def _list_stores(spec: ComparisonSpec) -> list[str]:
    """Return the vector stores of the comparison and those of its own arms, each once."""
    own = [arm.retrieval for arm in spec.arms or [] if isinstance(arm, Arm) and arm.retrieval]
    return list(dict.fromkeys([*spec.vector_store_ids, *(id for retrieval in own for id in retrieval.vector_store_ids)]))


def _hash_data(questions: Sequence[Question], training_file: str | None, training: TrainingFile | None) -> dict[str, str]:
    """Return the SHA-256 of the questions, one JSON object per line, and of the training file, by its id."""
    lines = "".join(question.model_dump_json() + "\n" for question in questions)
    hashes = {"questions": hashlib.sha256(lines.encode()).hexdigest()}
    return {**hashes, training_file: training.sha256} if training and training_file else hashes


async def _read_questions(spec: ComparisonSpec, api: Api, stored: StoredQuestions, retry_seconds: float) -> list[Question]:
    contents = await asyncio.to_thread(stored.read_questions)
    if contents:
        return [Question.model_validate(content) for content in contents]
    file_id = spec.questions_file or ""
    content = await retry(lambda: api.read_file(file_id), retry_seconds)
    questions = list(read_questions([content]))
    await asyncio.to_thread(stored.save_questions, [question.model_dump(mode="json") for question in questions])
    return questions


def _describe_leak(leak: Leak, questions: Sequence[Question], left_out: frozenset[int]) -> LeakedQuestion:
    return LeakedQuestion(
        question=questions[leak.question].question,
        line=leak.line,
        similarity=leak.similarity,
        left_out=leak.question in left_out,
    )
