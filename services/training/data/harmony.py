"""The chats of gpt-oss as vLLM serves them: in the Harmony format, which vLLM writes itself instead of using the model's own template.

The two differ: the model's template adds line feeds to the system message, drops system messages after the first, and writes parameters
differently. OpenAI's Harmony response format guide describes the format; vLLM builds it in `entrypoints/openai/parser/harmony_utils.py`.

What the assistant writes is in channels: its thinking in `analysis`, calls and text beside them in `commentary`, an answer in `final`. The
thinking is what a message's content has between `<think>` and `</think>`, as with Qwen 3. The engine stops at the `<|return|>` after an
answer, and at the `<|call|>` after a call. In prompts, an answer ends with `<|end|>`, and thinking up to the last answer is left out.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from services.training.data.chat_format import TOOL, TOOL_CHAT, ChatFormat, ChatTemplateError, Tool
from services.training.data.typescript import write_functions
from shared.datasets import Message
from shared.datasets.examples.example import ExampleMessage, ToolCall
from shared.datasets.examples.harmony import ONLY_THINKING, find_control_token, split_thinking

SYSTEM = (
    "You are ChatGPT, a large language model trained by OpenAI.\nKnowledge cutoff: 2024-06\nCurrent date: {date}\n\nReasoning: medium\n\n"
    "# Valid channels: analysis, commentary, final. Channel must be included for every message."
)
FOR_TOOLS = "\nCalls to these tools must go to the commentary channel: 'functions'."
ASSISTANT = "<|start|>assistant"
ANALYSIS, COMMENTARY, FINAL = (f"{ASSISTANT}<|channel|>{channel}<|message|>" for channel in ("analysis", "commentary", "final"))


class Harmony(ChatFormat):
    """The format of gpt-oss. The reasoning effort is `medium`, as in a request that names none."""

    is_date_dependent = True

    def __init__(self, eos_token: str) -> None:
        self.eos_token = eos_token
        self.sha256 = hashlib.sha256(_render(TOOL_CHAT.messages, [TOOL], "").encode()).hexdigest()

    def render(self, messages: Sequence[Message], tools: Sequence[Tool] = (), *, add_generation_prompt: bool = False) -> str:
        """Return the chat as a string; with `add_generation_prompt`, up to where the assistant's answer begins.

        Raises:
            ChatTemplateError: if a text has a control token of the model, or if the model cannot write the last message as one answer.
        """
        return _render(messages, tools, f"{datetime.now().astimezone():%Y-%m-%d}", add_generation_prompt=add_generation_prompt)


def _render(messages: Sequence[Message], tools: Sequence[Tool], date: str, *, add_generation_prompt: bool = False) -> str:
    if add_generation_prompt:
        return _write_prompt(messages, tools, date)
    return _write_prompt(messages[:-1], tools, date) + _write_answer(messages[-1])


def _write_prompt(messages: Sequence[Message], tools: Sequence[Tool], date: str) -> str:
    is_instructed = bool(messages) and messages[0].role == "system"
    sections = [f"# Instructions\n\n{messages[0].content}"] if is_instructed else []
    if tools:
        sections.append(write_functions([tool["function"] for tool in tools]))
    others = messages[is_instructed:]
    names = {call.id: call.function.name for message in others for call in _list_calls(message)}
    parts = [part for message in others for part in _write_message(message, names)]
    answered = max((number for number, part in enumerate(parts) if part.startswith(FINAL)), default=-1)
    kept = [part for number, part in enumerate(parts) if number > answered or not part.startswith(ANALYSIS)]
    system = f"<|start|>system<|message|>{SYSTEM.format(date=date)}{FOR_TOOLS if tools else ''}<|end|>"
    return "".join([system, *([_write_developer("\n\n".join(sections))] if sections else []), *kept, ASSISTANT])


def _write_message(message: Message, names: Mapping[str, str]) -> list[str]:
    """Return a message of a prompt as the messages of the format. `names` has the functions of the calls, by their ids."""
    if message.role == "assistant":
        return _write_turn(message)
    if isinstance(message, ExampleMessage) and message.role == "tool":
        function = names.get(message.tool_call_id or "", "")
        return [f"<|start|>functions.{function}<|channel|>commentary to=assistant<|message|>{_check(message.content)}<|end|>"]
    if message.role == "system":
        return [_write_developer(f"# Instructions\n\n{message.content}")]
    return [f"<|start|>{message.role}<|message|>{_check(message.content)}<|end|>"]


def _write_turn(message: Message) -> list[str]:
    """Return an earlier turn of the assistant. vLLM shows text beside a call before the thinking, although the model writes it after it."""
    thinking, text = split_thinking(_check(message.content))
    analysis = [f"{ANALYSIS}{thinking}<|end|>"] if thinking else []
    if calls := _list_calls(message):
        return [f"{COMMENTARY}{text}<|end|>"] * bool(text) + analysis + [_write_call(call) for call in calls]
    return analysis + [f"{FINAL}{text}<|end|>"] * bool(text)


def _write_answer(message: Message) -> str:
    """Return what the model writes after a prompt."""
    thinking, text = split_thinking(_check(message.content))
    calls = _list_calls(message)
    if len(calls) > 1:
        problem = "the engine stops gpt-oss after each call, so the model would never write the second call of a message"
        raise ChatTemplateError(f"{problem}; put each call into its own message, followed by its result, or give the message the weight 0.")
    if not text and not calls:
        raise ChatTemplateError(ONLY_THINKING)
    analysis = f"{ANALYSIS}{thinking}<|end|>" if thinking else ""
    if calls:
        said = f"{COMMENTARY}{text}<|end|>" if text else ""
        return (analysis + said + _write_call(calls[0])).removeprefix(ASSISTANT)
    return f"{analysis}{FINAL}{text}<|return|>".removeprefix(ASSISTANT)


def _write_call(call: ToolCall) -> str:
    """Return a call as vLLM shows it in a prompt; the model may write it that way, too. The arguments are as in the file."""
    return f"{ASSISTANT} to=functions.{call.function.name}<|channel|>commentary json<|message|>{_check(call.function.arguments)}<|call|>"


def _write_developer(text: str) -> str:
    return f"<|start|>developer<|message|>{_check(text)}<|end|>"


def _list_calls(message: Message) -> list[ToolCall]:
    return message.tool_calls if isinstance(message, ExampleMessage) else []


def _check(text: str) -> str:
    """Return the text if it has no control token. Raises ChatTemplateError otherwise."""
    if problem := find_control_token(text):
        raise ChatTemplateError(problem)
    return text
