"""Datasets: examples that a model makes from the documents of vector stores, or that are made from stored answers: responses or chat
completions. The request, the resource, the result.
"""

from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, Field, field_validator, model_validator

from shared.contracts.chat import ABSTENTION
from shared.contracts.fine_tuning import JobError
from shared.contracts.wire import Id, Metadata, Request

Kind = Literal["fact", "number", "name", "list", "why", "yes_no"]
Difficulty = Literal["easy", "medium", "hard"]
Part = Literal["train", "validation", "questions"]
AnswerSource = Literal["responses", "chat_completions"]
Source = Literal["documents", "responses", "chat_completions"]
Handling = Literal["keep", "drop"]
DatasetStatus = Literal["queued", "running", "succeeded", "failed", "cancelled"]
PARTS: tuple[Part, ...] = ("train", "validation", "questions")
DEFAULT_KINDS: tuple[Kind, ...] = ("fact", "number", "name", "list", "why")
DIFFICULTIES: tuple[Difficulty, ...] = ("easy", "medium", "hard")
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Generator(Request):
    """The model that writes and checks the examples.

    Without `url`, it is a model that this API serves. `url` is the base URL of another OpenAI-compatible API, such as
    `https://models.example.com/v1`. The operator must have allowed it in `EVALUATION_EXTERNAL_GENERATORS`, which also has its key.
    """

    model: str = Field(min_length=1, max_length=256)
    url: str | None = Field(None, max_length=512, pattern=r"^https?://[^\s?#@]+$")


class Raft(Request):
    """Training examples with passages in the prompt (RAFT, Zhang et al. 2024, arXiv 2403.10131), in the form of the built-in template.

    `oracle_share` of the examples have the passage with the answer among `distractors` other passages from a search.
    `unanswerable_share` have only other passages, and `abstention` as their answer. `plain_share` have the question alone. The rest
    have only other passages but keep their answer, as in the paper.
    """

    oracle_share: Share = 0.8
    unanswerable_share: Share = 0.2
    plain_share: Share = 0.0
    distractors: int = Field(3, ge=1, le=10)
    abstention: str = Field(ABSTENTION, min_length=1, max_length=500)

    @model_validator(mode="after")
    def _check_shares(self) -> Self:
        total = self.oracle_share + self.unanswerable_share + self.plain_share
        if total > 1 + 1e-9:
            raise ValueError(f"'oracle_share', 'unanswerable_share' and 'plain_share' must add up to at most 1; got {total:.4g}.")
        return self


class Split(Request):
    """The share of the examples in each part. The shares add up to 1. A document is in one part only."""

    train: Share = 0.6
    validation: Share = 0.1
    questions: Share = 0.3

    @model_validator(mode="after")
    def _check_sum(self) -> Self:
        shares = (self.train, self.validation, self.questions)
        if abs(sum(shares) - 1) > 1e-6:
            added = " + ".join(f"{share:.4g}" for share in shares)
            raise ValueError(f"'train', 'validation' and 'questions' must add up to 1; got {added} = {sum(shares):.4g}.")
        return self


ANSWERS_SPLIT = Split(train=0.9, validation=0.1, questions=0)


class StoredAnswers(Request):
    """Which stored responses or chat completions become examples, the newest first, and which parts of their prompts are kept.

    An answer must have all entries of `metadata`. `created_after` and `created_before` are Unix times, both inclusive. `limit` is the
    highest number of examples in all parts together. `instructions` says what happens to the `instructions` and the system and developer
    messages, `passages` to what a search found. `tools` says whether answers to requests with functions become examples with `tools`.
    """

    metadata: Metadata = {}
    model: Id | None = None
    created_after: int | None = Field(None, ge=0, le=2**53)
    created_before: int | None = Field(None, ge=0, le=2**53)
    limit: int = Field(10_000, ge=10, le=100_000)
    instructions: Handling = "keep"
    passages: Handling = "keep"
    tools: Literal["keep", "skip"] = "keep"


