"""Responses: an answer as a list of items, stored so that a later response can continue from it.

Items have OpenAI's shapes. `services.generation.responses.items` rejects those that are not supported.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from services.generation.contracts.chat.schema_limits import check_schemas
from services.generation.contracts.grounding import GroundingSummary
from services.generation.contracts.responses.options import OpenAIRequest, Reasoning, Retention, StreamOptions, TextConfig
from services.generation.contracts.responses.tools import (
    FILE_SEARCH,
    FileSearchTool,
    FunctionTool,
    Tool,
    ToolChoice,
    ToolMode,
    chosen_keys,
    tool_key,
    tool_mode,
)
from shared.contracts.chat import Seed
from shared.contracts.paging import PageQuery
from shared.contracts.wire import Id, JsonObject, Metadata, Request, Text

Include = Literal["file_search_call.results", "message.output_text.logprobs", "reasoning.encrypted_content", "trace"]
Input = str | Annotated[list[JsonObject], Field(fail_fast=True)]
MAX_INCLUDED = 16
ItemInclude = Literal[Include, "message.input_image.image_url"]
Status = Literal["completed", "failed", "in_progress", "cancelled", "queued", "incomplete"]


class Included(Request):
    """What a response shows besides its answer."""

    include: list[Include] = Field([], max_length=MAX_INCLUDED)


class InputItemsQuery(PageQuery):
    """The query of the input items of a response. OpenAI's clients write lists with brackets; `include` without them works too."""

    include: list[ItemInclude] = Field([], description="Has no effect: items are always complete.")

    @model_validator(mode="before")
    @classmethod
    def _read_brackets(cls, query: dict[str, Any]) -> dict[str, Any]:
        named = {"include" if name == "include[]" else name: value for name, value in query.items()}
        values = named.get("include", [])
        return {**named, "include": values if isinstance(values, list) else [values]}


class Conversation(OpenAIRequest):
    """The fields of a request that decide the model's prompt."""

    instructions: str | None = None
    previous_response_id: Id | None = None
    text: TextConfig = TextConfig()
    tools: list[Tool] = Field([], max_length=128)
    tool_choice: ToolChoice = "auto"
    parallel_tool_calls: bool = True
    truncation: Literal["auto", "disabled"] = "disabled"

    @field_validator("tools")
    @classmethod
    def _check_tools(cls, tools: list[Tool]) -> list[Tool]:
        if len([tool for tool in tools if tool.type == FILE_SEARCH]) > 1:
            raise ValueError("'tools' has more than one 'file_search'. List every vector store in the 'vector_store_ids' of one.")
        if {("function", FILE_SEARCH), (FILE_SEARCH, None)} <= {tool_key(tool) for tool in tools}:
            raise ValueError("'tools' has a function named 'file_search' and the tool 'file_search'. Give the function another name.")
        return tools

    @field_validator("tool_choice")
    @classmethod
    def _check_choice(cls, choice: ToolChoice, info: ValidationInfo) -> ToolChoice:
        # Tools that are not valid are an error of their own.
        if (tools := info.data.get("tools")) is None:
            return choice
        keys = {tool_key(tool) for tool in tools}
        for key in chosen_keys(choice):
            if key not in keys:
                raise ValueError(f"'tool_choice' names a tool that is not in 'tools': {' '.join(filter(None, key))}.")
        if tool_mode(choice) == "required" and not tools:
            raise ValueError("'tool_choice' is 'required', but 'tools' is empty.")
        return choice

    @model_validator(mode="after")
    def _check_sizes(self) -> Self:
        constrained = [each for each in self.functions if each.strict or self.mode == "required"] if self.mode != "none" else []
        check_schemas([(("text", "format", "schema"), self.text.format.schema_)])
        check_schemas((("tools", number, "parameters"), each.parameters) for number, each in enumerate(self.tools) if each in constrained)
        return self

    @property
    def mode(self) -> ToolMode:
        """Whether the model may use a tool, must, or must not."""
        return tool_mode(self.tool_choice)

    @property
    def search(self) -> FileSearchTool | None:
        """The file search tool, if there is one and `tool_choice` allows it."""
        if self.mode == "none":
            return None
        return next((tool for tool in self._allowed_tools() if isinstance(tool, FileSearchTool)), None)

    @property
    def search_path(self) -> str:
        """The path of the file search tool in the request, such as `tools[0]`."""
        return f"tools[{self.tools.index(self.search)}]" if self.search else "tools"

    @property
    def functions(self) -> list[FunctionTool]:
        """The functions that `tool_choice` allows. With `none` these are all functions: the model sees them but may not call them."""
        return [tool for tool in self._allowed_tools() if isinstance(tool, FunctionTool)]

    @property
    def is_search_forced(self) -> bool:
        """Whether the vector stores are searched without asking the model."""
        return self.search is not None and self.mode == "required" and not self.functions

    def _allowed_tools(self) -> list[Tool]:
        chosen = chosen_keys(self.tool_choice)
        return [tool for tool in self.tools if not chosen or tool_key(tool) in chosen]


