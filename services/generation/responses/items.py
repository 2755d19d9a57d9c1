"""The items of a response, in OpenAI's shapes, and the chat messages they become. Knows nothing of searching or the engine."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from services.generation.contracts.messages import FunctionCalls
from shared.contracts.paging import PageRequest, Slice, not_in_list
from shared.errors import InvalidRequest
from shared.ids import new_id
from shared.validation.codes import INVALID_TYPE, INVALID_VALUE, MISSING

Item = dict[str, Any]
Message = dict[str, Any]
ROLES = {"user": "user", "assistant": "assistant", "system": "system", "developer": "system"}
ID_PREFIXES = {"message": "msg_", "function_call": "fc_", "function_call_output": "fco_", "file_search_call": "fs_", "reasoning": "rs_"}
TEXT_PARTS = ("input_text", "output_text", "text", "refusal")
LOGPROBS = "message.output_text.logprobs"
RESULTS = "file_search_call.results"
NOT_IN_PROMPT = ("file_search_call", "reasoning")  # the passages of a search belong to their own turn


def parse_items(value: str | Sequence[Any]) -> list[Item]:
    """Return the `input` of a request as items, each with an id.

    Raises:
        InvalidRequest: if an item has a wrong shape; `param` is its path.
    """
    listed = [{"type": "message", "role": "user", "content": value}] if isinstance(value, str) else list(value)
    if not listed:
        raise InvalidRequest("'input' is empty; it must be a string or a list of at least one item.", param="input")
    items = [_complete(item, f"input[{number}]") for number, item in enumerate(listed)]
    to_messages(items)
    return items


def _complete(item: Any, param: str) -> Item:
    """Return the item with its type, status and id, and a message's content as a list of parts."""
    kind = item.get("type", "message") if isinstance(item, dict) else None
    if not isinstance(kind, str) or kind not in ID_PREFIXES:
        raise InvalidRequest(f"'{param}' must be an object whose 'type' is one of {', '.join(map(repr, ID_PREFIXES))}.", param=param)
    if not isinstance(item.get("id"), str | None):
        raise InvalidRequest(f"'{param}.id' must be a string.", param=f"{param}.id", code=INVALID_TYPE)
    if kind == "message" and isinstance(item.get("content"), str):
        part = "output_text" if item.get("role") == "assistant" else "input_text"
        item = {**item, "content": [{"type": part, "text": item["content"]}]}
    return {"status": "completed", **item, "type": kind, "id": item.get("id") or new_id(ID_PREFIXES[kind])}


def check_outputs(items: Sequence[Item], history: Sequence[Item]) -> None:
    """Check that every output in `items` is the only one of a function call before it, in `items` or in the earlier turns.

    Raises:
        InvalidRequest: if there is no such call, or it has an output already; `param` is the path of the output's `call_id`.
    """
    calls = FunctionCalls()
    for number, item in enumerate([*history, *items], -len(history)):
        if item["type"] == "function_call":
            calls.add(item["call_id"])
        elif item["type"] == "function_call_output" and (problem := _take_output(calls, item["call_id"])) and number >= 0:
            param = f"input[{number}].call_id"
            raise InvalidRequest(f"'{param}' is '{item['call_id']}', but {problem}", param=param)


def _take_output(calls: FunctionCalls, id: str) -> str | None:
    """Note the output of a call, and return why it cannot be used."""
    if id not in calls:
        return "no earlier function call in 'input' or in the previous response has this id."
    return None if calls.answer(id) else "this call has an output already. Send one output for each call."


def slice_items(items: Sequence[Item], page: PageRequest) -> Slice[Item]:
    """Return the requested part of `items`, which are in the order of the conversation.

    Raises:
        InvalidRequest: if no item has the id `after` or `before`.
    """
    rows = items if page.order == "asc" else items[::-1]
    ids = [item["id"] for item in rows]
    for param, id in (("after", page.after), ("before", page.before)):
        if id is not None and id not in ids:
            raise not_in_list(param, id)
    between = rows[ids.index(page.after) + 1 if page.after else 0 : ids.index(page.before) if page.before else len(rows)]
    shown = between[-page.limit :] if page.before and not page.after else between[: page.limit]
    return Slice(shown, has_more=len(shown) < len(between))


