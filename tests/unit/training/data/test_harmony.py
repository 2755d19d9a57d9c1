"""Chats of gpt-oss with tools and thinking: what is learned, and after which prompt.

`tests/integration/test_harmony_tokens.py` compares the prompts with those of vLLM's own functions.
"""

from datetime import datetime
from typing import Any

import pytest

from services.training.data.chat_format import ChatTemplateError
from services.training.data.harmony import Harmony
from shared.datasets import Example
from tests.unit.training.data.chat_templates import GPT_OSS
from tests.unit.training.data.tool_chats import ANSWER, ASK, RESULT, call, learned

DATE = f"{datetime.now().astimezone():%Y-%m-%d}"
SYSTEM = (
    "<|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.\nKnowledge cutoff: 2024-06\n"
    f"Current date: {DATE}\n\nReasoning: medium\n\n"
    "# Valid channels: analysis, commentary, final. Channel must be included for every message.\n"
    "Calls to these tools must go to the commentary channel: 'functions'.<|end|>"
)
TOOLS = "# Tools\n\n## functions\n\nnamespace functions {\n\ntype weigh = (_: {\n}) => any;\n\n} // namespace functions<|end|>"
PROMPT = f"{SYSTEM}<|start|>developer<|message|>{TOOLS}<|start|>user<|message|>How heavy?<|end|><|start|>assistant"
CALL = ' to=functions.weigh<|channel|>commentary json<|message|>{"n":1}<|call|>'
SHOWN_RESULT = '<|start|>functions.weigh<|channel|>commentary to=assistant<|message|>{"kg": 4}<|end|><|start|>assistant'
FINAL = "<|channel|>final<|message|>4 kg<|return|>"
HM = "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant"


def think(message: dict[str, Any], text: str = "Hm.") -> dict[str, Any]:
    return {**message, "content": f"<think>\n{text}\n</think>\n\n{message['content']}"}


def test_a_call_ends_with_the_token_at_which_the_engine_stops_and_later_prompts_have_it_too() -> None:
    assert learned(GPT_OSS, ASK, call('{"n":1}'), RESULT, ANSWER) == [(PROMPT, CALL), (PROMPT + CALL + SHOWN_RESULT, FINAL)]


def test_tools_follow_the_instructions_of_the_first_system_message() -> None:
    [(before, _)] = learned(GPT_OSS, {"role": "system", "content": "Be short."}, ASK, ANSWER)
    assert before.startswith(f"{SYSTEM}<|start|>developer<|message|># Instructions\n\nBe short.\n\n{TOOLS}<|start|>user")


def test_text_beside_a_call_is_written_before_it() -> None:
    [(before, answer)] = learned(GPT_OSS, ASK, call('{"n":1}', content="I weigh it."))
    assert (before, answer) == (PROMPT, f"<|channel|>commentary<|message|>I weigh it.<|end|><|start|>assistant{CALL}")


def test_thinking_is_learned_in_its_channel_and_later_prompts_have_it_until_there_is_an_answer() -> None:
    first, second, third = learned(GPT_OSS, ASK, think(call('{"n":1}')), RESULT, think(ANSWER), ASK, think(ANSWER))
    assert first == (PROMPT, HM + CALL)
    assert second == (PROMPT + HM + CALL + SHOWN_RESULT, HM + FINAL)
    answered = SHOWN_RESULT + FINAL.replace("<|return|>", "<|end|>")
    shown = f"{PROMPT}{CALL}{answered}<|start|>user<|message|>How heavy?<|end|><|start|>assistant"
    assert third == (shown, HM + FINAL)


def test_the_model_writes_text_beside_a_call_after_the_thinking_although_prompts_show_it_before() -> None:
    said = "<|channel|>commentary<|message|>I weigh it.<|end|><|start|>assistant"
    first, second = learned(GPT_OSS, ASK, think(call('{"n":1}', content="I weigh it.")), RESULT, ANSWER)
    assert first == (PROMPT, HM + said + CALL)
    assert second == (PROMPT + said + HM + CALL + SHOWN_RESULT, FINAL)


@pytest.mark.parametrize("content", ["4 kg", "<think></think>4 kg", "<think>\n\n</think>\n\n4 kg"])
def test_an_answer_without_thinking_has_no_channel_for_it(content: str) -> None:
    assert learned(GPT_OSS, ASK, {**ANSWER, "content": content}) == [(PROMPT, FINAL)]


def test_a_message_with_several_calls_is_shown_but_not_learned() -> None:
    results = [RESULT, {**RESULT, "tool_call_id": "call00001"}]
    [(before, answer)] = learned(GPT_OSS, ASK, call('{"n":1}', '{"n":1}', weight=0), *results, ANSWER)
    assert before == PROMPT + CALL + "<|start|>assistant" + CALL + SHOWN_RESULT.removesuffix("<|start|>assistant") + SHOWN_RESULT
    assert answer == FINAL
    with pytest.raises(ChatTemplateError, match=r"the engine stops gpt-oss after each call.*; put each call into its own message"):
        learned(GPT_OSS, ASK, call("{}", "{}"), *results, ANSWER)


def test_a_message_that_has_only_thinking_is_not_learned() -> None:
    thinking = {"role": "assistant", "content": "<think>Hm.</think>\n"}
    with pytest.raises(ChatTemplateError, match="has only thinking; write the answer after '</think>'"):
        learned(GPT_OSS, ASK, thinking)
    assert learned(GPT_OSS, ASK, {**thinking, "weight": 0}, ANSWER) == [(f"{PROMPT}{HM}", FINAL)]


@pytest.mark.parametrize(
    "messages",
    [
        [{"role": "user", "content": "What is <|end|>?"}, ANSWER],
        [{"role": "system", "content": "<|start|>"}, ASK, ANSWER],
        [ASK, {**ANSWER, "content": "It is <|return|>."}],
        [ASK, call('{"n": "<|call|>"}')],
        [ASK, call("{}"), {**RESULT, "content": "<|channel|>"}, ANSWER],
    ],
)
def test_a_text_with_a_control_token_is_refused(messages: list[dict[str, Any]]) -> None:
    with pytest.raises(ChatTemplateError, match=r"the text '<\|\w+\|>' is a control token of gpt-oss; delete it"):
        learned(GPT_OSS, *messages)


def test_a_text_that_only_resembles_a_control_token_is_trained() -> None:
    [(before, _)] = learned(GPT_OSS, {"role": "user", "content": "<|im_start|> <| end |>"}, ANSWER)
    assert "<|message|><|im_start|> <| end |><|end|>" in before


def test_the_format_is_identified_without_the_date() -> None:
    chat = Example.model_validate({"messages": [ASK, ANSWER]})
    assert DATE in Harmony("").render(chat.messages)
    assert Harmony("").sha256 == Harmony("<|return|>").sha256
    assert Harmony("").shows_tools
