"""What all formats have in common in which a base model's chats are written as text."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from shared.datasets import Example, Message
from shared.errors import TandemError

Tool = Mapping[str, Any]

# A chat in which each kind of thing that has to do with tools has a text of its own. Mistral's templates want ids of nine letters.
TOOL: Tool = {"type": "function", "function": {"name": "look_up", "description": "the tool", "parameters": {"type": "object"}}}
TOOL_CHAT = Example.model_validate(
    {
        "messages": [
            {"role": "user", "content": "the question"},
            {
                "role": "assistant",
                "tool_calls": [{"id": "callabcde", "function": {"name": "look_up", "arguments": '{"key": "the argument"}'}}],
            },
            {"role": "tool", "content": "the result", "tool_call_id": "callabcde"},
            {"role": "assistant", "content": "the answer"},
        ]
    }
)
TOOL_TEXTS = ("the tool", "the argument", "the result", "the answer")


class ChatTemplateError(TandemError):
    """The chat template cannot render this chat, or its rendering does not show where each turn begins and ends."""

    default_code = "chat_template_unfit"


class ChatFormat(ABC):
    """How a base model's chats are written, as the engine writes them.

    `sha256` identifies the format. `is_date_dependent` says whether a prompt contains the date. The model ends an answer with `eos_token`.
    """

    sha256: str
    is_date_dependent: bool
    eos_token: str

    @abstractmethod
    def render(self, messages: Sequence[Message], tools: Sequence[Tool] = (), *, add_generation_prompt: bool = False) -> str:
        """Return the chat as a string; with `add_generation_prompt`, up to where the assistant's answer begins.

        Raises:
            ChatTemplateError: if the chat cannot be written.
        """

    @cached_property
    def shows_tools(self) -> bool:
        """Whether tools, their calls and the results are shown. Many templates ignore some of these, or refuse them, without an error."""
        try:
            shown = self.render(TOOL_CHAT.messages, [TOOL])
        except ChatTemplateError:
            return False
        return all(text in shown for text in TOOL_TEXTS)
