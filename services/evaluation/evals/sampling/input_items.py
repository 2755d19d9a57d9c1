"""The messages of a chat as the items of a response's input."""

from collections.abc import Sequence
from typing import Any

from services.evaluation.evals.sampling.message_content import Message

Item = dict[str, Any]


def to_input_items(messages: Sequence[Message]) -> list[Item]:
    """Return the items: a message each, and one for each call of a function and its output."""
    return [item for message in messages for item in _convert(message)]


def _convert(message: Message) -> list[Item]:
    content = message.get("content")
    if message["role"] == "tool":
        output = content if isinstance(content, str) else ""
        return [{"type": "function_call_output", "call_id": message.get("tool_call_id", ""), "output": output}]
    calls = [_convert_call(call) for call in message.get("tool_calls") or []]
    if content is None and calls:
        return calls
    return [{"role": message["role"], "content": _convert_content(content)}, *calls]


def _convert_call(call: dict[str, Any]) -> Item:
    function = call.get("function") or {}
    return {
        "type": "function_call",
        "call_id": call.get("id", ""),
        "name": function.get("name", ""),
        "arguments": function.get("arguments", ""),
    }


def _convert_content(content: Any) -> Any:
    return [_convert_part(part) for part in content] if isinstance(content, list) else content or ""


def _convert_part(part: dict[str, Any]) -> dict[str, Any]:
    if part["type"] == "text":
        return {"type": "input_text", "text": part["text"]}
    if part["type"] == "image_url":
        image = part["image_url"]
        return {"type": "input_image", "image_url": image["url"], "detail": image.get("detail", "auto")}
    return part
