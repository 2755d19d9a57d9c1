"""OpenAI's format for preferences (DPO): a prompt, the answer that the model should prefer, and another one."""

from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Any

from shared.datasets.examples.chat import check_messages, convert_message
from shared.datasets.examples.example import Preference
from shared.datasets.examples.findings import Finding, check_then, required, show, unknown_keys, untrainable, wrong, wrong_type
from shared.datasets.examples.message import read_text
from shared.datasets.examples.tools import check_called_tools, check_results, check_tools

OUTPUTS = ("preferred_output", "non_preferred_output")
FIELDS = ("input", *OUTPUTS)
INPUT_FIELDS = ("messages", "tools", "parallel_tool_calls", "functions")
ANSWER = 'write [{"role": "assistant", "content": "…"}]'


def check_preference(value: dict[str, Any]) -> Iterator[Finding]:
    """Yield the problems of a line."""
    yield from unknown_keys(value, FIELDS, "", "a preference pair")
    yield from required(value, "input", "", 'write {"messages": […]}')
    if "input" in value:
        yield from _check_input(value["input"])
    yield from check_then(chain.from_iterable(_check_output(value, name) for name in OUTPUTS), partial(_check_difference, value))


def convert_preference(value: dict[str, Any]) -> Preference:
    """Return the pair of a line without problems."""
    messages = [convert_message({**message, "weight": None}) for message in value["input"]["messages"]]
    answers = {"preferred": _answer(value, OUTPUTS[0]), "rejected": _answer(value, OUTPUTS[1])}
    return Preference.model_validate({"messages": messages, "tools": value["input"].get("tools") or [], **answers})


def _check_input(fields: Any) -> Iterator[Finding]:
    if not isinstance(fields, dict):
        yield wrong_type("input", "an object with 'messages'", fields)
        return
    yield from unknown_keys(fields, INPUT_FIELDS, "input", "'input'")
    yield from check_tools(fields, "input")
    remedy = "add the user's message that both answers reply to"
    yield from check_then(check_messages(fields.get("messages"), "input.messages", remedy), partial(_check_prompt, fields))


def _check_prompt(fields: dict[str, Any]) -> Iterator[Finding]:
    """Yield the problems of an input whose messages are right by themselves."""
    messages = fields["messages"]
    if messages[-1]["role"] not in ("user", "tool"):
        yield Finding(
            "input.messages",
            f"the last of 'input.messages' must have the role 'user' or 'tool'; got {show(messages[-1]['role'])}. The answers belong in "
            "'preferred_output' and 'non_preferred_output'.",
        )
    yield from check_results(messages, "input.messages")
    yield from check_called_tools(fields, messages, "input")


def _check_difference(value: dict[str, Any]) -> Iterator[Finding]:
    if _answer(value, OUTPUTS[0]) == _answer(value, OUTPUTS[1]):
        yield wrong("non_preferred_output", "must differ from 'preferred_output'; otherwise there is nothing to prefer.")


def _check_output(value: dict[str, Any], name: str) -> Iterator[Finding]:
    if name not in value:
        yield from required(value, name, "", ANSWER)
        return
    output = value[name]
    if not isinstance(output, list) or len(output) != 1:
        got = f"a list of {len(output)}" if isinstance(output, list) else show(output)
        yield wrong(name, f"must be a list with exactly one message, of the assistant; got {got}; {ANSWER}.")
        return
    yield from check_then(check_messages(output, name, ANSWER), lambda: _check_answer(output[0], name))


def _check_answer(message: dict[str, Any], name: str) -> Iterator[Finding]:
    if message["role"] != "assistant":
        yield wrong(f"{name}[0].role", f"must be 'assistant'; got {show(message['role'])}.")
    elif message.get("tool_calls"):
        yield untrainable(f"{name}[0].tool_calls", "cannot be trained in a preference pair; write the answer as text in 'content'.")


def _answer(value: dict[str, Any], name: str) -> str:
    return read_text(value[name][0].get("content"))
