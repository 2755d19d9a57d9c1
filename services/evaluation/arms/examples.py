"""Chooses the examples of the training file that an arm is shown. Knows nothing of arms."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence

from shared.datasets import Example

BYTES_PER_EXAMPLE = 800  # on average; some 200 tokens in most languages
# A passage in the question: an element such as `<passages>`, a first number in brackets, or a heading such as `Context:`.
PASSAGES = re.compile(
    r"</?\s?(?:passage|document|context|source)s?\b|^\s{0,8}\[1\]\s|^\s{0,8}(?:context|passage|document|source|search result)s?\s?:",
    re.IGNORECASE | re.MULTILINE,
)


def choose_examples(examples: Sequence[Example], number: int, seed: int) -> tuple[Example, ...]:
    """Return up to `number` chats without their system messages, the same ones for the same seed and any order of the file.

    They are drawn at random. If those have more than 800 bytes each on average, the shortest ones are taken instead, as many as fit.
    Examples that are asked with passages are taken only if there are no others, because the question of an arm has its own or none.
    """
    chats = list(_list_distinct(filter(None, map(_strip, without_passages(examples)))))
    drawn = sorted(chats, key=lambda chat: hashlib.sha256(f"{seed} {chat.messages[0].content}".encode(errors="replace")).digest())
    chosen = drawn[:number]
    limit = number * BYTES_PER_EXAMPLE
    return tuple(chosen if _size(chosen) <= limit else _take_shortest(drawn, number, limit))


def without_passages(examples: Sequence[Example]) -> Sequence[Example]:
    """Return the examples that are asked without passages, or all if there are no such examples."""
    return [example for example in examples if not has_passages(example)] or examples


def has_passages(example: Example) -> bool:
    """Return whether a message of the user contains passages, as a prompt for answers from documents does."""
    return any(PASSAGES.search(message.content) for message in example.messages if message.role == "user")


def _strip(example: Example) -> Example | None:
    """Return the example from its first user message on.

    None if user and assistant do not take turns, which chat templates refuse, or if it has calls of tools, which an arm does not offer.
    """
    messages = [message for message in example.messages if message.role != "system"]
    while messages and messages[0].role == "assistant":
        messages = messages[1:]
    roles = [message.role for message in messages]
    takes_turns = len(roles) > 1 and roles == ["user", "assistant"] * (len(roles) // 2)
    return Example(messages=messages) if takes_turns and not any(message.tool_calls for message in messages) else None


def _list_distinct(chats: Iterable[Example]) -> Iterator[Example]:
    """Yield the chats with different first questions."""
    seen = set()
    for chat in chats:
        question = " ".join(chat.messages[0].content.casefold().split())
        if question not in seen:
            seen.add(question)
            yield chat


def _take_shortest(chats: Sequence[Example], number: int, limit: int) -> list[Example]:
    """Return up to `number` of the shortest chats whose bytes are within `limit`, and in any case one."""
    shortest = sorted(chats, key=lambda chat: _size([chat]))[:number]
    while len(shortest) > 1 and _size(shortest) > limit:
        shortest.pop()
    return shortest


def _size(chats: Iterable[Example]) -> int:
    return sum(len(message.content.encode(errors="replace")) for chat in chats for message in chat.messages)
