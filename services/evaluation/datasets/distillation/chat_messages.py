"""The items of a response as chat messages, as the front door sends them to a model.

Another service converts them for the engine, so this is a second copy; a contract test compares them. An image becomes a part without its
bytes: it cannot be trained, but must be seen.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Item = Mapping[str, Any]
Message = dict[str, Any]
SEARCH = "file_search_call"
ROLES = {"developer": "system"}
SYSTEM = "system"
IMAGE = "image_url"


def to_messages(items: Iterable[Item]) -> list[Message]:
    """Return the chat messages for `items`; function calls that follow each other become one message."""
    messages: list[Message] = []
    for item in items:
        convert = CONVERTERS.get(item["type"])
        if convert is None:
            continue  # a search, whose passages belong to its own turn, or reasoning
        message = convert(item)
        if "tool_calls" in message and messages and "tool_calls" in messages[-1]:
            messages[-1]["tool_calls"] += message["tool_calls"]
        else:
            messages.append(message)
    return messages


def to_reply(items: Sequence[Item]) -> Message | None:
    """Return what the model wrote after its last search as one message, as it did; None if that is nothing."""
    searches = [number for number, item in enumerate(items) if item["type"] == SEARCH]
    written = to_messages(items[searches[-1] + 1 if searches else 0 :])
    text = "\n".join(message["content"] for message in written if message.get("content"))
    calls = [call for message in written for call in message.get("tool_calls", ())]
    if not text and not calls:
        return None
    return {"role": "assistant", "content": text or None, **({"tool_calls": calls} if calls else {})}


def list_functions(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the functions that the model of a response saw, as a chat has them."""
    functions = [tool for tool in body.get("tools", ()) if tool["type"] == "function" and _is_chosen(tool["name"], body)]
    fields = ({name: value for name, value in each.items() if name != "type" and value is not None} for each in functions)
    return [{"type": "function", "function": function} for function in fields]


def _is_chosen(name: str, body: Mapping[str, Any]) -> bool:
    """Return whether the `tool_choice` lets the model see a function. A mode such as `none` hides nothing."""
    choice = body.get("tool_choice", "auto")
    if isinstance(choice, str):
        return True
    chosen = choice["tools"] if choice["type"] == "allowed_tools" else [choice]
    return any(tool["type"] == "function" and tool.get("name") == name for tool in chosen)


def _convert_message(item: Item) -> Message:
    role = ROLES.get(item["role"], item["role"])
    parts = [_convert_part(part) for part in item["content"]]
    if any(part["type"] == IMAGE for part in parts):
        return {"role": role, "content": parts}
    return {"role": role, "content": _join(parts)}


def _convert_part(part: Mapping[str, Any]) -> dict[str, Any]:
    if part["type"] == "input_image":
        return {"type": IMAGE}
    return {"type": "text", "text": part["refusal" if part["type"] == "refusal" else "text"]}


def _convert_call(item: Item) -> Message:
    call = {"id": item["call_id"], "type": "function", "function": {"name": item["name"], "arguments": item["arguments"]}}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def _convert_output(item: Item) -> Message:
    output = item["output"]
    text = _join([_convert_part(part) for part in output]) if isinstance(output, list) else output
    return {"role": "tool", "tool_call_id": item["call_id"], "content": text}


def _join(parts: Iterable[Mapping[str, Any]]) -> str:
    return "\n".join(part["text"] for part in parts)


CONVERTERS: dict[str, Callable[[Item], Message]] = {
    "message": _convert_message,
    "function_call": _convert_call,
    "function_call_output": _convert_output,
}
