"""What a text is about, and where in a passage an answer stands. Words are compared as graders compare them."""

import re

from shared.graders.text import UNSPACED, contains_words, normalize

SENTENCE = re.compile(r"(?<=[.!?\u2026])\s+|(?<=[\u3002\uff01\uff1f])|\n+")
CONTENT_CHARACTERS = 4  # a word of at least that many characters, or with a digit, says what a text is about


def content_words(text: str) -> frozenset[str]:
    """Return the words that say what a text is about: long ones, those with a digit, and every character of scripts without spaces."""
    return frozenset(word for word in normalize(text).split() if _says_something(word))


def _says_something(word: str) -> bool:
    return len(word) >= CONTENT_CHARACTERS or any(map(str.isdigit, word)) or UNSPACED.match(word) is not None


def overlap(first: frozenset[str], second: frozenset[str]) -> float:
    """Return the Jaccard similarity of two sets, 0 if both are empty."""
    return len(first & second) / len(first | second) if first or second else 0.0


def find_evidence(passage: str, question: str, answer: str) -> str:
    """Return the sentence of `passage` with the answer that shares most words with the question; the passage, if no sentence has it."""
    sentences = [sentence.strip() for sentence in SENTENCE.split(passage) if contains_words(sentence, answer)]
    about = content_words(question)
    return max(sentences, key=lambda sentence: len(about & content_words(sentence)), default=passage.strip())
