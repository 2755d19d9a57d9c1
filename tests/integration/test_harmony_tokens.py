"""The prompts of gpt-oss that are trained have the tokens that vLLM gives the model, and what is learned is what vLLM reads as the answer.

vLLM's own functions and the library of the Harmony format make the tokens, from the request of a chat completion on. The library has the
vocabulary of gpt-oss.
"""

import json
import random
import warnings
from collections.abc import Sequence
from typing import Any

import pytest

from services.training.data.harmony import Harmony
from shared.datasets import Example
from shared.datasets.examples.example import ExampleMessage
from tests.integration.random_schemas import WORDS, make_schema

with warnings.catch_warnings(action="ignore"):  # of what vLLM imports
    import openai_harmony
    from vllm.entrypoints.openai.chat_completion.protocol import ChatCompletionRequest
    from vllm.entrypoints.openai.parser.harmony_utils import (
        build_harmony_preamble,
        extract_instructions_from_messages,
        parse_chat_inputs_to_harmony_messages,
        render_for_completion,
    )

FORMAT = Harmony("<|return|>")
SYSTEM = {"role": "system", "content": "Be short.\nAnswer in German.\n"}
ASK = {"role": "user", "content": "Wie schwer?\n\n"}


@pytest.fixture(scope="module")
def encoding() -> Any:
    return openai_harmony.load_harmony_encoding("HarmonyGptOss")


def call(*functions: tuple[str, str], thinking: str = "", content: str = "", **fields: Any) -> dict[str, Any]:
    calls = [
        {"id": f"call_{number}_{name}", "type": "function", "function": {"name": name, "arguments": arguments}}
        for number, (name, arguments) in enumerate(functions)
    ]
    return {"role": "assistant", "thinking": thinking, "content": content, **({"tool_calls": calls} if calls else {}), **fields}


