"""Where the rows of an eval's run come from, and how a model is asked about each of them."""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, model_validator

from shared.contracts.chat import ReasoningEffort, Seed
from shared.contracts.graders import MAX_MESSAGES, MAX_TEMPLATE_CHARACTERS, GraderMessage
from shared.contracts.wire import Id, JsonObject, Metadata, Request, Text

MAX_ROWS = 10_000  # in the body of a request; a file may have more
MAX_TOOLS = 128
Time = Annotated[int, Field(ge=0, le=2**53)]


class CustomConfig(Request):
    """Rows that you send or upload, each an `item` that is valid under `item_schema`.

    Set `include_sample_schema` if the criteria grade answers. A model gives them in a run, or the rows bring them.
    """

    type: Literal["custom"]
    item_schema: JsonObject
    include_sample_schema: bool = False


class LogsConfig(Request):
    """Rows from stored responses and chat completions that have all entries of `metadata`."""

    type: Literal["logs"]
    metadata: Metadata | None = None


class StoredCompletionsConfig(Request):
    """The older name of `logs`."""

    type: Literal["stored_completions"]
    metadata: Metadata | None = None


DataSourceConfig = Annotated[CustomConfig | LogsConfig | StoredCompletionsConfig, Field(discriminator="type")]


class Row(Request):
    """A row of data. `sample` is the answer to grade, if no model is asked: a chat completion, a response, or the fields of one."""

    item: JsonObject
    sample: JsonObject | None = None

    @model_validator(mode="before")
    @classmethod
    def _find_item(cls, data: Any) -> Any:
        if isinstance(data, dict) and "item" not in data and data.keys() - {"sample"}:
            raise ValueError("must have its fields in 'item': {\"item\": {…}}")
        return data


class FileContentSource(Request):
    """Rows in the request itself."""

    type: Literal["file_content"]
    content: list[Row] = Field(min_length=1, max_length=MAX_ROWS, fail_fast=True)


class FileId(Request):
    """A JSONL file with the purpose `evals`, whose lines are rows: `{"item": {…}, "sample": {…}}`."""

    type: Literal["file_id"]
    id: Id


class StoredCompletions(Request):
    """Stored chat completions, the newest first. Both times are inclusive."""

    type: Literal["stored_completions"]
    metadata: Metadata | None = None
    model: Id | None = None
    created_after: Time | None = None
    created_before: Time | None = None
    limit: int | None = Field(None, ge=1, le=100_000)


class Responses(Request):
    """Stored responses, the newest first. Both times are inclusive; a response must meet all conditions that are given."""

    type: Literal["responses"]
    metadata: Metadata | None = None
    model: Id | None = None
    created_after: Time | None = None
    created_before: Time | None = None
    instructions_search: Text | None = Field(None, description="Text that the instructions contain. Case does not matter.")
    reasoning_effort: ReasoningEffort | None = None
    temperature: float | None = None
    top_p: float | None = None
    tools: Annotated[list[Text], Field(max_length=MAX_TOOLS)] | None = Field(
        None, description="Names of tools that the request of the response must all have offered."
    )
    users: Annotated[list[Text], Field(max_length=MAX_TOOLS)] | None = None
    limit: int | None = Field(None, ge=1, le=100_000, description="Extension: the highest number of responses.")


class EvalMessage(GraderMessage):
    """A message to the model that is evaluated. Texts may have templates such as `{{item.question}}`."""

    phase: Text | None = Field(None, description="Accepted and ignored.")


class MessagesTemplate(Request):
    """The same messages for each row, with the fields of the row filled in."""

    type: Literal["template"]
    template: list[EvalMessage] = Field(min_length=1, max_length=MAX_MESSAGES, fail_fast=True)


class ItemReference(Request):
    """A field of each row that holds the messages, such as `item.input_trajectory`."""

    type: Literal["item_reference"]
    item_reference: str = Field(min_length=1, max_length=MAX_TEMPLATE_CHARACTERS)


InputMessages = Annotated[MessagesTemplate | ItemReference, Field(discriminator="type")]
Tools: TypeAlias = Annotated[list[JsonObject], Field(max_length=MAX_TOOLS)]


class ResponseText(Request):
    """The format of the output of a response."""

    format: JsonObject | None = None


class Sampling(Request):
    """How answers are sampled. `max_completions_tokens` is another spelling of `max_completion_tokens`."""

    max_completion_tokens: int | None = Field(None, ge=1)
    max_completions_tokens: int | None = Field(None, ge=1)
    reasoning_effort: ReasoningEffort | None = None
    seed: Seed | None = None
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, gt=0, le=1)
    tools: Tools | None = None

    @property
    def max_tokens(self) -> int | None:
        """The highest number of tokens of an answer, in either spelling."""
        return self.max_completion_tokens or self.max_completions_tokens


class CompletionsSampling(Sampling):
    """How chat completions are sampled."""

    response_format: JsonObject | None = None


class ResponsesSampling(Sampling):
    """How responses are sampled. With the tool `file_search`, the run evaluates retrieval and the model together."""

    text: ResponseText | None = None


class JsonlRun(Request):
    """Rows that are graded as they are."""

    type: Literal["jsonl"]
    source: Annotated[FileContentSource | FileId, Field(discriminator="type")]


class CompletionsRun(Request):
    """A chat completion for each row. Without `model` and `input_messages`, stored completions are graded as they are."""

    type: Literal["completions"]
    source: Annotated[FileContentSource | FileId | StoredCompletions, Field(discriminator="type")]
    input_messages: InputMessages | None = None
    model: Id | None = None
    sampling_params: CompletionsSampling | None = None
    retrieval: JsonObject | None = Field(None, description="Extension: answers from documents, as in a chat completion.")


class ResponsesRun(Request):
    """A response for each row. Without `model` and `input_messages`, stored responses are graded as they are."""

    type: Literal["responses"]
    source: Annotated[FileContentSource | FileId | Responses, Field(discriminator="type")]
    input_messages: InputMessages | None = None
    model: Id | None = None
    sampling_params: ResponsesSampling | None = None


RunDataSource = Annotated[JsonlRun | CompletionsRun | ResponsesRun, Field(discriminator="type")]
