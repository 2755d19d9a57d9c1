"""Tools and their calls in OpenAI's chat format. Their form is checked, but they cannot be trained here yet."""

import json
import re
from collections.abc import Iterator
from typing import Any

from shared.datasets.examples.findings import Finding, join, required, show, untrainable, wrong, wrong_type

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
REMEDY = "Delete the example, or write what the model should say as text in 'content'."


def check_tools(fields: dict[str, Any], path: str) -> Iterator[Finding]:
    """Yield the problems of `tools` and `parallel_tool_calls`. `path` is the object that has them."""
    tools, parallel = fields.get("tools"), fields.get("parallel_tool_calls")
    if parallel is not None and not isinstance(parallel, bool):
        yield wrong_type(join(path, "parallel_tool_calls"), "true or false", parallel)
    if "functions" in fields:
        yield wrong(join(path, "functions"), "was replaced by OpenAI; write the functions in 'tools'.")
    if tools is None:
        return
    if not isinstance(tools, list):
        yield wrong_type(join(path, "tools"), "a list", tools)
        return
    for position, tool in enumerate(tools):
        yield from _check_tool(tool, f"{join(path, 'tools')}[{position}]")


def check_calls(message: dict[str, Any], path: str) -> Iterator[Finding]:
    """Yield the problems of the calls in a message of the assistant at `path`."""
    calls = message.get("tool_calls")
    if message.get("function_call") is not None:
        yield wrong(f"{path}.function_call", "was replaced by OpenAI; write the call in 'tool_calls'.")
    for name, remedy in (("audio", "delete it"), ("refusal", "write the refusal in 'content'")):
        if message.get(name) is not None:
            yield untrainable(f"{path}.{name}", f"cannot be trained here; {remedy}.")
    if calls is None:
        return
    if not isinstance(calls, list) or not calls:
        yield wrong(f"{path}.tool_calls", f"must be a list with at least one call; got {show(calls) if calls else 'an empty one'}.")
        return
    for position, call in enumerate(calls):
        yield from _check_call(call, f"{path}.tool_calls[{position}]")


def check_results(messages: list[dict[str, Any]], path: str) -> Iterator[Finding]:
    """Yield a problem for each result that no call asked for, and each call without a result, in messages that are right by themselves."""
    open_calls: dict[str, str] = {}
    for position, message in enumerate(messages):
        if message["role"] == "tool":
            yield from _close_call(message, f"{path}[{position}]", open_calls)
            continue
        yield from _unanswered(open_calls)
        calls = message.get("tool_calls") or ()
        open_calls = {call["id"]: f"{path}[{position}].tool_calls[{number}]" for number, call in enumerate(calls)}


def find_untrainable(fields: dict[str, Any], messages: list[dict[str, Any]], path: str) -> Iterator[Finding]:
    """Yield that tools cannot be trained, for the first field that has something of them, in a line that is right otherwise."""
    prefix = f"{path}.messages" if path else "messages"
    places = [join(path, "tools")] if fields.get("tools") else []
    places += [f"{prefix}[{position}]" for position, each in enumerate(messages) if each.get("tool_calls") or each["role"] == "tool"]
    for place in places[:1]:
        yield untrainable(place, f"cannot be trained here yet: it has tools, or a call of one or its result. {REMEDY}")


def _close_call(message: dict[str, Any], path: str, open_calls: dict[str, str]) -> Iterator[Finding]:
    call = message.get("tool_call_id")
    if not isinstance(call, str) or not call:
        yield wrong(f"{path}.tool_call_id", "is required; write the 'id' of the call whose result this is.")
    elif open_calls.pop(call, None) is None:
        yield wrong(f"{path}.tool_call_id", f"must be the 'id' of a call in the message of the assistant before it; got {show(call)}.")


def _unanswered(open_calls: dict[str, str]) -> Iterator[Finding]:
    for place in open_calls.values():
        yield wrong(place, "has no result; add a message with the role 'tool' and its 'id' as 'tool_call_id' right after the calls.")


def _check_tool(tool: Any, path: str) -> Iterator[Finding]:
    if not isinstance(tool, dict):
        yield wrong_type(path, "an object with 'type' and 'function'", tool)
        return
    yield from _check_type(tool, path)
    function = tool.get("function")
    if not isinstance(function, dict):
        yield wrong(f"{path}.function", "must be an object with 'name', 'description' and 'parameters'.")
        return
    yield from _check_name(function, f"{path}.function")
    if not isinstance(function.get("parameters", {}), dict):
        yield wrong_type(f"{path}.function.parameters", "an object (a JSON Schema)", function["parameters"])


def _check_call(call: Any, path: str) -> Iterator[Finding]:
    if not isinstance(call, dict):
        yield wrong_type(path, "an object with 'id', 'type' and 'function'", call)
        return
    yield from _check_type(call, path)
    if not isinstance(call.get("id"), str):
        yield wrong(f"{path}.id", "must be a string, which 'tool_call_id' of the result repeats.")
    function = call.get("function")
    if not isinstance(function, dict):
        yield wrong(f"{path}.function", "must be an object with 'name' and 'arguments'.")
        return
    yield from _check_name(function, f"{path}.function")
    yield from required(function, "arguments", f"{path}.function", 'write a string with JSON, such as "{}"')
    if "arguments" in function and not _is_json_object(function["arguments"]):
        yield wrong(f"{path}.function.arguments", 'must be a string with a JSON object, such as "{}".')


def _check_type(each: dict[str, Any], path: str) -> Iterator[Finding]:
    if each.get("type") != "function":
        yield wrong(f"{path}.type", f"must be 'function'; got {show(each.get('type'))}.")


def _check_name(function: dict[str, Any], path: str) -> Iterator[Finding]:
    name = function.get("name")
    if not (isinstance(name, str) and NAME.fullmatch(name)):
        yield wrong(f"{path}.name", "must have 1 to 64 letters, digits, underscores or dashes.")


def _is_json_object(text: Any) -> bool:
    try:
        return isinstance(text, str) and isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
