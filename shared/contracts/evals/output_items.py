"""The output items of a run: a row, the answer to it, and the grades of the answer."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.evals.runs import RunError

ItemStatus = Literal["pass", "fail", "error"]


class SampleUsage(BaseModel):
    """The tokens of an answer."""

    total_tokens: int
    completion_tokens: int
    prompt_tokens: int
    cached_tokens: int


class SampleMessage(BaseModel):
    """A message to the model, or its answer. Tool calls of the answer are an extra field, as in a chat completion."""

    model_config = ConfigDict(extra="allow")

    role: str
    content: str | None


class ItemSample(BaseModel):
    """What the model was asked and what it answered. `retrieved`, an extension, has the passages that a search found."""

    input: list[SampleMessage]
    output: list[SampleMessage]
    finish_reason: str | None
    model: str
    usage: SampleUsage | None
    error: RunError | None
    temperature: float | None
    max_completion_tokens: int | None
    top_p: float | None
    seed: int | None
    retrieved: list[dict[str, Any]] | None = None


class ItemResult(BaseModel):
    """The grade by one criterion. `name` is the criterion's id. `sample` has the call of a model that graded, or the error."""

    model_config = ConfigDict(extra="allow")

    name: str
    type: str
    score: float | None
    passed: bool
    sample: dict[str, Any] | None = None
    error: RunError | None = Field(None, description="Extension: why the answer could not be graded by this criterion.")


class OutputItem(BaseModel):
    """An output item, as the API shows it."""

    id: str
    object: Literal["eval.run.output_item"] = "eval.run.output_item"
    created_at: int
    run_id: str
    eval_id: str
    status: ItemStatus
    datasource_item_id: int
    datasource_item: dict[str, Any]
    results: list[ItemResult]
    sample: ItemSample | None
