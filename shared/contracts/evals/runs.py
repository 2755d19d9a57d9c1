"""A run of an eval: its request, its record, and what it found."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from shared.contracts.evals.data_sources import RunDataSource
from shared.contracts.evals.evals import EvalName
from shared.contracts.graders import Grader
from shared.contracts.wire import Metadata, Request

RunStatus = Literal["queued", "in_progress", "completed", "canceled", "failed"]


class RunCreate(Request):
    """Body of `POST /v1/evals/{eval_id}/runs`."""

    data_source: RunDataSource
    name: EvalName | None = None
    metadata: Metadata | None = None


class NamedCriterion(BaseModel):
    """A criterion with the id under which its results are listed."""

    id: str
    grader: Grader


class RunSpec(BaseModel):
    """The `spec` of a run in the database: the request, with what it needs of its eval. Times of stored sources are never after the run."""

    eval_id: str
    name: str
    metadata: dict[str, str] | None
    data_source: RunDataSource
    item_schema: dict[str, Any] | None = Field(description="The JSON Schema of an item; null if rows are stored answers.")
    config_metadata: dict[str, str] = Field({}, description="Entries that stored answers must have, from the eval's own data source.")
    criteria: list[NamedCriterion]
    report_secret: str = Field("", description="Signs the links to the report of this run.")
    is_imported: bool = Field(False, description="Whether it ran elsewhere. Its data source may be one that does not work here.")


class ResultCounts(BaseModel):
    """How many items passed all criteria, failed one, or could not be answered or graded."""

    total: int
    passed: int
    failed: int
    errored: int


class ModelUsage(BaseModel):
    """The calls and tokens of one model, in answers and grades."""

    model_name: str
    invocation_count: int
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int
    total_tokens: int


class CriterionResult(BaseModel):
    """How many items passed and failed a criterion. `errored`, an extension, counts those that it could not grade, which are in neither."""

    testing_criteria: str
    passed: int
    failed: int
    errored: int = 0


class PassRate(BaseModel):
    """Extension: the share of graded items that passed, with its 95% interval (Wilson's). Items that errored are left out."""

    rate: float
    low: float
    high: float
    items: int


class RunResult(BaseModel):
    """The `result` of a run in the database."""

    result_counts: ResultCounts
    per_model_usage: list[ModelUsage]
    per_testing_criteria_results: list[CriterionResult]
    pass_rate: PassRate | None = None


class RunError(BaseModel):
    """Why a run failed, or why an item could not be answered or graded."""

    code: str
    message: str


class Run(BaseModel):
    """A run, as the API shows it. `stage`, `percent` and `pass_rate` are extensions."""

    id: str
    object: Literal["eval.run"] = "eval.run"
    created_at: int
    eval_id: str
    name: str
    model: str | None
    status: RunStatus
    data_source: dict[str, Any]
    error: RunError | None
    metadata: dict[str, str] | None
    per_model_usage: list[ModelUsage] | None
    per_testing_criteria_results: list[CriterionResult] | None
    report_url: str
    result_counts: ResultCounts
    stage: str
    percent: float
    pass_rate: PassRate | None = None


class RunDeleteResponse(BaseModel):
    """The response to the DELETE of a run, which has `run_id` where others have `id`."""

    run_id: str
    object: Literal["eval.run.deleted"] = "eval.run.deleted"
    deleted: Literal[True] = True