class InputTokenCount(Conversation):
    """Body of `POST /v1/responses/input_tokens`. Passages that a search would find are not counted. `reasoning` has no effect."""

    model: Id | None = None
    input: Input | None = None
    reasoning: Reasoning | None = None


class InputTokens(BaseModel):
    """The number of tokens in the prompt."""

    object: Literal["response.input_tokens"] = "response.input_tokens"
    input_tokens: int


class ResponseCreate(Conversation):
    """Body of `POST /v1/responses`.

    `user`, `safety_identifier`, `prompt_cache_key`, `prompt_cache_retention` and `service_tier` are accepted for compatibility and
    returned; they have no effect.
    `seed` is an extension: as far as it can, the engine gives the same answer to the same request with the same seed.
    """

    model: Id = Field(min_length=1)
    input: Input
    store: bool = True
    stream: bool = False
    stream_options: StreamOptions | None = None
    background: bool = False
    metadata: Metadata = {}
    include: list[Include] = Field([], max_length=MAX_INCLUDED)
    max_output_tokens: int | None = Field(None, ge=1)
    max_tool_calls: int | None = Field(None, ge=1)
    temperature: float = Field(1.0, ge=0, le=2)
    top_p: float = Field(1.0, gt=0, le=1)
    presence_penalty: float = Field(0.0, ge=-2, le=2)
    frequency_penalty: float = Field(0.0, ge=-2, le=2)
    top_logprobs: int = Field(0, ge=0, le=20)
    reasoning: Reasoning | None = None
    seed: Seed | None = None
    user: Text | None = None
    safety_identifier: Text | None = None
    prompt_cache_key: Text | None = None
    prompt_cache_retention: Retention | None = None
    service_tier: Literal["auto", "default"] = "default"

    @field_validator("background")
    @classmethod
    def _check_background(cls, background: bool, info: ValidationInfo) -> bool:
        if background and info.data.get("store") is False:
            raise ValueError("'background' requires 'store' to be true: a background response is stored until you fetch it.")
        return background


class InputTokensDetails(BaseModel):
    """Tokens that the engine took from its cache."""

    cached_tokens: int = 0
    cache_write_tokens: int = 0


class OutputTokensDetails(BaseModel):
    """Tokens that are not part of the answer's text."""

    reasoning_tokens: int = 0


class Usage(BaseModel):
    """The tokens of one response."""

    input_tokens: int
    input_tokens_details: InputTokensDetails = InputTokensDetails()
    output_tokens: int
    output_tokens_details: OutputTokensDetails = OutputTokensDetails()
    total_tokens: int


class ResponseError(BaseModel):
    """Why a response failed."""

    code: str
    message: str


class Response(BaseModel):
    """A response, with the options of its request. Extensions: `seed`; `grounding` says how an answer from documents was made."""

    id: str
    object: Literal["response"] = "response"
    created_at: int
    completed_at: int | None = None
    status: Status
    error: ResponseError | None = None
    incomplete_details: dict[str, str] | None = None
    instructions: str | None = None
    max_output_tokens: int | None = None
    max_tool_calls: int | None = None
    model: str
    output: list[dict[str, Any]] = []
    parallel_tool_calls: bool = True
    previous_response_id: str | None = None
    background: bool = False
    store: bool = True
    temperature: float = 1.0
    top_p: float = 1.0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    top_logprobs: int = 0
    reasoning: Reasoning | None = None
    seed: int | None = None
    text: TextConfig = TextConfig()
    tool_choice: ToolChoice = "auto"
    tools: list[Tool] = []
    truncation: Literal["auto", "disabled"] = "disabled"
    usage: Usage | None = None
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    prompt_cache_retention: Retention | None = None
    service_tier: str = "default"
    grounding: GroundingSummary | None = None
    metadata: Metadata = {}


class ResponseEvent(BaseModel):
    """An event of a stream, in the shape of its `type`. Events are numbered from 0; `delta` is the next piece of the answer's text."""

    model_config = ConfigDict(extra="allow")

    type: str
    sequence_number: int
    delta: str | None = None
