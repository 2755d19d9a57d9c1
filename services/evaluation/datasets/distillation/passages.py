"""The passages that a search found for an answer: in front of the question again, or left out, together with their numbers."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.evaluation.datasets.distillation.chat_messages import SEARCH, Item, Message
from services.evaluation.datasets.grounded_form import ShownPassage, write_prompt
from services.evaluation.datasets.sources.documents import join_headings

# The number of a passage after white space or punctuation, with the space before it; `a[0]` is code.
MARK = re.compile(r"(?:(?<!\w)[ \t]{0,8}|[ \t]{1,8})\[\d{1,3}(?:\s?[,;]\s?\d{1,3}){0,16}\]")
NUMBER = re.compile(r"\d+")


def list_passages(output: Sequence[Item]) -> list[ShownPassage]:
    """Return the passages of all searches of a response, in the order of their numbers."""
    results = [result for item in output if item["type"] == SEARCH for result in item.get("results") or ()]
    return [ShownPassage(join_headings(result.get("chunk") or {}), result["text"]) for result in results]


def list_citations(body: Mapping[str, Any]) -> list[ShownPassage]:
    """Return the passages in the prompt of a chat completion, in the order of their numbers."""
    return [ShownPassage(join_headings(citation.get("chunk") or {}), citation["text"]) for citation in body.get("citations") or ()]


def has_own_template(searches: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether the request showed passages in a form of its own; `searches` are its options of searches."""
    return any(options.get("prompt_template") for options in searches)


def add_passages(messages: Sequence[Message], passages: Sequence[ShownPassage]) -> list[Message]:
    """Return the messages with passages in front of the last question, in the form of the built-in template."""
    places = [place for place, message in enumerate(messages) if message["role"] == "user"]
    if not passages or not places or not isinstance(messages[places[-1]]["content"], str):
        return list(messages)
    last = places[-1]
    asked = {**messages[last], "content": write_prompt(passages, messages[last]["content"])}
    return [*messages[:last], asked, *messages[last + 1 :]]


def remove_numbers(message: Message, count: int) -> Message:
    """Return a message without the numbers of `count` passages, which refer to nothing if the passages are left out."""
    text = message.get("content")
    if not count or not isinstance(text, str):
        return message
    return {**message, "content": MARK.sub(lambda mark: "" if _are_passages(mark[0], count) else mark[0], text)}


def _are_passages(mark: str, count: int) -> bool:
    return all(1 <= int(number) <= count for number in NUMBER.findall(mark))