class DatasetCreate(Request):
    """Body of `POST /v1/datasets`.

    With the source `documents`, `vector_store_ids` is required, and `generator` defaults to the base model. `examples` is how many examples
    are wanted in all parts together; the job ends earlier if every passage was tried. With the sources `responses` and `chat_completions`,
    these fields, `questions_per_passage`, `kinds` and `raft` cannot be sent, and `split` has no questions. `instructions` become the system
    message of every training example.
    """

    name: str | None = Field(None, max_length=256)
    source: Source = "documents"
    responses: StoredAnswers | None = Field(None, description="Only with the source `responses`. If null, all of the project's are used.")
    chat_completions: StoredAnswers | None = Field(
        None, description="Only with the source `chat_completions`. If null, all of the project's stored ones are used."
    )
    vector_store_ids: list[Id] | None = Field(None, min_length=1, max_length=8)
    generator: Generator | None = None
    examples: int = Field(200, ge=20, le=5000)
    questions_per_passage: int = Field(3, ge=1, le=10, description="How many questions are requested for a passage, at most.")
    kinds: list[Kind] = Field(
        list(DEFAULT_KINDS), min_length=1, max_length=64, description="The kinds of questions, in equal shares if possible."
    )
    split: Split = Split()
    raft: Raft | None = Field(None, description="Null: training examples are questions without passages.")
    instructions: str | None = Field(None, max_length=8000)
    seed: int = Field(0, ge=0, le=2**31 - 1)
    metadata: Metadata | None = None

    @model_validator(mode="before")
    @classmethod
    def _complete_split(cls, data: Any) -> Any:
        if not isinstance(data, dict) or data.get("source") not in get_args(AnswerSource) or not isinstance(data.get("split"), dict):
            return data
        sent = {name: share for name, share in data["split"].items() if share is not None}
        return {**data, "split": {**ANSWERS_SPLIT.model_dump(), **sent}}

    @field_validator("vector_store_ids", "kinds")
    @classmethod
    def _drop_repetitions(cls, value: list[Any] | None) -> list[Any] | None:
        return None if value is None else list(dict.fromkeys(value))


class DatasetSpec(DatasetCreate):
    """The `spec` of a dataset from documents in the database: the request, with the generator filled in."""

    vector_store_ids: list[Id]
    generator: Generator


class AnswersSpec(Request):
    """The `spec` of a dataset from stored answers in the database. Its answers are never newer than the job."""

    name: str | None = None
    source: AnswerSource = "responses"
    responses: StoredAnswers | None = None
    chat_completions: StoredAnswers | None = None
    instructions: str | None = None
    split: Split = ANSWERS_SPLIT
    seed: int = 0
    metadata: Metadata | None = None

    @property
    def chosen(self) -> StoredAnswers:
        """Which answers become examples."""
        return getattr(self, self.source) or StoredAnswers()

    @property
    def noun(self) -> str:
        """What the answers are called in messages, in the singular."""
        return "stored response" if self.source == "responses" else "stored chat completion"


class DatasetResult(BaseModel):
    """What a dataset contains: the ids of its files, and counts.

    A file is null if its share is 0. `examples`, `documents` and `conversations` count by part; `kinds` and `difficulties` count examples.
    `requested` is how many questions the generator was asked to write, or how many stored answers matched, and `filtered` how many of
    them were left out, by reason.
    """

    training_file: str | None
    validation_file: str | None
    questions_file: str | None
    examples: dict[str, int]
    documents: dict[str, int]
    conversations: dict[str, int] = {}
    kinds: dict[str, int]
    difficulties: dict[str, int]
    requested: int
    filtered: dict[str, int]
    prompt_tokens: int = 0
    completion_tokens: int = 0
    warnings: list[str] = []


class Dataset(BaseModel):
    """A dataset, as the API shows it. Fields that its source does not have are null."""

    id: str
    object: Literal["dataset"] = "dataset"
    created_at: int
    started_at: int | None
    finished_at: int | None
    name: str | None
    status: DatasetStatus
    stage: str
    percent: float
    source: Source = "documents"
    responses: StoredAnswers | None = None
    chat_completions: StoredAnswers | None = None
    vector_store_ids: list[str] | None = None
    generator: Generator | None = None
    examples: int | None = None
    questions_per_passage: int | None = None
    kinds: list[Kind] | None = None
    split: Split
    raft: Raft | None = None
    instructions: str | None
    seed: int
    result: DatasetResult | None
    error: JobError | None
    metadata: dict[str, Any] | None


class DatasetEvent(BaseModel):
    """Something that happened to a dataset's job."""

    id: str
    object: Literal["dataset.event"] = "dataset.event"
    created_at: int
    level: Literal["info", "warn", "error"]
    message: str
    type: Literal["message", "metrics"] = "message"
    data: dict[str, Any] | None = None
