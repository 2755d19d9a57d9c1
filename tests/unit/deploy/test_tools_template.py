"""The default model's chat template with tools. Without tools it writes what the model's own writes, which adapters were trained on."""

from typing import Any

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from deploy.local.environment import TOOLS_TEMPLATE

OWN = """{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system
You are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>
' }}{% endif %}{{'<|im_start|>' + message['role'] + '
' + message['content'] + '<|im_end|>' + '
'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant
' }}{% endif %}"""
USER = {"role": "user", "content": "How heavy is it?\n"}
SYSTEM = {"role": "system", "content": "Be short."}
TOOL = {"type": "function", "function": {"name": "weigh", "parameters": {"type": "object", "properties": {"item": {"type": "string"}}}}}
CALL = {"id": "call_1", "type": "function", "function": {"name": "weigh", "arguments": {"item": "Spüle"}}}


def render(source: str, messages: list[dict[str, Any]], **more: Any) -> str:
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": False}
    return environment.from_string(source).render(messages=messages, **more)


@pytest.mark.parametrize("messages", [[USER], [SYSTEM, USER], [USER, {"role": "assistant", "content": "4 kg"}, USER], []])
@pytest.mark.parametrize("tools", [None, []])
@pytest.mark.parametrize("add_generation_prompt", [True, False])
def test_without_tools_it_writes_what_the_models_own_template_writes(
    messages: list[dict[str, Any]], tools: list[Any] | None, add_generation_prompt: bool
) -> None:
    own, ours = (
        render(source, messages, tools=tools, add_generation_prompt=add_generation_prompt) for source in (OWN, TOOLS_TEMPLATE.read_text())
    )
    assert ours == own


def test_tools_are_in_the_system_message_and_calls_have_the_form_that_the_parser_reads() -> None:
    messages: list[dict[str, Any]] = [
        SYSTEM,
        USER,
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "content": "4 kg"},
    ]
    shown = render(TOOLS_TEMPLATE.read_text(), messages, tools=[TOOL], add_generation_prompt=True)
    assert shown.startswith("<|im_start|>system\nBe short.\n\nYou may call these functions:\n<tools>\n{")
    assert shown.count("<|im_start|>system") == 1
    assert '"name": "weigh"' in shown.partition("</tools>")[0]
    assert '\n<tool_call>\n{"name": "weigh", "arguments": {"item": "Spüle"}}\n</tool_call><|im_end|>\n' in shown
    assert shown.endswith("<|im_start|>tool\n4 kg<|im_end|>\n<|im_start|>assistant\n")


def test_the_models_own_system_message_stays_in_front_of_tools() -> None:
    shown = render(TOOLS_TEMPLATE.read_text(), [USER], tools=[TOOL], add_generation_prompt=False)
    assert shown.startswith("<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face\n\nYou may call")
    assert shown.endswith("<|im_start|>user\nHow heavy is it?\n<|im_end|>\n")
