"""What is trained: a chat, or a prompt with a preferred and another answer. The reader makes them from every format of a file."""

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

MIN_EXAMPLES = 10
TOOLS = "tools"


class Message(BaseModel):
    """A message of a chat. Only the chats of examples have messages with the role `tool`."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["system", "user", "assistant", "tool"]
    content: str = Field(min_length=1)

    @property
    def is_learned(self) -> bool:
        """Whether the model learns to write this message."""
        return self.role == "assistant"


class FunctionCall(BaseModel):
    """The function that a call names. `arguments` is a JSON object, as text."""

    model_config = ConfigDict(extra="forbid")

    name: str
    arguments: str


class ToolCall(BaseModel):
    """A call of a tool, which the assistant writes. The `tool_call_id` of its result repeats the `id`."""

    model_config = ConfigDict(extra="forbid")

    id: str
    type: Literal["function"] = "function"
    function: FunctionCall


class ExampleMessage(Message):
    """A message of an example. The model does not learn to write a message of the assistant that has the weight 0.

    `content` is empty only if the message has `tool_calls`, or is the result of a call.
    """

    content: str = ""
    weight: Literal[0, 1] = Field(1, exclude=True)
    tool_calls: list[ToolCall] = []
    tool_call_id: str | None = None

    @model_serializer(mode="wrap")
    def _leave_out_empty(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Return the message as OpenAI has it; chat templates ask whether a message has `tool_calls` at all."""
        return {name: value for name, value in serialize(self).items() if value or name in ("role", "content")}

    @property
    def is_learned(self) -> bool:
        """Whether the model learns to write this message."""
        return self.role == "assistant" and self.weight == 1


class Example(BaseModel):
    """A chat that ends with a message of the assistant, and the tools that it may call, as OpenAI has them."""

    model_config = ConfigDict(extra="forbid")

    messages: list[ExampleMessage] = Field(min_length=2)
    tools: list[dict[str, Any]] = []

    def list_texts(self) -> list[tuple[str, str]]:
        """Return the role and the text of each message, with the calls in it; before them, the tools as JSON with the role `tools`."""
        return _list_texts(self.messages, self.tools)


class Preference(BaseModel):
    """A chat that ends before the assistant's message, with the answer that the model should prefer to the other.

    The chat may have calls of `tools` and their results; the answers are texts.
    """

    messages: list[ExampleMessage] = Field(min_length=1)
    tools: list[dict[str, Any]] = []
    preferred: str = Field(min_length=1)
    rejected: str = Field(min_length=1)

    def list_texts(self) -> list[tuple[str, str]]:
        """Return the role and the text of each message and of both answers, as those of an example."""
        return [*_list_texts(self.messages, self.tools), ("assistant", self.preferred), ("assistant", self.rejected)]

    def complete(self, answer: str) -> Example:
        """Return the chat with one of the answers, the only message that is learned."""
        prompt = [message.model_copy(update={"weight": 0}) for message in self.messages]
        return Example(messages=[*prompt, ExampleMessage(role="assistant", content=answer)], tools=self.tools)


def _list_texts(messages: list[ExampleMessage], tools: list[dict[str, Any]]) -> list[tuple[str, str]]:
    shown = [(TOOLS, json.dumps(tools, ensure_ascii=False))] if tools else []
    return shown + [(message.role, _write_text(message)) for message in messages]


def _write_text(message: ExampleMessage) -> str:
    calls = [f"{call.function.name} {call.function.arguments}" for call in message.tool_calls]
    return "\n".join(part for part in (message.content, *calls) if part)
