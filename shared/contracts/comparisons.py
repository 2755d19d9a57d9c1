"""Comparisons: the same questions answered by several arms, and the verdict."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from shared.contracts.fine_tuning import JobError
from shared.contracts.search import SearchMode
from shared.contracts.wire import Metadata, Request

ArmName = Literal["base", "rag", "fine_tuned", "both"]
Grader = Literal["exact_match", "f1"]
ComparisonStatus = Literal["queued", "running", "succeeded", "failed", "cancelled"]
ARMS: tuple[ArmName, ...] = ("base", "rag", "fine_tuned", "both")


class ComparisonRetrieval(Request):
    """How the arms with documents retrieve. The fields are those of `retrieval` in a chat."""

    max_num_results: int = Field(3, ge=1, le=50)
    score_threshold: float = Field(0.0, ge=0, le=1)
    search_mode: SearchMode = "hybrid"
    max_context_tokens: int = Field(768, ge=32)


class Prices(Request):
    """The price of a million tokens, in any currency."""

    prompt: float = Field(1.0, ge=0)
    completion: float = Field(1.0, ge=0)


class ComparisonCreate(Request):
    """Body of `POST /v1/comparisons`.

    `questions_file` is JSONL of `{"question": str, "answers": [str, …]}`. `model` is a fine-tuned model, or a base model for a comparison
    of `base` and `rag` only. `arms` defaults to all arms that the inputs allow.
    """

    name: str | None = Field(None, max_length=256)
    questions_file: str
    model: str
    vector_store_ids: list[str] = Field([], max_length=8)
    arms: list[ArmName] | None = Field(None, min_length=2)
    grader: Grader = Field("f1", description="The grader that decides the verdict. The report has both.")
    max_tokens: int = Field(64, ge=1, le=4096, description="The maximum length of an answer, in tokens.")
    retrieval: ComparisonRetrieval = ComparisonRetrieval()
    prices: Prices | None = Field(None, description="The prices of tokens. Without them, the cost is the number of tokens.")
    seed: int = Field(0, ge=0, le=2**31 - 1)
    metadata: Metadata | None = None


class ArmSummary(BaseModel):
    """One arm over all questions. Latencies are in seconds, measured by the worker over the whole call.

    `cost` is the average of a question: an amount of money if the request had `prices`, otherwise the number of tokens.
    """

    arm: ArmName
    model: str
    scores: dict[Grader, float]
    intervals: dict[Grader, tuple[float, float]]
    latency_p50: float
    latency_p95: float
    prompt_tokens: float
    completion_tokens: float
    cost: float


class Difference(BaseModel):
    """The mean paired difference `better - worse` in the deciding grader, with its 95% bootstrap interval.

    `shown` is true if the interval lies above 0 and there are enough questions to trust it.
    """

    better: ArmName
    worse: ArmName
    mean: float
    low: float
    high: float
    shown: bool


class Verdict(BaseModel):
    """The recommendation. `recommended` is the cheapest arm not shown to be worse than the best; null if no difference is shown."""

    outcome: Literal["recommendation", "no_difference_shown"]
    recommended: ArmName | None
    best: ArmName
    text: str


class ComparisonResult(BaseModel):
    """The `result` of a succeeded comparison in the database. `report_json` and `report_html` are ids of files."""

    questions: int
    arms: list[ArmSummary]
    differences: list[Difference]
    verdict: Verdict
    resamples: int
    seed: int
    concurrency: int
    report_json: str
    report_html: str


class ComparisonSpec(ComparisonCreate):
    """The `spec` of a comparison in the database: the request, with its arms and base model resolved."""

    base_model: str


class Comparison(BaseModel):
    """A comparison; `report_json` and `report_html` are ids of files."""

    id: str
    object: Literal["comparison"] = "comparison"
    created_at: int
    started_at: int | None
    finished_at: int | None
    name: str | None
    status: ComparisonStatus
    stage: str
    percent: float
    questions_file: str
    model: str
    base_model: str
    vector_store_ids: list[str]
    arms: list[ArmName]
    grader: Grader
    result: ComparisonResult | None
    error: JobError | None
    metadata: dict[str, Any] | None
