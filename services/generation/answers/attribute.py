"""Aligns an answer with the passages it was given: sentence by sentence, which of them supports it, and how far.

A sentence that names passages (`[2]`, `[1, 3]`) is held to those; any other is held to the one that supports it best. Words are
compared, and meanings where their likeness is given; a number that does not stand in a passage is not supported by it. Neither is
a proof: a sentence that turns a passage's meaning round in the same words is taken for supported. Knows nothing of HTTP or the engine.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.contracts.search import SearchHit

SUPPORTED = 0.5
Likeness = Sequence[Sequence[float]]
"""How like each sentence (row) is to each passage (column), from 0 to 1."""

NUMBERS = r"\[\d{1,3}(?:\s?[,;]\s?\d{1,3})*\]"
MARKER = re.compile(NUMBERS)
# A sentence ends at a mark before a blank (not at that of "3.5", or of "1." at the beginning of a line) or with the line; markers
# behind the mark belong to it.
MARK = r"(?:(?<!^\d)(?<!^\d\d)[.!?\u2026]{1,8}(?=[\s\"')\]\[\u201d\u2019*]|$)|[\u3002\uff01\uff1f])"
SENTENCE = re.compile(rf"\S[^\n]*?(?:{MARK}[\"')\u201d\u2019*]*(?:\s?{NUMBERS})*|(?=\n)|$)", re.MULTILINE)
IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"  # written without blanks: each counts as a word
WORD = re.compile(rf"[{IDEOGRAPHS}]|[^\W{IDEOGRAPHS}]+(?:[.,]\d+)*")
EMPTY = frozenset((
    "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "do", "does", "for", "from", "had", "has", "have", "how", "if",
    "in", "into", "is", "it", "its", "of", "on", "or", "so", "than", "that", "the", "their", "them", "then", "there", "these", "they",
    "this", "to", "was", "were", "what", "when", "where", "which", "while", "who", "will", "with", "would", "you", "your",
))  # fmt: skip


@dataclass(frozen=True)
class Marker:
    """Where an answer names passages: its span in characters, and their numbers as they are written."""

    start: int
    end: int
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Claim:
    """A sentence of an answer: its span in characters, the numbers (from 1) of the passages it rests on, and its support in [0, 1].

    `markers` are those it names passages with; `unknown` are numbers in them that no passage has.
    """

    start: int
    end: int
    passages: tuple[int, ...]
    support: float
    markers: tuple[Marker, ...] = ()
    unknown: tuple[int, ...] = ()

    @property
    def is_marked(self) -> bool:
        """Whether the model named passages that there are."""
        return any(number in self.passages for marker in self.markers for number in marker.numbers)

    @property
    def is_supported(self) -> bool:
        """Whether the support is a half or more."""
        return self.support >= SUPPORTED


def markers(answer: str) -> list[Marker]:
    """Return every place where an answer names passages."""
    return [_marker(match) for match in MARKER.finditer(answer)]


def sentences(answer: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences that have words of their own."""
    return [match.span() for match in SENTENCE.finditer(answer) if words(MARKER.sub(" ", match.group()))]


def attribute(answer: str, hits: Sequence[SearchHit], likeness: Likeness | None = None) -> list[Claim]:
    """Return the sentences of `answer`, each with what supports it; `likeness` has a row for each of `sentences(answer)`."""
    known = [words(passage(hit)) for hit in hits]
    rows = iter(likeness or ())
    return [_claim(answer, span, known, next(rows, None)) for span in sentences(answer)]


def words(text: str) -> set[str]:
    """Return the words of a text that carry meaning, in lower case; numbers without the commas of thousands."""
    found = {word for word in WORD.findall(text.lower()) if word not in EMPTY}
    return {word.replace(",", "") if word[0].isdigit() else word for word in found}


def passage(hit: SearchHit) -> str:
    """Return what a hit says, with its title and headings."""
    return "\n".join([hit.chunk.title or "", *hit.chunk.heading_path, *(part.text for part in hit.content)])


def _claim(answer: str, span: tuple[int, int], known: Sequence[set[str]], row: Sequence[float] | None) -> Claim:
    start, end = span
    markers = tuple(_marker(match) for match in MARKER.finditer(answer, start, end))
    named = dict.fromkeys(number for marker in markers for number in marker.numbers)
    told = tuple(number for number in named if 0 < number <= len(known))
    unknown = tuple(number for number in named if number not in told)
    said = words(MARKER.sub(" ", answer[start:end]))
    supports = [_support(said, each, row[place] if row else None) for place, each in enumerate(known)]
    rests, support = _rests(told, supports)
    return Claim(start, end, rests, support, markers, unknown)


def _marker(match: re.Match[str]) -> Marker:
    return Marker(match.start(), match.end(), tuple(int(number) for number in re.findall(r"\d+", match.group())))


def _rests(told: tuple[int, ...], supports: Sequence[float]) -> tuple[tuple[int, ...], float]:
    """Return the passages a sentence rests on, those it names or else the best one, and the best support among them."""
    if told:
        return told, max(supports[number - 1] for number in told)
    best = max(range(len(supports)), key=supports.__getitem__, default=None)
    if best is None:
        return (), 0.0
    return ((best + 1,) if supports[best] >= SUPPORTED else ()), supports[best]


def _support(said: set[str], known: set[str], likeness: float | None) -> float:
    """Return the share of words that are found, averaged with the likeness of meaning, times the share of numbers that are found."""
    shared = len(said & known) / len(said)
    alike = shared if likeness is None else (shared + likeness) / 2
    numbers = {word for word in said if word[0].isdigit()}
    return alike * (len(numbers & known) / len(numbers) if numbers else 1.0)
