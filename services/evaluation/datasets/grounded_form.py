"""Writes training prompts with passages, exactly as the front door's built-in template writes them for an answer from documents.

Another service has that template, so this is a second copy; a contract test compares them. Passages are data there: marks that could act
as structure of the prompt are broken by a space, here as well.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

NUMBER = re.compile(r"\[(?=\d{1,3}(?:\s{0,2}[,;]\s{0,2}\d{1,3}){0,16}\])")
FENCE = re.compile(r"[<\uff1c\ufe64](?=/?\s{0,8}passages?\b)", re.IGNORECASE)


@dataclass(frozen=True)
class ShownPassage:
    """A passage in a prompt: the headings above it in one line, and its text."""

    heading: str
    text: str


def write_prompt(passages: Sequence[ShownPassage], question: str) -> str:
    """Return the prompt with numbered passages and the question."""
    shown = "\n\n".join(_show(number, passage) for number, passage in enumerate(passages, start=1))
    return f"Answer the question from the numbered passages.\n\n<passages>\n{shown}\n</passages>\n\nQuestion: {question}"


def _show(number: int, passage: ShownPassage) -> str:
    heading = f" {_break_marks(passage.heading)}" if passage.heading else ""
    return f"[{number}]{heading}\n{_break_marks(passage.text)}"


def _break_marks(text: str) -> str:
    return NUMBER.sub(r"\g<0> ", FENCE.sub(r"\g<0> ", text))
