"""What a training example asks: the user's messages, and the question inside a prompt that has passages around it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.datasets import Example, Message, Question

# What stands before the question in prompts with passages, at the beginning of a line.
MARKER = re.compile(
    r"^[ \t#*]*(?:user[ \t]+)?(?:question|query|q|frage|pregunta|domanda|vraag|pergunta)[ \t*]*[:\uff1a]", re.IGNORECASE | re.MULTILINE
)
PARAGRAPH_END = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Prompt:
    """A text that an example may ask, and the answer that the model learns."""

    text: str
    answer: str


def find_prompts(example: Example) -> Iterator[Prompt]:
    """Yield every text that the example may ask.

    These are each message of the user, the question inside it, and the conversation up to it. The question inside a message is what
    follows the last marker such as `Question:`, or only the first line of that; its last paragraph; its first or its last line.
    """
    for position, message in enumerate(example.messages):
        if message.role == "user":
            answer = next((each.content for each in example.messages[position:] if each.role == "assistant" and each.content), "")
            texts = [*_find_questions(message.content), join_chat(example.messages[: position + 1])]
            yield from (Prompt(text, answer) for text in dict.fromkeys(texts))


def get_asked_text(question: Question) -> str:
    """Return what a question asks: its text, or its conversation without the system's messages."""
    return join_chat(question.chat)


def join_chat(messages: Sequence[Message]) -> str:
    """Return the contents of the messages, without the system's."""
    return "\n".join(message.content for message in messages if message.role != "system")


def _find_questions(content: str) -> Iterator[str]:
    text = content.strip()
    yield text
    *_, last_marker = (None, *MARKER.finditer(text))
    if last_marker is not None:
        marked = text[last_marker.end() :].strip()
        yield from (marked, marked.partition("\n")[0].strip())
    yield PARAGRAPH_END.split(text)[-1].strip()
    lines = text.splitlines()
    yield from (lines[position].strip() for position in (0, -1) if lines)
