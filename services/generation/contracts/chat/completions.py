"""Chat completions and completions, as the OpenAPI document describes them, and stored chat completions.

Requests for answers are not parsed with these models: the engine reads them, and accepts more fields. Answers pass through byte for byte.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.generation.contracts.chat.answer_format import ResponseFormat
from services.generation.contracts.chat.engine_fields import MAX_ANSWERS, ChatTool, ChatToolChoice, NotEmpty, NotEmptyStrings
from services.generation.contracts.chat.messages import Message
from services.generation.contracts.grounding import Citation, Sentence, Trace
from services.generation.contracts.metadata_filter import FilteredPageQuery
from shared.contracts.chat import RetrievalOptions
from shared.contracts.paging import Order, PageQuery
from shared.contracts.wire import Id, Metadata, Request

Role = Literal["system", "developer", "user", "assistant", "tool"]


class Open(BaseModel):
    """An object of the engine, which may have more fields."""

    model_config = ConfigDict(extra="allow")


class StreamUsage(Open):
    """With `include_usage`, a stream ends with a chunk that has the usage."""

    include_usage: bool | None = None


class ContentPart(Open):
    """A part of a message: text, or other input that the model can read."""

    type: str
    text: str | None = None


class CalledFunction(Open):
    """The name of a function and its arguments, a JSON object as text."""

    name: str | None = None
    arguments: str | None = None


class ToolCall(Open):
    """A function that the model calls. A stream sends a call in parts, which have the same `index`."""

    id: str | None = None
    type: Literal["function"] | None = None
    index: int | None = None
    function: CalledFunction


class ChatMessage(Message):
    """A message of the conversation."""

    model_config = ConfigDict(extra="allow")

    role: Role


class GenerationOptions(Open):
    """The most common fields of chats and completions, and those that Tandem adds.

    Extensions: `retrieval` answers from documents, and `include` adds a trace of how the answer was made. Any other field that the engine
    accepts may be sent too.
    """

    model: str = Field(min_length=1)
    stream: bool | None = False
    stream_options: StreamUsage | None = None
    n: int | None = Field(None, ge=1, le=MAX_ANSWERS)
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, gt=0, le=1)
    max_tokens: int | None = Field(None, ge=1)
    seed: int | None = None
    stop: NotEmpty | NotEmptyStrings | None = None
    retrieval: RetrievalOptions | None = None
    include: list[Literal["trace"]] | None = None


class ChatCompletionCreate(GenerationOptions):
    """Body of `POST /v1/chat/completions`. With `store`, the answer is stored when it is complete, and can be found by its `metadata`."""

    messages: list[ChatMessage] = Field(min_length=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    tools: list[ChatTool] | None = Field(None, min_length=1)
    tool_choice: ChatToolChoice | None = None
    response_format: ResponseFormat | None = None
    store: bool | None = False
    metadata: Metadata | None = None


class CompletionCreate(GenerationOptions):
    """Body of `POST /v1/completions`."""

    prompt: NotEmpty


class TokenUsage(Open):
    """The number of tokens of the prompt and of the answer."""

    prompt_tokens: int
    completion_tokens: int | None = None
    total_tokens: int


class Answer(Open):
    """The engine's answer. With `retrieval`, it has the fields from `citations` to `trace` too; in a stream, the last chunk has them."""

    id: str
    created: int
    model: str
    usage: TokenUsage | None = None
    citations: list[Citation] | None = None
    sentences: list[Sentence] | None = None
    abstained: bool | None = None
    notes: list[str] | None = None
    trace: Trace | None = None


class AnswerMessage(Open):
    """The message that the model wrote, or in a stream the next piece of it."""

    role: str | None = None
    content: str | None = None
    tool_calls: list[ToolCall] | None = None


class ChatChoice(Open):
    """One of the answers."""

    index: int
    message: AnswerMessage
    finish_reason: str | None = None


class ChatCompletion(Answer):
    """The answer to a chat."""

    object: Literal["chat.completion"]
    choices: list[ChatChoice]


class StoredCompletion(ChatCompletion):
    """A stored chat completion: the answer, its metadata, and fields of its request, which are null if they were not sent."""

    metadata: dict[str, str]
    temperature: float | None
    top_p: float | None
    presence_penalty: float | None
    frequency_penalty: float | None
    seed: int | None
    tools: list[dict[str, Any]] | None
    tool_choice: str | dict[str, Any] | None
    response_format: dict[str, Any] | None
    input_user: str | None = Field(description="The `user` of the request.")
    service_tier: str | None
    system_fingerprint: str | None
    moderation: dict[str, Any] | None = Field(description="Always null.")


class StoredCompletionUpdate(Request):
    """Body of `POST /v1/chat/completions/{completion_id}`: the new metadata, which replaces the old. Null deletes it."""

    metadata: Metadata | None


class StoredCompletionQuery(FilteredPageQuery):
    """The query of the stored chat completions."""

    order: Order = Field("asc", description="The order by creation time; `desc` is newest first.")
    model: Id | None = Field(None, min_length=1, description="List only answers of this model.")


class StoredMessage(Open):
    """A message of the request of a stored chat completion. If its content was a list of parts, `content` has their text."""

    id: str
    role: Role
    content: str | None = None
    name: str | None = None
    tool_calls: list[ToolCall] | None = None
    tool_call_id: str | None = None
    content_parts: list[ContentPart] | None = None


class StoredMessageQuery(PageQuery):
    """The query of the messages of a stored chat completion."""

    order: Order = Field("asc", description="The order in the conversation; `desc` is last first.")


class ChatChunkChoice(Open):
    """The next piece of one of the answers."""

    index: int
    delta: AnswerMessage
    finish_reason: str | None = None


class ChatCompletionChunk(Answer):
    """An event of a stream: the next pieces of the answers."""

    object: Literal["chat.completion.chunk"]
    choices: list[ChatChunkChoice]


class CompletionChoice(Open):
    """One of the texts, or in a stream the next piece of it."""

    index: int
    text: str
    finish_reason: str | None = None


class Completion(Answer):
    """The answer to a completion, and an event of its stream."""

    object: Literal["text_completion"]
    choices: list[CompletionChoice]
