"""An eval as OpenAI's API returns it, with its runs and their output items, to be imported."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from shared.contracts.evals.evals import Eval, EvalName
from shared.contracts.evals.runs import CriterionResult, ModelUsage, ResultCounts, RunError
from shared.contracts.graders import MAX_GRADERS
from shared.contracts.wire import Id, JsonObject, Metadata, Request, Text

MAX_RUNS, MAX_ITEMS = 100, 1000  # of one request, whose JSON may have 60,000 keys
MAX_MODELS, MAX_MESSAGE = 64, 100_000
EndStatus = Literal["completed", "canceled", "failed"]
UnixTime = Annotated[int, Field(ge=0, lt=2**31)]  # in a column of 32 bits


class Imported(BaseModel):
    """An object that another API made: fields that are not known here are ignored."""

    model_config = ConfigDict(extra="ignore", strict=True, allow_inf_nan=False)


class ImportedEval(Imported):
    """An eval, as `evals.retrieve` returns it."""

    id: Id
    name: EvalName
    created_at: UnixTime
    data_source_config: JsonObject
    testing_criteria: Annotated[list[JsonObject], Field(min_length=1, max_length=MAX_GRADERS)]
    metadata: Metadata | None = None


class ImportedUsage(ModelUsage):
    """The calls and tokens of one model."""

    model_name: Id


class ImportedCriterionResult(CriterionResult):
    """The items that passed and failed a criterion."""

    testing_criteria: Text


class ImportedError(RunError):
    """Why a run failed."""

    code: Text
    message: Annotated[str, Field(max_length=MAX_MESSAGE)]


class ImportedRun(Imported):
    """A run that has ended, as `evals.runs.retrieve` returns it."""

    id: Id
    name: EvalName
    created_at: UnixTime
    status: EndStatus
    data_source: JsonObject
    result_counts: ResultCounts
    per_model_usage: Annotated[list[ImportedUsage], Field(max_length=MAX_MODELS)] | None = None
    per_testing_criteria_results: Annotated[list[ImportedCriterionResult], Field(max_length=MAX_GRADERS)] | None = None
    error: ImportedError | None = None
    metadata: Metadata | None = None

    @field_validator("data_source")
    @classmethod
    def _check_source(cls, value: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(value.get("type"), str) or not isinstance(value.get("model"), str | None):
            raise ValueError("must have a 'type' and, if a model was asked, a 'model'; both are strings")
        return value


class ImportedItem(Imported):
    """An output item, as `evals.runs.output_items.list` returns it."""

    id: Id
    run_id: Id
    created_at: UnixTime
    status: Literal["pass", "fail", "error"]
    datasource_item_id: int = Field(ge=0, lt=2**31)
    datasource_item: JsonObject
    results: list[JsonObject] = Field(max_length=MAX_GRADERS)
    sample: JsonObject | None = None


class EvalImport(Request):
    """Body of `POST /v1/evals/import`: objects as OpenAI's API returns them.

    `models` names models here that replace those in the criteria: `{"gpt-4o": "smollm2-135m-instruct"}`. If one request
    cannot have all of it, send more with `eval_id`, the id that the eval got here, instead of `eval`. A `run_id` may then be the id that a
    run got here.
    """

    eval: ImportedEval | None = None
    eval_id: Id | None = None
    runs: list[ImportedRun] = Field([], max_length=MAX_RUNS, fail_fast=True)
    output_items: list[ImportedItem] = Field([], max_length=MAX_ITEMS, fail_fast=True)
    models: Annotated[dict[Id, Id], Field(max_length=MAX_GRADERS)] = {}

    @model_validator(mode="after")
    def _check_eval(self) -> "EvalImport":
        if (self.eval is None) == (self.eval_id is None):
            raise ValueError("Send either 'eval' or 'eval_id'.")
        return self


class RunImport(BaseModel):
    """A run that was imported or got output items: its id, the id that the request has for it, and how many items came with it."""

    id: str
    imported_id: str
    output_items: int


class SkippedField(BaseModel):
    """What was not imported, and why."""

    param: str
    reason: str


class EvalImportResult(BaseModel):
    """What was imported. All ids are new, except for those of the criteria, which the results name."""

    object: Literal["eval.import"] = "eval.import"
    eval: Eval
    runs: list[RunImport]
    skipped: list[SkippedField]
