"""The items of a response, in OpenAI's shapes, and the chat messages they become. Knows nothing of searching or the engine."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from services.generation.contracts.chat.messages import FunctionCalls
from services.generation.contracts.responses.items import InputItem
from shared.contracts.paging import PageRequest, Slice, not_in_list
from shared.errors import InvalidRequest
from shared.ids import new_id
from shared.validation.translate import parse

Item = dict[str, Any]
Message = dict[str, Any]
ROLES = {"user": "user", "assistant": "assistant", "system": "system", "developer": "system"}
ID_PREFIXES = {"message": "msg_", "function_call": "fc_", "function_call_output": "fco_", "file_search_call": "fs_", "reasoning": "rs_"}
DEFAULTED = ("id", "status")
LOGPROBS = "message.output_text.logprobs"
RESULTS = "file_search_call.results"
NO_FILES = "To use a file, add it to a vector store and search it with the tool 'file_search'."
NOT_IN_PROMPT = ("file_search_call", "reasoning")  # the passages of a search belong to their own turn


def parse_items(value: str | Sequence[Any]) -> list[Item]:
    """Return the `input` of a request as items, each with an id.

    Raises:
        InvalidRequest: if an item has a wrong shape; `param` is its path.
    """
    listed = [{"type": "message", "role": "user", "content": value}] if isinstance(value, str) else list(value)
    if not listed:
        raise InvalidRequest("'input' is empty; it must be a string or a list of at least one item.", param="input")
    return [_complete(item, number) for number, item in enumerate(listed)]


def _complete(item: Any, number: int) -> Item:
    """Return the item with its type, status and id, and a message's content as a list of parts."""
    if isinstance(item, dict):
        item = {**item, "type": "message" if item.get("type") is None else item["type"]}
        item = {name: value for name, value in item.items() if value is not None or name not in DEFAULTED}
    _check_shape(item, number)
    kind = item["type"]
    if kind == "message" and isinstance(item["content"], str):
        part = "output_text" if item["role"] == "assistant" else "input_text"
        item = {**item, "content": [{"type": part, "text": item["content"]}]}
    return {"status": "completed", **item, "id": item.get("id") or new_id(ID_PREFIXES[kind])}


def _check_shape(item: Any, number: int) -> None:
    try:
        parse(InputItem, item, ("input", number))
    except InvalidRequest as error:
        if not error.message.endswith("got 'input_file'."):
            raise
        raise InvalidRequest(f"{error.message} {NO_FILES}", param=error.param, code=error.code) from error


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
    """Return the chat messages for `items`, which have their right shape; function calls that follow each other become one message."""
    messages: list[Message] = []
    for item in items:
        if item["type"] in NOT_IN_PROMPT:
            continue
        message = CONVERTERS[item["type"]](item)
        if "tool_calls" in message and messages and "tool_calls" in messages[-1]:
            messages[-1]["tool_calls"] += message["tool_calls"]
        else:
            messages.append(message)
    return messages


def _convert_message(item: Item) -> Message:
    parts = [_convert_part(part) for part in item["content"]]
    is_text = all(part["type"] == "text" for part in parts)
    return {"role": ROLES[item["role"]], "content": _join(parts) if is_text else parts}


def _convert_part(part: Item) -> dict[str, Any]:
    if part["type"] == "input_image":
        return {"type": "image_url", "image_url": {"url": part["image_url"]}}
    return {"type": "text", "text": part["refusal" if part["type"] == "refusal" else "text"]}


def _convert_call(item: Item) -> Message:
    function = {"name": item["name"], "arguments": item["arguments"]}
    return {"role": "assistant", "content": None, "tool_calls": [{"id": item["call_id"], "type": "function", "function": function}]}


def _convert_output(item: Item) -> Message:
    output = item["output"]
    content = output if isinstance(output, str) else _join(_convert_part(part) for part in output)
    return {"role": "tool", "tool_call_id": item["call_id"], "content": content}


def _join(parts: Iterable[dict[str, Any]]) -> str:
    return "\n".join(part["text"] for part in parts)


CONVERTERS: dict[str, Callable[[Item], Message]] = {
    "message": _convert_message,
    "function_call": _convert_call,
    "function_call_output": _convert_output,
}
