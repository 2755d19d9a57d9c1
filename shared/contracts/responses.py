"""Responses: an answer as a list of items, with what was searched for it, kept for the next turn.

Items go in and out as OpenAI has them; those that are not known here are refused by `services.generation.items`.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from shared.contracts.chat import Basis, GroundingOptions
from shared.contracts.filters import BoundedFilter
from shared.contracts.search import RankingOptions
from shared.contracts.wire import Metadata, Request

Include = Literal["file_search_call.results", "message.output_text.logprobs", "reasoning.encrypted_content", "trace"]
Status = Literal["completed", "failed", "in_progress", "cancelled", "queued", "incomplete"]
ToolMode = Literal["none", "auto", "required"]


class FileSearchTool(GroundingOptions):
    """Answer from these vector stores. What is not OpenAI's is as in the `retrieval` field of chat."""

    type: Literal["file_search"]
    vector_store_ids: list[str] = Field(min_length=1, max_length=8)
    filters: BoundedFilter | None = None
    max_num_results: int = Field(5, ge=1, le=50)
    ranking_options: RankingOptions = RankingOptions()


class FunctionTool(Request):
    """A function that the model may ask the client to call."""

    type: Literal["function"]
    name: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


Tool = Annotated[FileSearchTool | FunctionTool, Field(discriminator="type")]


class FunctionChoice(Request):
    """The model must call this function."""

    type: Literal["function"]
    name: str


class SearchChoice(Request):
    """The stores must be searched."""

    type: Literal["file_search"]


class TextFormat(Request):
    """Any text, any JSON object, or JSON of a schema."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, serialize_by_alias=True)

    type: Literal["text", "json_object", "json_schema"] = "text"
    name: str | None = None
    description: str | None = None
    schema_: dict[str, Any] | None = Field(None, alias="schema")
    strict: bool | None = None

    @model_validator(mode="after")
    def _has_schema(self) -> "TextFormat":
        if self.type == "json_schema" and (self.schema_ is None or not self.name):
            raise ValueError("a format of type 'json_schema' needs 'name' and 'schema'")
        return self


class TextConfig(Request):
    """What form the answer's text has."""

    format: TextFormat = TextFormat()


class StreamOptions(Request):
    """`include_obfuscation` is taken and has no effect: streams do not leave this machine's network in the clear by themselves."""

    include_obfuscation: bool = False


class ResponseCreate(Request):
    """Body of `POST /v1/responses`.

    `user`, `safety_identifier`, `prompt_cache_key` and `service_tier` are taken for compatibility and shown again; they change nothing.
    """

    model: str = Field(min_length=1)
    input: str | list[dict[str, Any]]
    instructions: str | None = None
    previous_response_id: str | None = None
    store: bool = True
    stream: bool = False
    stream_options: StreamOptions | None = None
    background: Literal[False] | None = None
    metadata: Metadata | None = None
    text: TextConfig = TextConfig()
    tools: list[Tool] = Field([], max_length=128)
    tool_choice: ToolMode | FunctionChoice | SearchChoice = "auto"
    parallel_tool_calls: bool = True
    include: list[Include] = []
    max_output_tokens: int | None = Field(None, ge=1)
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, ge=0, le=1)
    top_logprobs: int | None = Field(None, ge=0, le=20)
    truncation: Literal["disabled"] | None = None
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    service_tier: Literal["auto", "default"] | None = None

    @field_validator("include", "tools", mode="before")
    @classmethod
    def _none_is_none(cls, value: Any) -> Any:
        return [] if value is None else value

    @field_validator("store", "stream", "parallel_tool_calls", mode="before")
    @classmethod
    def _null_is_default(cls, value: Any, info: Any) -> Any:
        return cls.model_fields[info.field_name].default if value is None else value

    @model_validator(mode="after")
    def _one_search(self) -> "ResponseCreate":
        if len([tool for tool in self.tools if tool.type == "file_search"]) > 1:
            raise ValueError("'tools' has more than one 'file_search'; name all stores in one")
        return self

    @property
    def search(self) -> FileSearchTool | None:
        """The search tool, where there is one and it is not switched off by `tool_choice`."""
        if self.tool_choice == "none" or isinstance(self.tool_choice, FunctionChoice):
            return None
        return next((tool for tool in self.tools if isinstance(tool, FileSearchTool)), None)

    @property
    def functions(self) -> list[FunctionTool]:
        """The functions the model may ask for."""
        return [tool for tool in self.tools if isinstance(tool, FunctionTool)]


class InputTokensDetails(BaseModel):
    """Tokens that were not computed anew."""

    cached_tokens: int = 0
    cache_write_tokens: int = 0


class OutputTokensDetails(BaseModel):
    """Tokens that are not in the answer's text."""

    reasoning_tokens: int = 0


class Usage(BaseModel):
    """Tokens of one response."""

    input_tokens: int
    input_tokens_details: InputTokensDetails = InputTokensDetails()
    output_tokens: int
    output_tokens_details: OutputTokensDetails = OutputTokensDetails()
    total_tokens: int


class Failure(BaseModel):
    """Why a response failed."""

    code: str
    message: str


class Response(BaseModel):
    """A response. What was asked for stands in it again. Extension: `grounding` tells how an answer from documents was made."""

    id: str
    object: Literal["response"] = "response"
    created_at: int
    completed_at: int | None = None
    status: Status
    error: Failure | None = None
    incomplete_details: dict[str, str] | None = None
    instructions: str | None = None
    max_output_tokens: int | None = None
    model: str
    output: list[dict[str, Any]] = []
    parallel_tool_calls: bool = True
    previous_response_id: str | None = None
    background: bool = False
    store: bool = True
    temperature: float | None = None
    top_p: float | None = None
    top_logprobs: int | None = None
    text: TextConfig = TextConfig()
    tool_choice: ToolMode | FunctionChoice | SearchChoice = "auto"
    tools: list[Tool] = []
    truncation: Literal["disabled"] = "disabled"
    usage: Usage | None = None
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    service_tier: str | None = None
    grounding: Basis | None = None
    metadata: Metadata | None = None