def apply_include(item: Item, include: Collection[str]) -> Item:
    """Return the item without its search results and log probabilities, unless `include` names them."""
    if item["type"] == "file_search_call" and RESULTS not in include:
        return {**item, "results": None}
    if item["type"] == "message" and LOGPROBS not in include:
        return {**item, "content": [{**part, "logprobs": []} if part.get("logprobs") else part for part in item["content"]]}
    return item


def to_messages(items: Iterable[Item]) -> list[Message]:
    """Return the chat messages for `items`; function calls that follow each other become one message.

    Raises:
        InvalidRequest: if a message's role or content, or a call, has a wrong shape.
    """
    messages: list[Message] = []
    for number, item in enumerate(items):
        if item["type"] in NOT_IN_PROMPT:
            continue
        message = CONVERTERS[item["type"]](item, f"input[{number}]")
        if "tool_calls" in message and messages and "tool_calls" in messages[-1]:
            messages[-1]["tool_calls"] += message["tool_calls"]
        else:
            messages.append(message)
    return messages


def _convert_message(item: Item, param: str) -> Message:
    role = ROLES.get(str(item.get("role")))
    if role is None:
        code = _code_of(item, "role", str)
        raise InvalidRequest(f"'{param}.role' must be one of {', '.join(map(repr, ROLES))}.", param=f"{param}.role", code=code)
    content = item.get("content")
    if not isinstance(content, list) or not content:
        code = _code_of(item, "content", list)
        raise InvalidRequest(f"'{param}.content' must be a string or a list of at least one part.", param=f"{param}.content", code=code)
    parts = [_convert_part(part, f"{param}.content[{number}]") for number, part in enumerate(content)]
    if all(part["type"] == "text" for part in parts):
        return {"role": role, "content": "\n".join(part["text"] for part in parts)}
    return {"role": role, "content": parts}


def _convert_part(part: Any, param: str) -> dict[str, Any]:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind in TEXT_PARTS:
        text = part.get("refusal" if kind == "refusal" else "text")
        if isinstance(text, str):
            return {"type": "text", "text": text}
    elif kind == "input_image" and isinstance(part.get("image_url"), str):
        return {"type": "image_url", "image_url": {"url": part["image_url"]}}
    raise InvalidRequest(
        f"'{param}' must be a part of type 'input_text' (with 'text') or 'input_image' (with 'image_url'). "
        "To use a file, add it to a vector store and search it with the tool 'file_search'.",
        param=param,
    )


def _convert_call(item: Item, param: str) -> Message:
    function = {"name": _string(item, "name", param), "arguments": _string(item, "arguments", param)}
    call = {"id": _string(item, "call_id", param), "type": "function", "function": function}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def _convert_output(item: Item, param: str) -> Message:
    output = item.get("output")
    if isinstance(output, list):
        parts = [_convert_part(part, f"{param}.output[{number}]") for number, part in enumerate(output)]
        if not all(part["type"] == "text" for part in parts):
            problem = f"'{param}.output' must be a string or a list of parts of type 'input_text'."
            raise InvalidRequest(problem, param=f"{param}.output")
        output = "\n".join(part["text"] for part in parts)
    return {"role": "tool", "tool_call_id": _string(item, "call_id", param), "content": _string({"output": output}, "output", param)}


def _string(item: Item, name: str, param: str) -> str:
    value = item.get(name)
    if not isinstance(value, str):
        raise InvalidRequest(f"'{param}.{name}' must be a string.", param=f"{param}.{name}", code=_code_of(item, name, str))
    return value


def _code_of(item: Item, name: str, kind: type) -> str:
    """Return the code of the mistake in a field, which should have a value of `kind`."""
    if item.get(name) is None:
        return MISSING
    return INVALID_VALUE if isinstance(item[name], kind) else INVALID_TYPE


CONVERTERS: dict[str, Callable[[Item, str], Message]] = {
    "message": _convert_message,
    "function_call": _convert_call,
    "function_call_output": _convert_output,
}
