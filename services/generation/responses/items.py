"""Items of a response, as OpenAI has them, and the chat messages they stand for. Knows nothing of searching or the engine."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from shared.errors import InvalidRequest
from shared.ids import new_id

Item = dict[str, Any]
Message = dict[str, Any]
ROLES = {"user": "user", "assistant": "assistant", "system": "system", "developer": "system"}
PREFIXES = {"message": "msg_", "function_call": "fc_", "function_call_output": "fco_", "file_search_call": "fs_", "reasoning": "rs_"}
TEXTS = ("input_text", "output_text", "text", "refusal")
LOGPROBS = "message.output_text.logprobs"
RESULTS = "file_search_call.results"
UNSAID = ("file_search_call", "reasoning")  # what the model is not told again: the passages belong to their own turn


def to_items(given: str | Sequence[Any]) -> list[Item]:
    """Return the input as items, each with an id.

    Raises:
        InvalidRequest: an item is not one that can be read; `param` names it.
    """
    listed = [{"type": "message", "role": "user", "content": given}] if isinstance(given, str) else list(given)
    if not listed:
        raise InvalidRequest("'input' is empty; it must be a text or a list of items.", param="input")
    items = [_with_id(item, f"input[{number}]") for number, item in enumerate(listed)]
    to_messages(items)
    return items


def _with_id(item: Any, param: str) -> Item:
    kind = item.get("type", "message") if isinstance(item, dict) else None
    if not isinstance(kind, str) or kind not in PREFIXES:
        raise InvalidRequest(f"'{param}' must be an item of one of the types {', '.join(PREFIXES)}.", param=param)
    if not isinstance(item.get("id"), str | None):
        raise InvalidRequest(f"'{param}.id' must be a text.", param=f"{param}.id")
    if kind == "message" and isinstance(item.get("content"), str):
        part = "output_text" if item.get("role") == "assistant" else "input_text"
        item = {**item, "content": [{"type": part, "text": item["content"]}]}
    return {"status": "completed", **item, "type": kind, "id": item.get("id") or new_id(PREFIXES[kind])}


def shown(item: Item, include: Collection[str]) -> Item:
    """Return the item as it is told: what a search found, and log probabilities, only where `include` has them."""
    if item["type"] == "file_search_call" and RESULTS not in include:
        return {**item, "results": None}
    if item["type"] == "message" and LOGPROBS not in include:
        return {**item, "content": [{**part, "logprobs": []} if part.get("logprobs") else part for part in item["content"]]}
    return item


def to_messages(items: Iterable[Item]) -> list[Message]:
    """Return the chat messages that `items` stand for; calls of functions that follow each other are one message.

    Raises:
        InvalidRequest: a message's role or content, or a call, is not as it must be.
    """
    messages: list[Message] = []
    for number, item in enumerate(items):
        if item["type"] in UNSAID:
            continue
        message = MAKERS[item["type"]](item, f"input[{number}]")
        if "tool_calls" in message and messages and "tool_calls" in messages[-1]:
            messages[-1]["tool_calls"] += message["tool_calls"]
        else:
            messages.append(message)
    return messages


def _said(item: Item, param: str) -> Message:
    role = ROLES.get(str(item.get("role")))
    if role is None:
        raise InvalidRequest(f"'{param}.role' must be one of {', '.join(ROLES)}.", param=f"{param}.role")
    content = item.get("content")
    if not isinstance(content, list) or not content:
        raise InvalidRequest(f"'{param}.content' must be a text or a list of parts.", param=f"{param}.content")
    parts = [_part(part, f"{param}.content[{number}]") for number, part in enumerate(content)]
    if all(part["type"] == "text" for part in parts):
        return {"role": role, "content": "\n".join(part["text"] for part in parts)}
    return {"role": role, "content": parts}


def _part(part: Any, param: str) -> dict[str, Any]:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind in TEXTS:
        text = part.get("refusal" if kind == "refusal" else "text")
        if isinstance(text, str):
            return {"type": "text", "text": text}
    elif kind == "input_image" and isinstance(part.get("image_url"), str):
        return {"type": "image_url", "image_url": {"url": part["image_url"]}}
    raise InvalidRequest(
        f"'{param}' must be a part of type 'input_text' (with 'text') or 'input_image' (with 'image_url'). "
        "A file is put into a vector store and found with the tool 'file_search'.",
        param=param,
    )


def _called(item: Item, param: str) -> Message:
    function = {"name": _text(item, "name", param), "arguments": _text(item, "arguments", param)}
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": _text(item, "call_id", param), "type": "function", "function": function}],
    }


def _returned(item: Item, param: str) -> Message:
    output = item.get("output")
    if isinstance(output, list):
        parts = [_part(part, f"{param}.output[{number}]") for number, part in enumerate(output)]
        if not all(part["type"] == "text" for part in parts):
            raise InvalidRequest(f"'{param}.output' must be a text, or a list of parts of type 'input_text'.", param=f"{param}.output")
        output = "\n".join(part["text"] for part in parts)
    return {"role": "tool", "tool_call_id": _text(item, "call_id", param), "content": _text({"output": output}, "output", param)}


def _text(item: Item, name: str, param: str) -> str:
    value = item.get(name)
    if not isinstance(value, str):
        raise InvalidRequest(f"'{param}.{name}' must be a text.", param=f"{param}.{name}")
    return value


MAKERS: dict[str, Callable[[Item, str], Message]] = {"message": _said, "function_call": _called, "function_call_output": _returned}
