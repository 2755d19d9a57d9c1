"""A configuration of Promptfoo, as JSON, to be imported as an eval. Promptfoo's reference has the meaning of its fields."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.evals.data_sources import MAX_ROWS, MAX_TOOLS, Row
from shared.contracts.evals.evals import Eval
from shared.contracts.evals.imports import SkippedField
from shared.contracts.graders import MAX_GRADERS, MAX_TEMPLATE_CHARACTERS
from shared.contracts.wire import Id, JsonObject, Request, Text

MAX_SIDES = 64
PromptText = Annotated[str, Field(max_length=MAX_TEMPLATE_CHARACTERS)]


class PromptfooObject(BaseModel):
    """An object of a configuration: fields that are not known here are kept, so that they can be named in the answer."""

    model_config = ConfigDict(extra="allow", strict=True, allow_inf_nan=False)


class PromptfooPrompt(PromptfooObject):
    """A prompt with a label."""

    raw: PromptText
    label: Text | None = None
    id: Id | None = None


class PromptfooSampling(PromptfooObject):
    """How a model is sampled."""

    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, gt=0, le=1)
    max_tokens: int | None = Field(None, ge=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    max_output_tokens: int | None = Field(None, ge=1)
    seed: int | None = None
    response_format: JsonObject | None = None
    tools: Annotated[list[JsonObject], Field(max_length=MAX_TOOLS)] | None = None


class PromptfooProvider(PromptfooObject):
    """A model, such as `openai:gpt-4o`, and how it is sampled."""

    id: Id
    label: Text | None = None
    config: PromptfooSampling | None = None


class PromptfooAssertion(PromptfooObject):
    """What an output must be like."""

    type: Text
    value: Any = None
    threshold: float | None = None
    provider: Id | PromptfooProvider | None = None
    metric: Text | None = None
    weight: float | None = None


class PromptfooOptions(PromptfooObject):
    """How the outputs of a test are graded. `provider` is the model that grades."""

    provider: Id | PromptfooProvider | None = None
    disable_var_expansion: bool | None = Field(None, alias="disableVarExpansion")


class PromptfooTest(PromptfooObject):
    """A test: the values of the variables in the prompts, and what the output must be like."""

    vars: JsonObject | None = None
    asserts: Annotated[list[PromptfooAssertion], Field(max_length=MAX_GRADERS)] | None = Field(None, alias="assert")
    options: PromptfooOptions | None = None
    description: str | None = None
    metadata: JsonObject | None = None


class PromptfooConfig(PromptfooObject):
    """A configuration with everything in it: files that it names are not read."""

    description: str | None = None
    prompts: Annotated[list[PromptText | PromptfooPrompt], Field(min_length=1, max_length=MAX_SIDES)]
    providers: Annotated[list[Id | PromptfooProvider], Field(min_length=1, max_length=MAX_SIDES)]
    tests: Annotated[list[PromptfooTest], Field(min_length=1, max_length=MAX_ROWS, fail_fast=True)]
    default_test: PromptfooTest | None = Field(None, alias="defaultTest")


class PromptfooImport(Request):
    """Body of `POST /v1/evals/import/promptfoo`.

    `models` names models here that replace those of the configuration: `{"gpt-4o": "smollm2-135m-instruct"}`.
    """

    config: PromptfooConfig
    models: Annotated[dict[Id, Id], Field(max_length=MAX_SIDES)] = {}


class PromptfooRun(BaseModel):
    """A run to start: one prompt and one model. `data_source` lacks its `source`, the rows."""

    name: str
    data_source: dict[str, Any]


class PromptfooImportResult(BaseModel):
    """The eval, the rows of its data, the runs to start with them, and what has no counterpart here."""

    object: Literal["eval.import"] = "eval.import"
    eval: Eval
    rows: list[Row]
    runs: list[PromptfooRun]
    skipped: list[SkippedField]
