"""Checks whether the engine's chat template shows an answer as a continuation of its prompt. If not, the model cannot be trained with it.

The worker checks the text of every answer. Here, only the tokens of the last answer are compared. If they differ, both are compared as
text, because a tokenizer may merge the end of a prompt with the start of an answer.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol

from services.generation.serving.tokens import TokenCount
from shared.datasets.checks.example_sample import SampledExample
from shared.datasets.examples.answers import find_answer
from shared.datasets.examples.example import ExampleMessage
from shared.errors import TandemError

Message = dict[str, Any]


class ChatReader(Protocol):
    """Counts the tokens of chats, and reads tokens as text."""

    async def count(self, fields: dict[str, Any]) -> TokenCount:
        """Count the tokens of the prompt that the engine would make of `fields`."""

    async def read(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens."""


async def count_chat(reader: ChatReader, example: SampledExample, messages: list[Message], *, as_prompt: bool = False) -> TokenCount:
    """Return the tokens of some messages of the example, as a complete chat or as the prompt of an answer."""
    tools = {"tools": example.tools} if example.tools else {}
    return await reader.count({"messages": messages, **tools, "add_generation_prompt": as_prompt})


async def continues_prompt(reader: ChatReader, example: SampledExample, whole: TokenCount) -> bool:
    """Return whether the last answer that is learned continues its prompt; `whole` has the tokens of the complete example.

    Also return True if the engine does not return tokens.

    Raises:
        TandemError: if the engine does not count, or its chat template refuses the prompt.
    """
    before, shown = example.messages[: example.answer], example.messages[: example.answer + 1]
    if not before or not whole.ids:
        return True
    prompt = await count_chat(reader, example, before, as_prompt=True)
    chat = whole if len(shown) == len(example.messages) else await count_chat(reader, example, shown)
    is_longer = len(chat.ids) > len(prompt.ids)
    if is_longer and list(chat.ids[: len(prompt.ids)]) == list(prompt.ids) and not shown[-1].get("tool_calls"):
        return True
    with suppress(TandemError, LookupError, TypeError, ValueError):
        messages = [ExampleMessage.model_validate(each) for each in shown]
        return find_answer(await reader.read(prompt.ids), await reader.read(chat.ids), messages) is not None
    return True
