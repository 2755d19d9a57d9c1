"""Stored chat completions and their messages as the API shows them, in OpenAI's shapes."""

from typing import Any

from services.generation.grounding.request import text_of
from shared.records.chat_completions import ChatCompletionMessage, StoredChatCompletion

# Fields of the request that a stored completion has, null if they were not sent: what the engine then takes is not known here.
REQUEST_FIELDS = ("temperature", "top_p", "presence_penalty", "frequency_penalty", "seed", "tools", "tool_choice", "response_format")
# Fields of OpenAI's objects that an answer may lack.
COMPLETION_FIELDS = ("service_tier", "system_fingerprint", "moderation", "usage")
MESSAGE_FIELDS = ("name", "refusal", "annotations", "audio", "function_call", "tool_calls")
ANSWER_FIELDS = ("content", "refusal", "annotations", "audio", "function_call", "tool_calls")


def describe(row: StoredChatCompletion) -> dict[str, Any]:
    """Return a completion: the answer as it was sent, its metadata, and fields of its request."""
    return {
        **dict.fromkeys(COMPLETION_FIELDS),
        **row.body,
        **{name: row.request.get(name) for name in REQUEST_FIELDS},
        "input_user": row.request.get("user"),
        "metadata": row.metadata_ or {},
    }


def describe_message(row: ChatCompletionMessage) -> dict[str, Any]:
    """Return a message of the request. If its content is a list of parts, `content` has their text."""
    content = row.content.get("content")
    parts = content if isinstance(content, list) else None
    return {**dict.fromkeys(MESSAGE_FIELDS), **row.content, "id": row.id, "content": text_of(content), "content_parts": parts}
