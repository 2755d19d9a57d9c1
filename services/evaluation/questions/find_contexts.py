"""Whether a retrieved passage is a context of a question: the file or the text in which the answer stands."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from services.evaluation.questions.words import contains_words, split_words
from shared.datasets import Context

MIN_OVERLAP = 0.5
MIN_RUN = 8  # words; shorter runs are in many texts by chance


@dataclass(frozen=True)
class Passage:
    """A retrieved passage, with its normalized words."""

    file_id: str
    filename: str
    words: tuple[str, ...]


def read_passage(retrieved: Mapping[str, Any]) -> Passage:
    """Return a passage of an answer's `retrieved`."""
    file_id, filename, text = (str(retrieved.get(name) or "") for name in ("file_id", "filename", "text"))
    return Passage(file_id, filename.casefold(), tuple(split_words(text)))


def match_context(context: Context, passages: Sequence[Passage]) -> list[bool]:
    """Return for each passage whether it is the context: it is in the file and has the text, as far as the context has them."""
    words = split_words(context.text) if context.text else None
    return [_is_in_file(passage, context) and (words is None or has_text(passage.words, words)) for passage in passages]


def has_text(passage: Sequence[str], text: Sequence[str]) -> bool:
    """Return whether a passage has a text, both as normalized words.

    It does if it contains the whole text, or if the text is cut by the ends of the passage, so that only a part is in it: then the longest
    run of words that both have must be half of the shorter one, and at least eight words.
    """
    if contains_words(passage, text):
        return True
    needed = max(MIN_RUN, MIN_OVERLAP * min(len(passage), len(text)))
    if (Counter(passage) & Counter(text)).total() < needed:
        return False
    return SequenceMatcher(None, passage, text, autojunk=False).find_longest_match().size >= needed


def _is_in_file(passage: Passage, context: Context) -> bool:
    if context.file_id is not None and passage.file_id != context.file_id:
        return False
    return context.filename is None or passage.filename == context.filename.casefold()
