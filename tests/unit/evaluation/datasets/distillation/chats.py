"""Stored chat completions for tests."""

from typing import Any

from services.evaluation.datasets.distillation.read_completions import StoredChat

ASKED = [{"role": "user", "content": "How many arms?"}]
TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}
CALL = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}


def choose(content: str | None = "Eight.", finish_reason: str | None = "stop", index: int = 0, **message: Any) -> dict[str, Any]:
    """Return a choice of an answer."""
    written = {"role": "assistant", "content": content, "refusal": None, "tool_calls": [], **message}
    return {"index": index, "message": written, "finish_reason": finish_reason}


def make_chat(*choices: dict[str, Any], messages: list[Any] | None = None, request: Any = None, **body: Any) -> StoredChat:
    """Return a stored chat completion."""
    answer = {"id": "chatcmpl-1", "choices": list(choices) or [choose()], **body}
    return StoredChat("chatcmpl-1", ASKED if messages is None else messages, {"model": "tiny", **(request or {})}, answer)
