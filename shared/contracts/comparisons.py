"""Comparisons: the request, and the resource. What a comparison finds is in `comparison_results`."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from shared.contracts.comparison_results import ComparisonResult, JudgeFigures
from shared.contracts.datasets import Generator
from shared.contracts.fine_tuning import JobError
from shared.contracts.graders import Grader, Template
from shared.contracts.search import SearchMode
from shared.contracts.wire import Id, Metadata, Request

StandardArm = Literal["base", "prompted", "rag", "fine_tuned", "both"]
ComparisonStatus = Literal["queued", "running", "succeeded", "failed", "cancelled"]
STANDARD_ARMS: tuple[StandardArm, ...] = ("base", "prompted", "rag", "fine_tuned", "both")
BUILT_IN_GRADERS = ("exact_match", "f1")
MAX_GRADERS = 8


class ComparisonRetrieval(Request):
    """How the arms with documents retrieve. The fields are those of `retrieval` in a chat."""

    max_num_results: int = Field(3, ge=1, le=50)
    score_threshold: float = Field(0.0, ge=0, le=1)
    search_mode: SearchMode = "hybrid"
    max_context_tokens: int = Field(768, ge=32)


class ArmRetrieval(ComparisonRetrieval):
    """How an arm of your own retrieves. Without `vector_store_ids`, it uses those of the comparison."""

    vector_store_ids: list[Id] = Field([], max_length=8)
    prompt_template: str | None = Field(None, min_length=1, max_length=8000)


class Sampling(Request):
    """How an arm of your own samples its answers."""

    temperature: float = Field(0.0, ge=0, le=2)
    top_p: float = Field(1.0, gt=0, le=1)
    max_tokens: int | None = Field(None, ge=1, le=4096, description="Default: that of the comparison.")


class Arm(Request):
    """An arm of your own: a model, with or without documents, examples and instructions."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")
    model: Id | None = Field(None, description="A base model or a fine-tuned model. Default: the base model of the comparison.")
    retrieval: ArmRetrieval | None = Field(None, description="Null: the arm answers without documents.")
    instructions: str | None = Field(None, max_length=8000, description="Default: those of the comparison.")
    examples: int = Field(0, ge=0, le=32, description="How many examples of the training file are shown to the model.")
    sampling: Sampling = Sampling()


class Prices(Request):
    """A price sheet, in any currency. Tokens are priced per million, machines per hour of work.

    If `engine_hour` is given, an answer costs the seconds that the engine worked on it, instead of its tokens. What training and indexing
    cost is spread over `expected_questions`. How long they took is measured, unless you send the seconds.
    """

    prompt: float = Field(1.0, ge=0)
    completion: float = Field(1.0, ge=0)
    engine_hour: float | None = Field(None, ge=0)
    training_hour: float = Field(0.0, ge=0)
    indexing_hour: float = Field(0.0, ge=0)
    training_seconds: float | None = Field(None, ge=0, description="Default: what the fine-tuning job of `model` took.")
    indexing_seconds: float | None = Field(
        None, ge=0, description="Default: what indexing the files of the vector stores took, or nothing if that was not measured."
    )
    expected_questions: int = Field(100_000, ge=1)


class EvalQuestions(Request):
    """An eval whose criteria become graders, and how the rows of `questions_file` become questions.

    `question` is a template, such as `{{item.ticket}}`. `answers` is another, of the accepted answer or a list of them. By default, it is
    `{{item.answers}}` for the rows that have this field. Rows without accepted answers need a grader that uses none, such as a judge.
    """

    id: Id
    question: Template = "{{item.question}}"
    answers: Template | None = None


