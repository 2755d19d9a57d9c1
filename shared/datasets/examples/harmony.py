"""What gpt-oss cannot learn of an example, as far as texts show it: the training workers refuse it, and the front door before them.

Knows nothing of how chats are written in the Harmony format.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from shared.datasets.examples.example import Example, Preference

CONTROL_TOKEN = re.compile(r"<\|(?:start|end|message|channel|constrain|return|call|startoftext|endoftext|endofprompt|reserved_[0-9]{6})\|>")
CONTROL_TOKEN_START = "<|"  # noqa: S105
THINKING = re.compile(r"\s*<think>(.*?)</think>\n*(.*)", re.DOTALL)
THINKING_END = "</think>"
ONLY_THINKING = "a message of the assistant has only thinking; write the answer after '</think>'."


def split_thinking(content: str) -> tuple[str, str]:
    """Return the thinking and the text of a message of the assistant, without the line feeds between them."""
    found = THINKING.fullmatch(content)
    return (found[1].strip("\n"), found[2]) if found else ("", content)


def find_control_token(text: str) -> str | None:
    """Return what is wrong with a text if it has a control token: the engine would encode it as letters, and the tokenizer as the token."""
    found = CONTROL_TOKEN.search(text) if CONTROL_TOKEN_START in text else None
    return f"the text '{found[0]}' is a control token of gpt-oss; delete it, or write it differently." if found else None


def find_shown_token(example: Example | Preference, texts: Sequence[tuple[str, str]]) -> str | None:
    """Return what is wrong with the first of an example's `texts` that has a control token; they are those of `list_texts`.

    What follows the last message that is learned is never shown to the model.
    """
    hidden = 0 if isinstance(example, Preference) else sum(1 for _ in takewhile(lambda each: not each.is_learned, example.messages[::-1]))
    return next((problem for _, text in texts[: len(texts) - hidden] if (problem := find_control_token(text))), None)


def has_only_thinking(example: Example | Preference) -> bool:
    """Return whether a message that is learned has thinking, but neither an answer nor a call."""
    answers = (answer for answer in _list_answers(example) if answer.rstrip("\n").endswith(THINKING_END))  # the pattern is slower
    return any(not split_thinking(answer)[1] for answer in answers)


def _list_answers(example: Example | Preference) -> Iterator[str]:
    if isinstance(example, Preference):
        yield from (example.preferred, example.rejected)
        return
    yield from (message.content for message in example.messages if message.is_learned and not message.tool_calls)
