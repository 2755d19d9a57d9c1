"""Tools, their calls and the results, in OpenAI's chat format."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from shared.datasets.examples.arguments import find_arguments_problem, find_parameters_problem
from shared.datasets.examples.findings import Finding, join, required, show, untrainable, wrong, wrong_type

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
Place = tuple[str, dict[str, Any]]  # the path of a call, and the call


def check_tools(fields: dict[str, Any], path: str) -> Iterator[Finding]:
    """Yield the problems of `tools` and `parallel_tool_calls`. `path` is the object that has them."""
    tools, parallel = fields.get("tools"), fields.get("parallel_tool_calls")
    if parallel is not None and not isinstance(parallel, bool):
        yield wrong_type(join(path, "parallel_tool_calls"), "true or false", parallel)
    if "functions" in fields:
        yield wrong(join(path, "functions"), 'was replaced by \'tools\'; write each as {"type": "function", "function": {…}} there.')
    if tools is None:
        return
    if not isinstance(tools, list):
        yield wrong_type(join(path, "tools"), "a list", tools)
        return
    for position, tool in enumerate(tools):
        yield from _check_tool(tool, f"{join(path, 'tools')}[{position}]")
    yield from _check_repeated(tools, join(path, "tools"))


def check_calls(message: dict[str, Any], path: str) -> Iterator[Finding]:
    """Yield the problems of the calls in a message of the assistant at `path`."""
    calls = message.get("tool_calls")
    if message.get("function_call") is not None:
        remedy = 'write [{"id": "call_1", "type": "function", "function": {…}}] there'
        yield wrong(f"{path}.function_call", f"was replaced by 'tool_calls'; {remedy}.")
    for name, remedy in (("audio", "delete it"), ("refusal", "write the refusal in 'content'")):
        if message.get(name) is not None:
            yield untrainable(f"{path}.{name}", f"cannot be trained here; {remedy}.")
    if calls is None:
        return
    if not isinstance(calls, list) or not calls:
        yield wrong(f"{path}.tool_calls", f"must be a list with at least one call; got {'an empty one' if calls == [] else show(calls)}.")
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
        open_calls = {}
        for place, call in _list_calls(message, f"{path}[{position}]"):
            if call["id"] in open_calls:
                yield wrong(f"{place}.id", f"must differ from the 'id' of every other call in the message; got {show(call['id'])}.")
            open_calls[call["id"]] = place


def check_called_tools(fields: dict[str, Any], messages: list[dict[str, Any]], path: str) -> Iterator[Finding]:
    """Yield the problems of calls with the `tools` of the object `path`. The tools, and messages at `path`, are right by themselves."""
    functions = {tool["function"]["name"]: tool["function"] for tool in fields.get("tools") or ()}
    for position, message in enumerate(messages):
        place = f"{join(path, 'messages')}[{position}]"
        calls = list(_list_calls(message, place))
        if len(calls) > 1 and fields.get("parallel_tool_calls") is False:
            found = f"must have only one call, because '{join(path, 'parallel_tool_calls')}' is false; got {len(calls)}"
            yield wrong(f"{place}.tool_calls", f"{found}. Write a message for each call, or delete '{join(path, 'parallel_tool_calls')}'.")
        for each, call in calls:
            yield from _check_function(call["function"], functions, f"{each}.function", join(path, "tools"))


def _list_calls(message: dict[str, Any], path: str) -> Iterator[Place]:
    for position, call in enumerate(message.get("tool_calls") or ()):
        yield f"{path}.tool_calls[{position}]", call


def _close_call(message: dict[str, Any], path: str, open_calls: dict[str, str]) -> Iterator[Finding]:
    call = message.get("tool_call_id")
    if not isinstance(call, str) or not call:
        yield wrong(f"{path}.tool_call_id", "is required; write the 'id' of the call that this is the result of.")
    elif open_calls.pop(call, None) is None:
        yield wrong(
            f"{path}.tool_call_id",
            f"must be the 'id' of a call in the assistant's message before it that has no result yet; got {show(call)}.",
        )


def _unanswered(open_calls: dict[str, str]) -> Iterator[Finding]:
    for place in open_calls.values():
        yield wrong(place, "has no result; right after its message, add one with the role 'tool' and the call's 'id' as 'tool_call_id'.")


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
    yield from _check_described(function, f"{path}.function")


def _check_described(function: dict[str, Any], path: str) -> Iterator[Finding]:
    description, parameters, strict = (function.get(name) for name in ("description", "parameters", "strict"))
    if description is not None and not isinstance(description, str):
        yield wrong_type(f"{path}.description", "a string", description)
    if strict is not None and not isinstance(strict, bool):
        yield wrong_type(f"{path}.strict", "true or false", strict)
    if parameters is not None and not isinstance(parameters, dict):
        yield wrong_type(f"{path}.parameters", "an object (a JSON Schema)", parameters)
    elif problem := find_parameters_problem(parameters or {}):
        yield wrong(f"{path}.parameters", f"{problem}.")


def _check_repeated(tools: list[Any], path: str) -> Iterator[Finding]:
    functions = [tool["function"] for tool in tools if isinstance(tool, dict) and isinstance(tool.get("function"), dict)]
    names = Counter(name for function in functions if isinstance(name := function.get("name"), str))
    for name, count in names.items():
        if count > 1:
            yield wrong(path, f"must not list a function twice; rename or delete one of those named {show(name)}.")


def _check_call(call: Any, path: str) -> Iterator[Finding]:
    if not isinstance(call, dict):
        yield wrong_type(path, "an object with 'id', 'type' and 'function'", call)
        return
    yield from _check_type(call, path)
    if not (isinstance(call.get("id"), str) and call["id"]):
        yield wrong(f"{path}.id", "must be a string that is not empty; the result repeats it as 'tool_call_id'.")
    function = call.get("function")
    if not isinstance(function, dict):
        yield wrong(f"{path}.function", "must be an object with 'name' and 'arguments'.")
        return
    yield from _check_name(function, f"{path}.function")
    yield from required(function, "arguments", f"{path}.function", 'write a string with JSON, such as "{}"')
    if "arguments" in function and _load(function["arguments"]) is None:
        yield wrong(f"{path}.function.arguments", 'must be a string with a JSON object, such as "{}".')


def _check_function(called: dict[str, Any], functions: Mapping[str, dict[str, Any]], path: str, tools: str) -> Iterator[Finding]:
    """Yield the problem of a call with the functions of the tools."""
    name = called["name"]
    if name not in functions:
        listed = f" ({', '.join(map(show, functions))[:200]})" if functions else ""
        yield wrong(
            f"{path}.name", f"must be the name of a function in '{tools}'{listed}; got {show(name)}. Correct it or add the function."
        )
    elif problem := find_arguments_problem(_load(called["arguments"]) or {}, functions[name].get("parameters") or {}):
        yield wrong(f"{path}.arguments", f"must match the 'parameters' of {show(name)}: {problem}.")


def _check_type(each: dict[str, Any], path: str) -> Iterator[Finding]:
    if each.get("type") != "function":
        yield wrong(f"{path}.type", f"must be 'function'; got {show(each.get('type'))}.")


def _check_name(function: dict[str, Any], path: str) -> Iterator[Finding]:
    name = function.get("name")
    if not (isinstance(name, str) and NAME.fullmatch(name)):
        yield wrong(f"{path}.name", "must have 1 to 64 letters, digits, underscores or dashes.")


def _load(text: Any) -> dict[str, Any] | None:
    """Return the object in a text of JSON; None if it is none."""
    try:
        value = json.loads(text, parse_constant=_refuse) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
