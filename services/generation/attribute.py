"""Aligns an answer with the passages it was given: sentence by sentence, which of them supports it, and how far.

A sentence that names passages (`[2]`) is held to those; any other is held to the passage that has most of its words. Words are
compared, not meanings: a sentence that says the same in other words scores low. Knows nothing of HTTP or the engine.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.contracts.search import SearchHit

SUPPORTED = 0.5
SENTENCE = re.compile(r"\S[^\n]*?(?:[.!?](?=[\s\"')\]]|$)(?:\s?\[\d+\])*|(?=\n)|$)", re.MULTILINE)
MARKER = re.compile(r"\[(\d{1,3})\]")
WORD = re.compile(r"\w+(?:[.,]\d+)*")
EMPTY = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "how",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "so",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "to",
        "was",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)


@dataclass(frozen=True)
class Claim:
    """A sentence of an answer: its span in characters, the numbers (from 1) of the passages it rests on, and its support.

    `support` is the share of the sentence's words, without those that carry no meaning, that stand in the best of these passages;
    0 where there is none.
    """

    start: int
    end: int
    passages: tuple[int, ...]
    support: float

    @property
    def is_supported(self) -> bool:
        """Whether half of the words or more are found."""
        return self.support >= SUPPORTED


def attribute(answer: str, hits: Sequence[SearchHit]) -> list[Claim]:
    """Return the sentences of `answer`, each with what supports it. Sentences without words of their own are left out."""
    known = [words(_passage(hit)) for hit in hits]
    found = ((match, words(MARKER.sub(" ", match.group()))) for match in SENTENCE.finditer(answer))
    return [_claim(match, said, known) for match, said in found if said]


def words(text: str) -> set[str]:
    """Return the words of a text that carry meaning, in lower case."""
    return {word for word in WORD.findall(text.lower()) if word not in EMPTY}


def _claim(match: re.Match[str], said: set[str], known: Sequence[set[str]]) -> Claim:
    shares = [len(said & passage) / len(said) for passage in known]
    named = tuple(dict.fromkeys(number for number in map(int, MARKER.findall(match.group())) if 0 < number <= len(known)))
    if named:
        return Claim(match.start(), match.end(), named, max(shares[number - 1] for number in named))
    best = max(range(len(shares)), key=shares.__getitem__, default=None)
    if best is None or shares[best] < SUPPORTED:
        return Claim(match.start(), match.end(), (), 0.0 if best is None else shares[best])
    return Claim(match.start(), match.end(), (best + 1,), shares[best])


def _passage(hit: SearchHit) -> str:
    return "\n".join([hit.chunk.title or "", *hit.chunk.heading_path, *(part.text for part in hit.content)])