def result(id: str, content: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": id, "content": content}


def say(content: str, thinking: str = "", **fields: Any) -> dict[str, Any]:
    return {"role": "assistant", "thinking": thinking, "content": content, **fields}


WEIGH = {
    "name": "weigh",
    "description": "Weighs „an item“.\nIn kg.\r\n",
    "strict": True,
    "parameters": {
        "type": "object",
        "description": "What to weigh",
        "properties": {
            "item": {"type": "string", "description": "Its name", "enum": ["Spüle", "山"]},
            "count": {"type": "integer", "default": 1},
            "boxes": {"type": "array", "items": {"type": "object", "properties": {"size": {"type": ["number", "null"]}}}},
            "unit": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
            "way": {"oneOf": [{"type": "string", "description": "By name"}, {"type": "integer", "nullable": True}], "description": "How"},
        },
        "required": ["item"],
        "additionalProperties": False,
    },
}
FUNCTIONS: list[dict[str, Any]] = [WEIGH, {"name": "stop"}, {"name": "look_up-2", "description": "", "parameters": {}}]
ITEM, NESTED = '{"item": "Spüle"}', '{"count":2, "item":"\\u5c71", "boxes": [{"size": 1.5e3}, {"size": null}]}'
PLAN = "I weigh it.\n\nThen I say so."
AGAIN = {"id": "call_0_weigh", "type": "function", "function": {"name": "stop", "arguments": "{}"}}
STOPPED = result("call_0_stop", "ok\n")
CHATS: dict[str, list[dict[str, Any]]] = {
    "an answer": [ASK, say("4 kg.")],
    "answers": [ASK, say("4 kg.\n"), ASK, say("\n\n  5 kg")],
    "thinking": [ASK, say("4 kg.", PLAN), ASK, say("5 kg.", "  Hm. "), ASK, say("6 kg.", "\tHm.")],
    "a call": [ASK, call(("weigh", ITEM))],
    "a call with its result": [ASK, call(("weigh", ITEM)), result("call_0_weigh", '{"kg": 4, "name": "Spüle"}'), say("4 kg.")],
    "text beside a call": [ASK, call(("stop", "{}"), content="I stop.\n"), result("call_0_stop", ""), say("Done.")],
    "thinking before calls": [
        ASK, call(("weigh", NESTED), thinking=PLAN), result("call_0_weigh", "4"), call(("stop", "{}"), thinking="Hm.", content="I stop."),
        STOPPED, say("4 kg.", "Done."), ASK, call(("stop", "{}"), thinking="Again."),
    ],
    "several calls": [
        ASK, call(("weigh", ITEM), ("look_up-2", '{"a": 1}'), thinking=PLAN, content="Both.", weight=0), result("call_0_weigh", "4\n"),
        result("call_1_look_up-2", "<5>"), say("4 kg.", PLAN),
    ],
    "an id that is used again": [
        ASK, call(("weigh", ITEM)), result("call_0_weigh", "4"), say("4 kg."), ASK, {**call(), "tool_calls": [AGAIN]},
        result("call_0_weigh", "5"), say("5 kg."),
    ],
    "messages of one role": [ASK, ASK, say("4", weight=0), say("kg.", PLAN), {**SYSTEM, "content": "In French."}, ASK, say("Oui")],
    "only thinking": [ASK, say("", PLAN, weight=0), say("4 kg.")],
}  # fmt: skip


def in_request(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message as a client sends it, with what the engine answered as `reasoning`."""
    fields = {name: value for name, value in message.items() if name not in ("thinking", "weight")}
    return {**fields, "reasoning": message["thinking"]} if message.get("thinking") else fields


def in_file(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message as a training file has it."""
    fields = {name: value for name, value in message.items() if name != "thinking"}
    return {**fields, "content": f"<think>\n{message['thinking']}\n</think>\n\n{message['content']}"} if message.get("thinking") else fields


def serve(messages: Sequence[dict[str, Any]], functions: Sequence[dict[str, Any]]) -> list[int]:
    """Return the tokens that the engine gets for a request."""
    tools = [{"type": "function", "function": function} for function in functions]
    request = ChatCompletionRequest.model_validate({"messages": list(map(in_request, messages)), **({"tools": tools} if tools else {})})
    instructions, others = extract_instructions_from_messages(request.messages)
    shown: Any = request.tools
    preamble = build_harmony_preamble(instructions=instructions, tools=shown, with_custom_tools=bool(shown))
    return list(render_for_completion(preamble + parse_chat_inputs_to_harmony_messages(others)))


def tokenize(encoding: Any, text: str) -> list[int]:
    return list(encoding.encode(text, allowed_special="all"))


@pytest.mark.parametrize("functions", [FUNCTIONS, []], ids=["tools", "no tools"])
@pytest.mark.parametrize("first", [[SYSTEM], []], ids=["instructions", "no instructions"])
@pytest.mark.parametrize("chat", CHATS.values(), ids=CHATS)
def test_each_answer_is_trained_after_the_tokens_that_vllm_gives_the_model(
    chat: list[dict[str, Any]], first: list[dict[str, Any]], functions: list[dict[str, Any]], encoding: Any
) -> None:
    written = [*first, *chat]
    tools = [{"type": "function", "function": function} for function in functions]
    example = Example.model_validate({"messages": list(map(in_file, written)), "tools": tools})
    for position, message in enumerate(example.messages):
        if message.is_learned:
            prompt = FORMAT.render(example.messages[:position], example.tools, add_generation_prompt=True)
            whole = FORMAT.render(example.messages[: position + 1], example.tools)
            served = serve(written[:position], functions)
            assert encoding.decode(served) == prompt
            assert tokenize(encoding, prompt) == served
            assert tokenize(encoding, whole)[: len(served)] == served
            assert whole.startswith(prompt)
            check_answer(encoding, tokenize(encoding, whole)[len(served) :], written[position])


def check_answer(encoding: Any, tokens: list[int], expected: dict[str, Any]) -> None:
    """Check that the engine stops at the end of an answer, not before, and reads what is expected in it."""
    ends = set(encoding.stop_tokens_for_assistant_actions())
    assert [token in ends for token in tokens] == [False] * (len(tokens) - 1) + [True]
    parts = encoding.parse_messages_from_completion_tokens(tokens, openai_harmony.Role.ASSISTANT)
    calls = expected.get("tool_calls", [])
    last = ("final", None) if not calls else ("commentary", f"functions.{calls[0]['function']['name']}")
    said = [("commentary", None, expected["content"])] if calls and expected["content"] else []
    thought = [("analysis", None, expected["thinking"])] if expected["thinking"] else []
    text = calls[0]["function"]["arguments"] if calls else expected["content"]
    shown: list[Any] = [(part.channel, part.recipient, part.to_dict()["content"][0]["text"]) for part in parts]
    if expected["thinking"]:
        text, said = (text if calls else text.lstrip("\n")), [(channel, to, each.lstrip("\n")) for channel, to, each in said]
    assert shown == [*thought, *said, (*last, text)]


@pytest.mark.parametrize("seed", range(10))
def test_functions_have_the_tokens_that_the_library_writes_them_with(seed: int, encoding: Any) -> None:
    chance, ask = random.Random(seed), {"role": "user", "content": "x"}
    for _ in range(200):
        function = {"name": "f", "description": chance.choice([*WORDS, "a\r\nb\r", "\n"]), "parameters": make_schema(chance)}
        tools = [{"type": "function", "function": function}]
        prompt = FORMAT.render([ExampleMessage.model_validate(ask)], tools, add_generation_prompt=True)
        served = serve([ask], [function])
        assert encoding.decode(served) == prompt, json.dumps(function)
        assert tokenize(encoding, prompt) == served