class ComparisonCreate(Request):
    """Body of `POST /v1/comparisons`.

    `questions_file` is JSONL or CSV (see the documentation). `model` is a fine-tuned model, or a base model for a comparison without
    fine-tuning. `arms` defaults to all standard arms that the inputs allow. If you send `documents` instead of questions, a model and
    vector stores, these are made from the documents first. They are ordinary resources, and they remain. With `documents`, a base model
    in `model` is the one that is fine-tuned; by default, that is the first of `GET /v1/models`. The response names it in `base_model`.
    """

    name: str | None = Field(None, max_length=256)
    questions_file: Id | None = None
    eval: EvalQuestions | None = Field(None, description="An eval: its criteria become graders. `questions_file` has rows of its data.")
    model: Id | None = None
    vector_store_ids: list[Id] = Field([], max_length=8)
    documents: list[Id] = Field([], max_length=1000, fail_fast=True, description="Ids of files with documents.")
    generator: Generator | None = Field(None, description="The model that writes questions about `documents`. Default: the base model.")
    training_file: Id | None = Field(None, description="Default: the training file of the fine-tuned model.")
    instructions: str | None = Field(None, max_length=8000, description="The system message of every arm.")
    arms: list[StandardArm | Arm] | None = Field(None, min_length=2, max_length=12)
    graders: list[Grader] = Field([], max_length=MAX_GRADERS, description="Graders in OpenAI's shapes, and ours. Each needs a `name`.")
    grader: Id = Field("f1", description="The name of the grader that decides: `f1`, `exact_match`, or one of `graders`.")
    margin: float | None = Field(None, gt=0, description="The smallest difference that matters. Default: 5% of the grader's range.")
    max_tokens: int = Field(64, ge=1, le=4096, description="The maximum length of an answer, in tokens.")
    retrieval: ComparisonRetrieval = ComparisonRetrieval()
    prices: Prices | None = Field(None, description="The price sheet. Without it, the cost is the number of tokens.")
    leaked_questions: Literal["leave_out", "keep"] = Field("leave_out", description="What to do with questions that the training file has.")
    seed: int = Field(0, ge=0, le=2**31 - 1)
    seeds: Annotated[int, Field(ge=1, le=5)] = Field(
        1, description="How many adapters to compare, each trained with another seed. The verdict is about the first."
    )
    extends: Id | None = Field(None, description="A comparison to continue with more questions.")
    metadata: Metadata | None = None


class ComparisonSpec(ComparisonCreate):
    """The `spec` of a comparison in the database: the request, with everything filled in that it left open.

    `look` counts from 1 and grows with every comparison that extends another; `family` is the id of the first of them.
    `reuses` names an earlier comparison with the same questions but other arms, graders or margin; it is found by `questions_sha256`.
    `warnings` tell readers of the verdict what to keep in mind, such as a training file that was deleted. `dataset_id` and
    `fine_tuning_jobs` were made for this comparison. `judges` are None until the graders that are models have been measured.
    """

    base_model: str
    look: int = Field(1, ge=1)
    family: str | None = None
    reuses: str | None = None
    questions_sha256: str | None = None
    dataset_id: str | None = None
    fine_tuning_jobs: list[str] = []
    warnings: list[str] = []
    judges: list[JudgeFigures] | None = None
    judge_weaknesses: list[str] = []


class Comparison(BaseModel):
    """A comparison, as the API shows it.

    `look` is the number of the verdict: 1, or one more for each comparison that this one extends. `reuses` names an earlier comparison
    with the same questions. `dataset_id` and `fine_tuning_jobs` were made for this comparison, if it was created from `documents`.
    """

    id: str
    object: Literal["comparison"] = "comparison"
    created_at: int
    started_at: int | None
    finished_at: int | None
    name: str | None
    status: ComparisonStatus
    stage: str
    percent: float
    questions_file: str | None
    eval: EvalQuestions | None = None
    model: str | None
    base_model: str
    vector_store_ids: list[str]
    training_file: str | None
    instructions: str | None
    arms: list[str]
    grader: str
    margin: float | None
    look: int
    extends: str | None
    reuses: str | None
    dataset_id: str | None = None
    fine_tuning_jobs: list[str] = []
    result: ComparisonResult | None
    error: JobError | None
    metadata: dict[str, Any] | None


class ComparisonEvent(BaseModel):
    """Something that happened to a comparison."""

    id: str
    object: Literal["comparison.event"] = "comparison.event"
    created_at: int
    level: Literal["info", "warn", "error"]
    message: str
    type: Literal["message", "metrics"] = "message"
    data: dict[str, Any] | None = None
