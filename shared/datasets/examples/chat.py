"""OpenAI's chat format: the keys of a line, the order of its messages, and the chat that is trained."""

from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Any

from shared.datasets.examples.example import Example
from shared.datasets.examples.findings import Finding, check_then, unknown_keys, wrong, wrong_type
from shared.datasets.examples.message import check_message, read_text
from shared.datasets.examples.tools import check_called_tools, check_results, check_tools

FIELDS = ("messages", "tools", "parallel_tool_calls", "functions")
TRAINED_ROLES = {"developer": "system"}  # the templates of open models know no developer
MISSING = (
    "is required: a list of messages with 'role' and 'content'. Other formats have 'prompt' and 'completion', 'instruction' and 'output', "
    "'conversations', or 'input', 'preferred_output' and 'non_preferred_output'."
)


def check_chat(value: dict[str, Any]) -> Iterator[Finding]:
    """Yield the problems of a line."""
    if "messages" not in value:
        yield wrong("messages", MISSING)
        return
    yield from unknown_keys(value, FIELDS, "", "an example")
    remedy = "it needs a message from the user and one from the assistant"
    parts = chain(check_tools(value, ""), check_messages(value["messages"], "messages", remedy))
    yield from check_then(parts, partial(_check_chat, value))


def check_messages(messages: Any, path: str, remedy: str) -> Iterator[Finding]:
    """Yield the problems of each message by itself. `remedy` is what to do if there is none."""
    if not isinstance(messages, list):
        yield wrong_type(path, "a list of messages", messages)
    elif not messages:
        yield wrong(path, f"must not be empty; {remedy}.")
    else:
        for position, message in enumerate(messages):
            yield from check_message(message, f"{path}[{position}]")


def convert_chat(value: dict[str, Any]) -> Example:
    """Return the example of a line without problems."""
    messages = [convert_message(message) for message in value["messages"]]
    return Example.model_validate({"messages": messages, "tools": value.get("tools") or []})


def convert_message(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message as it is trained, without its name."""
    role, weight = message["role"], message.get("weight")
    converted = {"role": TRAINED_ROLES.get(role, role), "content": read_text(message.get("content")), **_convert_tools(message)}
    return converted if weight is None else {**converted, "weight": int(weight)}


def _convert_tools(message: dict[str, Any]) -> dict[str, Any]:
    """Return the calls in a message, and the `id` of the call whose result it is."""
    calls = [
        {"id": call["id"], "type": "function", "function": {name: call["function"][name] for name in ("name", "arguments")}}
        for call in message.get("tool_calls") or ()
    ]
    return {"tool_calls": calls, "tool_call_id": message.get("tool_call_id")}


def list_changes(messages: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what is trained otherwise than it is written."""
    if any(message["role"] == "developer" for message in messages):
        yield "developer"
    if any(message.get("name") is not None for message in messages):
        yield "name"
    if any(isinstance(message.get("content"), list) and len(message["content"]) > 1 for message in messages):
        yield "parts"


def _check_chat(value: dict[str, Any]) -> Iterator[Finding]:
    """Yield the problems of a chat whose tools and messages are right by themselves."""
    messages = value["messages"]
    yield from _check_order(messages)
    yield from check_results(messages, "messages")
    yield from check_called_tools(value, messages, "")


def _check_order(messages: list[dict[str, Any]]) -> Iterator[Finding]:
    assistant = [message for message in messages if message["role"] == "assistant"]
    if messages[-1]["role"] != "assistant":
        yield Finding("messages", "the last of 'messages' must have the role 'assistant'; add the answer that the model should learn.")
    if all(message["role"] != "user" for message in messages):
        yield wrong("messages", "must have a message with the role 'user'; add what the assistant answers.")
    if assistant and all(message.get("weight") == 0 for message in assistant):
        yield wrong("messages", "must have a message of the assistant without the weight 0; otherwise nothing is learned.")
