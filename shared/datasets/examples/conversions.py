"""Formats that are converted to chats: prompt and completion, Alpaca, ShareGPT, and CSV with two columns.

Alpaca's fields are those of Stanford's data (Taori et al. 2023), ShareGPT's those of FastChat's (`from`, `value`). Other fields of a line
are left out, and named in the report.
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from shared.datasets.examples.example import Example
from shared.datasets.examples.findings import Finding, check_then, required, show, wrong, wrong_type

PROMPT_COMPLETION = ("prompt", "completion")
ALPACA = ("instruction", "input", "output", "system")
SHAREGPT = ("conversations", "system")
TURN = ("from", "value")
SPEAKERS = {"human": "user", "user": "user", "gpt": "assistant", "assistant": "assistant", "chatgpt": "assistant", "system": "system"}
TOOL_SPEAKERS = ("function_call", "observation", "tool", "function")
# The names of two columns, in any order: what the user writes, and what the model learns.
PROMPT_COLUMNS = ("prompt", "question", "instruction", "input", "user", "text", "message")
ANSWER_COLUMNS = ("completion", "answer", "output", "response", "assistant", "label", "category", "intent")


def check_pair(value: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the problems of a line with `prompt` and `completion`."""
    for name in PROMPT_COMPLETION:
        yield from _check_text(value, name)


def convert_pair(value: Mapping[str, Any]) -> Example:
    """Return the example of a line with `prompt` and `completion`."""
    return _chat("", value["prompt"], value["completion"])


def check_columns(value: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the problems of a row of two columns."""
    for name in value:
        yield from _check_text(value, name)


def convert_columns(value: Mapping[str, Any]) -> Example:
    """Return the example of a row of two columns."""
    prompt, answer = order_columns(*value)
    return _chat("", value[prompt], value[answer])


def order_columns(first: str, second: str) -> tuple[str, str]:
    """Return the name of the column with prompts and that of the column with answers."""
    return (first, second) if is_pair(first, second) else (second, first)


def is_pair(prompt: str, answer: str) -> bool:
    """Return whether these are the names of a column with prompts and one with answers."""
    return prompt.strip().lower() in PROMPT_COLUMNS and answer.strip().lower() in ANSWER_COLUMNS


def check_alpaca(value: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the problems of a line with `instruction`, `output` and perhaps `input` and `system`."""
    for name in ("instruction", "output"):
        yield from _check_text(value, name)
    for name in ("input", "system"):
        yield from _check_optional(value, name)


def convert_alpaca(value: Mapping[str, Any]) -> Example:
    """Return the example of an Alpaca line. The prompt is the instruction with the input after an empty line."""
    parts = [value["instruction"], value.get("input") or ""]
    return _chat(value.get("system") or "", "\n\n".join(part for part in parts if part.strip()), value["output"])


def check_sharegpt(value: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the problems of a line with `conversations`, each turn with `from` and `value`."""
    yield from _check_optional(value, "system")
    turns = value.get("conversations")
    if not isinstance(turns, list):
        yield wrong_type("conversations", "a list of turns with 'from' and 'value'", turns)
        return
    each = (_check_turn(turn, f"conversations[{position}]") for position, turn in enumerate(turns))
    yield from check_then(chain.from_iterable(each), lambda: _check_speakers([SPEAKERS[turn["from"]] for turn in turns]))


def convert_sharegpt(value: Mapping[str, Any]) -> Example:
    """Return the example of a ShareGPT line. A blank system message is left out."""
    turns = [{"role": SPEAKERS[turn["from"]], "content": turn["value"]} for turn in value["conversations"]]
    system = value.get("system") or ""
    first = [{"role": "system", "content": system}] if system.strip() else []
    return Example.model_validate({"messages": first + [turn for turn in turns if turn["content"].strip()]})


def list_unused(value: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of fields of a ShareGPT line without problems that are not used, those of its turns only once."""
    yield from (name for name in value if name not in SHAREGPT)
    turns = {name: None for turn in value["conversations"] for name in turn if name not in TURN}
    yield from (f"conversations[].{name}" for name in turns)


def _check_turn(turn: Any, path: str) -> Iterator[Finding]:
    if not isinstance(turn, dict):
        yield wrong_type(path, "an object with 'from' and 'value'", turn)
        return
    speaker = turn.get("from")
    if "from" not in turn and "role" in turn:
        yield wrong(f"{path}.from", "is required; if the turns have 'role' and 'content', rename 'conversations' to 'messages'.")
    elif isinstance(speaker, str) and speaker in TOOL_SPEAKERS:
        yield Finding(
            f"{path}.from",
            f"'{path}.from' is {show(speaker)}, but tools are trained in OpenAI's format only. Write 'messages' and 'tools'.",
            "not_supported",
        )
    elif not (isinstance(speaker, str) and speaker in SPEAKERS):
        listed = ", ".join(f"'{each}'" for each in SPEAKERS)
        yield wrong(f"{path}.from", f"must be one of {listed}; got {show(speaker)}.")
    elif speaker != "system":
        yield from _check_text(turn, "value", path)
    else:
        yield from _check_optional(turn, "value", path)


def _check_speakers(roles: list[str]) -> Iterator[Finding]:
    if "user" not in roles:
        yield wrong("conversations", "must have a turn from 'human'; add what the model answers.")
    if not roles or roles[-1] != "assistant":
        yield Finding("conversations", "the last of 'conversations' must be from 'gpt'; add the answer that the model should learn.")


def _check_text(fields: Mapping[str, Any], name: str, path: str = "") -> Iterator[Finding]:
    place = f"{path}.{name}" if path else name
    if name not in fields:
        yield from required(fields, name, path, "write its text")
    elif not isinstance(fields[name], str):
        yield wrong_type(place, "a string", fields[name])
    elif not fields[name].strip():
        yield wrong(place, "must not be blank; write its text, or delete the example.")


def _check_optional(fields: Mapping[str, Any], name: str, path: str = "") -> Iterator[Finding]:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        yield wrong_type(f"{path}.{name}" if path else name, "a string", value)


def _chat(system: str, prompt: str, answer: str) -> Example:
    first = [{"role": "system", "content": system}] if system.strip() else []
    turns = [{"role": "user", "content": prompt}, {"role": "assistant", "content": answer}]
    return Example.model_validate({"messages": first + turns})
