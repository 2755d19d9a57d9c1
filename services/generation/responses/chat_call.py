"""A turn in the engine's words: the chat call that a request for a response stands for. Knows nothing of searching."""

from collections.abc import Sequence
from typing import Any

from services.generation.responses.items import LOGPROBS, Item, Message, to_messages
from shared.contracts.responses import Conversation, FunctionChoice, ResponseCreate, TextFormat


def conversation(asked: Conversation, model: str, items: Sequence[Item]) -> dict[str, Any]:
    """Return the fields of the engine's call that its prompt comes from; `items` is all that was said, oldest first."""
    told: list[Message] = [{"role": "system", "content": asked.instructions}] if asked.instructions else []
    fields: dict[str, Any] = {"model": model, "messages": [*told, *to_messages(items)]}
    if asked.functions:
        functions = [tool.model_dump(exclude_none=True, exclude={"type"}) for tool in asked.functions]
        fields["tools"] = [{"type": "function", "function": function} for function in functions]
        fields |= {"tool_choice": _choice(asked), "parallel_tool_calls": asked.parallel_tool_calls}
    return fields


def chat(asked: ResponseCreate, items: Sequence[Item]) -> dict[str, Any]:
    """Return the engine's call, streamed."""
    fields: dict[str, Any] = {
        **conversation(asked, asked.model, items),
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": asked.temperature,
        "top_p": asked.top_p,
        "presence_penalty": asked.presence_penalty,
        "frequency_penalty": asked.frequency_penalty,
        "max_completion_tokens": asked.max_output_tokens,
        "response_format": _format(asked.text.format),
    }
    if LOGPROBS in asked.include:
        fields |= {"logprobs": True, "top_logprobs": asked.top_logprobs}
    return {name: value for name, value in fields.items() if value is not None}


def _format(format: TextFormat) -> dict[str, Any] | None:
    if format.type == "text":
        return None
    given = format.model_dump(exclude_none=True)
    kind = given.pop("type")
    return {"type": kind, kind: given} if kind == "json_schema" else {"type": kind}


def _choice(asked: Conversation) -> Any:
    choice = asked.tool_choice
    if isinstance(choice, FunctionChoice):
        return {"type": "function", "function": {"name": choice.name}}
    return asked.mode
