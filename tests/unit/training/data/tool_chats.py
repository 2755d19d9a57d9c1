"""Chats with tools, and what is learned of them."""

from typing import Any

from services.training.data.encode import IGNORE_INDEX
from shared.datasets import Example
from tests.unit.training.data.chat_templates import Family

TOOL = {"type": "function", "function": {"name": "weigh", "parameters": {"type": "object"}, "strict": True}}
SHOWN = '{"type": "function", "function": {"name": "weigh", "description": null, "parameters": {"type": "object"}, "strict": true}}'
ASK = {"role": "user", "content": "How heavy?"}
ANSWER = {"role": "assistant", "content": "4 kg"}
RESULT = {"role": "tool", "tool_call_id": "call00000", "content": '{"kg": 4}'}


def call(*arguments: str, content: str = "", number: int = 0, **fields: Any) -> dict[str, Any]:
    calls = [
        {"id": f"call0000{number + position}", "type": "function", "function": {"name": "weigh", "arguments": each}}
        for position, each in enumerate(arguments)
    ]
    return {"role": "assistant", "content": content, "tool_calls": calls, **fields}


def learned(family: Family, *messages: dict[str, Any]) -> list[tuple[str, str]]:
    """Return each answer that is learned, after the text before it."""
    example = Example.model_validate({"messages": list(messages), "tools": [TOOL]})
    tokenizer, found = family.make_tokenizer(), list[tuple[str, str]]()
    for sequence in family.make_encoder().encode(example.messages, example.tools):
        labels = [*sequence.labels, IGNORE_INDEX]
        starts = [place for place in range(1, len(labels)) if labels[place] != IGNORE_INDEX and labels[place - 1] == IGNORE_INDEX]
        for start in starts:
            parts = (sequence.input_ids[:start], labels[start : labels.index(IGNORE_INDEX, start)])
            before, answer = (tokenizer.decode(ids, skip_special_tokens=False) for ids in parts)
            found.append((before, answer))
    return found
