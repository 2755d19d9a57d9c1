"""Checks by asking that a question can be answered from its passage, and not without it."""

from typing import Any

from services.evaluation.datasets.sources.documents import Passage
from services.evaluation.datasets.synthesis.propose import Proposal, show_passage
from shared.contracts.datasets import Kind
from shared.graders.text import contains_words, normalize, token_f1

MAX_TOKENS = 48
RIGHT_F1 = 0.5
SENTENCE_WORDS, LONGER = 12, 2  # a sentence around an answer may be so long: 12 words and twice the answer
SHORT = "Answer in as few words as possible."


def build_closed_book_request(question: str, model: str) -> dict[str, Any]:
    """Return the body of a chat completion that asks the question alone."""
    return _build(f"{SHORT}\n\nQuestion: {question}", model)


def build_open_book_request(question: str, passage: Passage, model: str) -> dict[str, Any]:
    """Return the body of a chat completion that asks the question with its passage."""
    return _build(f"{show_passage(passage)}\n\n{SHORT} Copy the answer from the passage.\n\nQuestion: {question}", model)


def _build(content: str, model: str) -> dict[str, Any]:
    return {
        "model": model,
        "messages": [{"role": "user", "content": content}],
        "temperature": 0,
        "max_tokens": MAX_TOKENS,
    }


def is_known(reply: str, proposal: Proposal) -> bool:
    """Return whether a reply without the passage has the answer anywhere, or most of it with all its numbers."""
    return bool(contains_words(reply, proposal.answer)) or _is_close(reply, proposal.answer)


def is_found(reply: str, proposal: Proposal, kind: Kind) -> bool:
    """Return whether a reply with the passage is the answer: most of it, or all of it within a sentence. For yes and no, its first word.

    A long reply that copies the passage contains every answer, so it counts as none.
    """
    if kind == "yes_no":
        return normalize(reply).split()[:1] == normalize(proposal.answer).split()[:1]
    is_short = len(normalize(reply).split()) <= SENTENCE_WORDS + LONGER * len(normalize(proposal.answer).split())
    return (is_short and bool(contains_words(reply, proposal.answer))) or _is_close(reply, proposal.answer)


def _is_close(reply: str, answer: str) -> bool:
    """Return whether the token F1 (Rajpurkar et al. 2016) is at least 0.5, and the reply has all numbers of the answer."""
    return _numbers(answer) <= _numbers(reply) and token_f1(reply, answer) >= RIGHT_F1


def _numbers(text: str) -> set[str]:
    return {word for word in normalize(text).split() if any(map(str.isdigit, word))}
