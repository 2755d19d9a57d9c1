"""Responses: an answer as a list of items, with what was searched for it, kept for the next turn.

Items go in and out as OpenAI has them; those that are not known here are refused by `services.generation.responses.items`.
"""

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from shared.contracts.chat import Basis, GroundingOptions
from shared.contracts.filters import BoundedFilter
from shared.contracts.search import RankingOptions
from shared.contracts.wire import Metadata, Request

SEARCH = "file_search"

Include = Literal["file_search_call.results", "message.output_text.logprobs", "reasoning.encrypted_content", "trace"]
ItemInclude = Include | Literal["message.input_image.image_url"]
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


class AllowedTool(Request):
    """One of the tools, by its type and, where it is a function, its name."""

    type: Literal["function", "file_search"]
    name: str | None = None


class AllowedTools(Request):
    """Only these of the tools may be used, or one of them must be."""

    type: Literal["allowed_tools"]
    mode: Literal["auto", "required"]
    tools: list[AllowedTool] = Field(min_length=1, max_length=128)


ToolChoice = ToolMode | Annotated[FunctionChoice | SearchChoice | AllowedTools, Field(discriminator="type")]


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

    @model_serializer(mode="wrap")
    def _of_its_type(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields: dict[str, Any] = serialize(self)
        return fields if self.type == "json_schema" else {"type": self.type}


class TextConfig(Request):
    """What form the answer's text has."""

    format: TextFormat = TextFormat()


class StreamOptions(Request):
    """`include_obfuscation` is taken and has no effect: streams do not leave this machine's network in the clear by themselves."""

    include_obfuscation: bool = False


class Conversation(Request):
    """What is said to the model, and with which tools: all that its prompt comes from."""

    instructions: str | None = None
    previous_response_id: str | None = None
    text: TextConfig = TextConfig()
    tools: list[Tool] = Field([], max_length=128)
    tool_choice: ToolChoice = "auto"
    parallel_tool_calls: bool = True
    truncation: Literal["auto", "disabled"] = "disabled"

    @model_validator(mode="after")
    def _has_what_is_chosen(self) -> "Conversation":
        if len([tool for tool in self.tools if tool.type == SEARCH]) > 1:
            raise ValueError("'tools' has more than one 'file_search'; name all stores in one")
        names = {_named(tool) for tool in self.tools}
        if {("function", SEARCH), (SEARCH, None)} <= names:
            raise ValueError("'tools' has a function called 'file_search' beside the tool of that type; give it another name")
        for wanted in self._chosen():
            if wanted not in names:
                raise ValueError(f"'tool_choice' names a tool that is not among 'tools': {' '.join(filter(None, wanted))}")
        if self.mode == "required" and not self.tools:
            raise ValueError("'tool_choice' is 'required', and there are no 'tools'")
        return self

    def _chosen(self) -> list[tuple[str, str | None]]:
        if isinstance(self.tool_choice, AllowedTools):
            return [(tool.type, tool.name) for tool in self.tool_choice.tools]
        return [] if isinstance(self.tool_choice, str) else [_named(self.tool_choice)]

    @property
    def mode(self) -> ToolMode:
        """Whether a tool may be used, must be, or must not."""
        if isinstance(self.tool_choice, str):
            return self.tool_choice
        return self.tool_choice.mode if isinstance(self.tool_choice, AllowedTools) else "required"

    @property
    def search(self) -> FileSearchTool | None:
        """The search tool, where there is one and `tool_choice` leaves it."""
        if self.mode == "none":
            return None
        return next((tool for tool in self._left() if isinstance(tool, FileSearchTool)), None)

    @property
    def functions(self) -> list[FunctionTool]:
        """The functions that `tool_choice` leaves; with `none` all of them, which the model sees and may not call."""
        return [tool for tool in self._left() if isinstance(tool, FunctionTool)]

    @property
    def is_search_forced(self) -> bool:
        """Whether the stores are searched whatever the model thinks of it."""
        return self.search is not None and self.mode == "required" and not self.functions

    def _left(self) -> list[Tool]:
        chosen = self._chosen()
        return [tool for tool in self.tools if not chosen or _named(tool) in chosen]


def _named(tool: Tool | FunctionChoice | SearchChoice) -> tuple[str, str | None]:
    return tool.type, getattr(tool, "name", None)


class InputTokenCount(Conversation):
    """Body of `POST /v1/responses/input_tokens`. Passages that a search would find are not counted: they are not known before."""

    model: str | None = None
    input: str | list[dict[str, Any]] | None = None


class InputTokens(BaseModel):
    """How many tokens the prompt has."""

    object: Literal["response.input_tokens"] = "response.input_tokens"
    input_tokens: int


class ResponseCreate(Conversation):
    """Body of `POST /v1/responses`.

    `user`, `safety_identifier`, `prompt_cache_key` and `service_tier` are taken for compatibility and shown again; they change nothing.
    """

    model: str = Field(min_length=1)
    input: str | list[dict[str, Any]]
    store: bool = True
    stream: bool = False
    stream_options: StreamOptions | None = None
    background: bool = False
    metadata: Metadata = {}
    include: list[Include] = []
    max_output_tokens: int | None = Field(None, ge=1)
    max_tool_calls: int | None = Field(None, ge=1)
    temperature: float = Field(1.0, ge=0, le=2)
    top_p: float = Field(1.0, ge=0, le=1)
    presence_penalty: float = Field(0.0, ge=-2, le=2)
    frequency_penalty: float = Field(0.0, ge=-2, le=2)
    top_logprobs: int = Field(0, ge=0, le=20)
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    service_tier: Literal["auto", "default"] = "default"

    @model_validator(mode="after")
    def _is_kept_meanwhile(self) -> "ResponseCreate":
        if self.background and not self.store:
            raise ValueError("'background' needs 'store': what goes on in the background is kept until it is fetched")
        return self


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
    reasoning: None = None
    text: TextConfig = TextConfig()
    tool_choice: ToolChoice = "auto"
    tools: list[Tool] = []
    truncation: Literal["auto", "disabled"] = "disabled"
    usage: Usage | None = None
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    service_tier: str = "default"
    grounding: Basis | None = None
    metadata: Metadata = {}
