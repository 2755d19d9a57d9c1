"""Chats with tools: calls are learned like any answer, after the prompt that the engine gets, and results are not.

`python -m benchmarks.served_tokens` checks the same with the models' own templates, tokenizers, and vLLM's own functions.
"""

import pytest

from deploy.local.environment import TOOLS_TEMPLATE
from services.training.data.chat_format import ChatTemplateError
from tests.unit.training.cases import make_encoder
from tests.unit.training.data.chat_templates import FAMILIES, GPT_OSS, Family
from tests.unit.training.data.tool_chats import ANSWER, ASK, RESULT, SHOWN, call, learned
from tests.unit.training.data.tool_templates import LLAMA, MISTRAL, QWEN


def test_a_call_is_learned_with_its_end_token_and_the_result_is_not() -> None:
    prompt = f"<|im_start|>system\nTools:\n{SHOWN}\n<|im_end|>\n<|im_start|>user\nHow heavy?<|im_end|>\n<|im_start|>assistant\n"
    written = '<call>{"name": "weigh", "arguments": {"item": "Spüle", "n": 2}}</call><|im_end|>'
    after = f'{prompt}{written}\n<|im_start|>user\n<result>{{"kg": 4}}</result><|im_end|>\n<|im_start|>assistant\n'
    messages = [ASK, call('{"item":"Sp\\u00fcle",  "n":2}'), RESULT, ANSWER]
    assert learned(QWEN, *messages) == [(prompt, written), (after, "4 kg<|im_end|>")]


def test_the_last_message_may_have_only_calls() -> None:
    [(_, answer)] = learned(QWEN, ASK, call("{}", '{"n": 1}'))
    assert answer == ('<call>{"name": "weigh", "arguments": {}}</call>\n<call>{"name": "weigh", "arguments": {"n": 1}}</call><|im_end|>')


def test_text_before_a_call_is_learned_with_it() -> None:
    [(_, answer)] = learned(QWEN, ASK, call("{}", content="<think>\nI weigh it.\n</think>\n\n"))
    assert answer.startswith("<think>\nI weigh it.\n</think>\n\n\n<call>")


def test_a_call_with_the_weight_0_is_not_learned() -> None:
    assert [answer for _, answer in learned(QWEN, ASK, call("{}", weight=0), RESULT, ANSWER)] == ["4 kg<|im_end|>"]


def test_a_result_is_shown_as_the_template_shows_it() -> None:
    [(_, first), (before, _)] = learned(LLAMA, ASK, call('{"n": 1}'), RESULT, ANSWER)
    assert first == '{"name": "weigh", "parameters": {"n": 1}}<|eot_id|>'
    assert before.endswith('<|h|>tool\n\n"{\\"kg\\": 4}"<|eot_id|><|h|>assistant\n\n')


def test_several_calls_are_refused_if_the_template_refuses_them() -> None:
    with pytest.raises(ChatTemplateError, match="refuses this chat: This model only supports single tool-calls at once"):
        learned(LLAMA, ASK, call("{}", "{}"))


def test_an_id_that_the_template_refuses_is_refused() -> None:
    with pytest.raises(ChatTemplateError, match="IDs must have length 9"):
        learned(MISTRAL, ASK, call("{}", number=10))


def test_tools_that_are_shown_only_with_the_last_question_are_in_every_prompt() -> None:
    found = learned(MISTRAL, {"role": "system", "content": "Be short."}, ASK, ANSWER, {**ASK, "content": "And now?"}, call('{"n": 1}'))
    assert [answer for _, answer in found] == ["4 kg</s>", '[CALL][{"arguments": {"n": 1}, "name": "weigh"}]</s>']
    assert [before for before, _ in found] == [
        f"<s>[TOOLS][{SHOWN}][INST]Be short.\n\nHow heavy?[/INST]",
        f"<s>[INST]How heavy?[/INST]4 kg</s>[TOOLS][{SHOWN}][INST]Be short.\n\nAnd now?[/INST]",
    ]


@pytest.mark.parametrize("family", [pytest.param(family, id=name) for name, family in FAMILIES.items() if family is not GPT_OSS])
def test_a_template_that_does_not_show_tools_is_refused_for_chats_with_them(family: Family) -> None:
    for messages in ([ASK, ANSWER], [ASK, call("{}")]):
        with pytest.raises(ChatTemplateError, match="does not show tools, calls and results"):
            learned(family, *messages)


@pytest.mark.parametrize("part", ["tool | tojson", "call.function.arguments | tojson", "'<result>' ~ message.content"])
def test_a_template_that_leaves_out_a_part_is_refused(part: str) -> None:
    encoder = make_encoder(QWEN.source.replace(part, "''"))
    assert not encoder.template.shows_tools
    assert make_encoder(QWEN.source).template.shows_tools


def test_the_default_model_is_trained_with_the_template_that_the_one_machine_stack_serves_it_with() -> None:
    family = Family(TOOLS_TEMPLATE.read_text(), "", "<|im_end|>", ("<|im_start|>",), ("", ""), ("", ""))
    [(before, first), (_, second)] = learned(family, ASK, call('{"n": 1}'), RESULT, ANSWER)
    assert SHOWN in before
    assert (first, second) == ('\n<tool_call>\n{"name": "weigh", "arguments": {"n": 1}}\n</tool_call><|im_end|>', "4 kg<|im_end|>")
