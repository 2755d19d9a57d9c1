"""Whether a retrieved passage is a context of a question: the file or the text in which the answer stands."""

from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from services.evaluation.questions.words import contains_words, split_words
from shared.datasets import Context

MIN_OVERLAP = 0.5
MIN_RUN = 8  # words; shorter runs are in many texts by chance


def find_context(context: Context, passages: Sequence[Mapping[str, Any]]) -> int | None:
    """Return the rank of the first passage that is the context, counted from 1; None if there is none.

    A passage is a context if file id and name are equal, as far as the context has them, and the passage has its text.
    """
    words = split_words(context.text) if context.text else None
    for rank, passage in enumerate(passages, start=1):
        if _is_in_file(passage, context) and (words is None or has_text(split_words(str(passage.get("text", ""))), words)):
            return rank
    return None


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


def _is_in_file(passage: Mapping[str, Any], context: Context) -> bool:
    if context.file_id is not None and passage.get("file_id") != context.file_id:
        return False
    return context.filename is None or str(passage.get("filename", "")).casefold() == context.filename.casefold()
