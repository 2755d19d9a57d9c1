"""Stored chat completions on the default stack: what the real engine answers, plain and streamed, is what is stored."""

import json
from typing import Any

from openai import OpenAI

TOOLS: Any = [
    {
        "type": "function",
        "function": {
            "name": "weigh",
            "strict": True,
            "parameters": {
                "type": "object",
                "properties": {"item": {"type": "string", "enum": ["anchor", "buoy"]}},
                "required": ["item"],
                "additionalProperties": False,
            },
        },
    }
]
QUESTION: Any = [{"role": "system", "content": "Be short."}, {"role": "user", "content": "How heavy is the anchor?"}]


def options(base: str, name: str, **fields: Any) -> Any:
    fixed = {"model": base, "messages": QUESTION, "max_tokens": 24, "temperature": 0, "seed": 1}
    return {**fixed, "store": True, "metadata": {"test": name}, **fields}


def read_stored(client: OpenAI, name: str) -> Any:
    (stored,) = client.chat.completions.list(metadata={"test": name}).data
    assert [message.content for message in client.chat.completions.messages.list(stored.id)] == [each["content"] for each in QUESTION]
    client.chat.completions.delete(stored.id)
    return stored


def test_a_plain_answer_and_its_stream_are_stored_alike(client: OpenAI, base: str) -> None:
    plain = client.chat.completions.create(**options(base, "plain", logprobs=True))
    stored = read_stored(client, "plain")
    assert (stored.id, stored.choices, stored.usage) == (plain.id, plain.choices, plain.usage)
    chunks = list(client.chat.completions.create(**options(base, "streamed", logprobs=True), stream=True))
    assert not any(chunk.usage for chunk in chunks)
    streamed = read_stored(client, "streamed")
    assert {chunk.id for chunk in chunks} == {streamed.id}
    assert [summarize(choice) for choice in streamed.choices] == [summarize(choice) for choice in plain.choices]
    assert (streamed.usage.prompt_tokens, streamed.usage.completion_tokens) == (plain.usage.prompt_tokens, plain.usage.completion_tokens)


def summarize(choice: Any) -> Any:
    tokens = [token.token for token in choice.logprobs.content]
    return choice.index, choice.finish_reason, choice.message.role, choice.message.content, tokens


def test_all_choices_of_a_stream_are_stored(client: OpenAI, base: str) -> None:
    chunks = list(client.chat.completions.create(**options(base, "choices", n=2, temperature=1, max_tokens=12), stream=True))
    stored = read_stored(client, "choices")
    said = ["".join(part.delta.content or "" for chunk in chunks for part in chunk.choices if part.index == index) for index in (0, 1)]
    assert [(choice.index, choice.message.content) for choice in stored.choices] == list(enumerate(said))
    assert {choice.finish_reason for choice in stored.choices} <= {"stop", "length"}


def test_a_function_call_and_its_stream_are_stored_alike(client: OpenAI, base: str) -> None:
    forced: Any = {"tools": TOOLS, "tool_choice": "required", "parallel_tool_calls": False, "max_tokens": 100}
    client.chat.completions.create(**options(base, "plain call", **forced))
    list(client.chat.completions.create(**options(base, "streamed call", **forced), stream=True))
    plain, streamed = (read_stored(client, name).choices[0] for name in ("plain call", "streamed call"))
    (call,), (streamed_call,) = plain.message.tool_calls, streamed.message.tool_calls
    assert (streamed_call.type, streamed_call.function.name) == (call.type, call.function.name)
    assert json.loads(streamed_call.function.arguments) == json.loads(call.function.arguments)
    assert streamed_call.id and streamed.finish_reason == plain.finish_reason == "tool_calls"
    assert (plain.message.content or None) is (streamed.message.content or None) is None


def test_an_answer_from_documents_is_stored_with_its_citations(client: OpenAI, base: str, store: str) -> None:
    extra: Any = {"retrieval": {"vector_store_ids": [store], "max_num_results": 2, "max_context_tokens": 400}}
    chunks = list(client.chat.completions.create(**options(base, "grounded"), stream=True, extra_body=extra))
    stored = read_stored(client, "grounded")
    assert stored.citations == chunks[-1].citations != []
    assert stored.choices[0].message.content == "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
