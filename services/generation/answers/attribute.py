"""Finds the passages that support each sentence of an answer, and how far they do.

A sentence with markers (`[2]`, `[1, 3]`) is compared with those passages, any other with the passage that supports it best. Words are
compared, and meanings if they can be: cosines of vectors from the store's own embedding model. A number that is not in a passage is not
supported by it. This is no proof: a sentence that negates a passage in the same words counts as supported. Knows nothing of HTTP or the
engine.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

from services.generation.grounding.retrieve import Embedder
from shared.contracts.search import SearchHit
from shared.errors import TandemError, Unavailable
from shared.log import get_logger

MIN_SUPPORT = 0.5
EMBED_SECONDS = 5.0
MAX_PIECE_CHARS = 400  # within the window of every common embedding model
MAX_PAIRS = 8192  # of sentences and pieces: some 50 ms of one core
Vector = Sequence[float]
Similarities = Sequence[Sequence[float]]
"""The similarity of each sentence (row) to each passage (column), from 0 to 1."""

NUMBERS = r"\[\d{1,3}(?:\s?[,;]\s?\d{1,3})*\]"
MARKER = re.compile(NUMBERS)
# A sentence ends with its line, or at a mark before white space (not at that of "3.5", or of "1." at the start of a line); the markers
# after the mark belong to it.
END_MARK = r"(?:(?<!^\d)(?<!^\d\d)[.!?\u2026]{1,8}(?=[\s\"')\]\[\u201d\u2019*]|$)|[\u3002\uff01\uff1f])"
SENTENCE = re.compile(rf"\S[^\n]*?(?:{END_MARK}[\"')\u201d\u2019*]*(?:\s?{NUMBERS})*|(?=\n)|$)", re.MULTILINE)
IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"  # written without spaces: each counts as a word
WORD = re.compile(rf"[{IDEOGRAPHS}]|[^\W{IDEOGRAPHS}]+(?:[.,]\d+)*")
STOP_WORDS = frozenset((
    "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "do", "does", "for", "from", "had", "has", "have", "how", "if",
    "in", "into", "is", "it", "its", "of", "on", "or", "so", "than", "that", "the", "their", "them", "then", "there", "these", "they",
    "this", "to", "was", "were", "what", "when", "where", "which", "while", "who", "will", "with", "would", "you", "your",
))  # fmt: skip

log = get_logger(__name__)


@dataclass(frozen=True)
class Marker:
    """A marker in an answer: its span in characters, and the passage numbers in it."""

    start: int
    end: int
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Claim:
    """A sentence of an answer: its span in characters, the numbers (from 1) of the passages it is based on, and its support in [0, 1].

    `markers` are the markers in it; `unknown` are the numbers in them that no passage has.
    """

    start: int
    end: int
    passages: tuple[int, ...]
    support: float
    markers: tuple[Marker, ...] = ()
    unknown: tuple[int, ...] = ()

    @property
    def has_valid_marker(self) -> bool:
        """Whether a marker names a passage that exists."""
        return any(number in self.passages for marker in self.markers for number in marker.numbers)

    @property
    def is_supported(self) -> bool:
        """Whether the support is at least 0.5."""
        return self.support >= MIN_SUPPORT


def find_markers(answer: str) -> list[Marker]:
    """Return every marker in an answer."""
    return [_marker(match) for match in MARKER.finditer(answer)]


def split_sentences(answer: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences that contain words besides markers."""
    return [match.span() for match in SENTENCE.finditer(answer) if content_words(MARKER.sub(" ", match.group()))]


def attribute(answer: str, hits: Sequence[SearchHit], similarities: Similarities | None = None) -> list[Claim]:
    """Return the sentences of `answer`, each with what supports it; `similarities` has a row for each of `split_sentences(answer)`."""
    passages = [content_words(passage_text(hit)) for hit in hits]
    rows = iter(similarities or ())
    return [_claim(answer, span, passages, next(rows, None)) for span in split_sentences(answer)]


async def compute_similarities(
    sentences: Sequence[str], hits: Sequence[SearchHit], embedder: Embedder, timeout_seconds: float = EMBED_SECONDS
) -> Similarities | None:
    """Return the cosine of each sentence and the most similar piece of each passage, at least 0; None if it cannot be computed in time."""
    pieces = [split_into_pieces(passage_text(hit)) for hit in hits]
    all_pieces = [piece for each in pieces for piece in each]
    if not sentences or not all_pieces or len(sentences) * len(all_pieces) > MAX_PAIRS:
        return None
    try:
        async with asyncio.timeout(timeout_seconds):
            vectors = await embedder.embed(hits[0].vector_store_id, [*sentences, *all_pieces])
        if len(vectors) != len(sentences) + len(all_pieces):
            raise Unavailable("The embeddings response has too few vectors.")
    except (TandemError, TimeoutError) as error:
        log.warning("sentences are compared by words alone", problem=str(error) or type(error).__name__)
        return None
    return await asyncio.to_thread(_cosines, vectors[: len(sentences)], vectors[len(sentences) :], [len(each) for each in pieces])


def content_words(text: str) -> set[str]:
    """Return the words that carry meaning, in lowercase; numbers have no thousands separators."""
    words = {word for word in WORD.findall(text.lower()) if word not in STOP_WORDS}
    return {word.replace(",", "") if word[0].isdigit() else word for word in words}


def passage_text(hit: SearchHit) -> str:
    """Return the text of a hit, with its title and headings."""
    return "\n".join([hit.chunk.title or "", *hit.chunk.heading_path, *(part.text for part in hit.content)])


def split_into_pieces(text: str) -> list[str]:
    """Return the text in pieces of up to 400 characters, which end with a sentence if possible."""
    pieces: list[str] = []
    for match in SENTENCE.finditer(text):
        for start in range(match.start(), match.end(), MAX_PIECE_CHARS):
            part = text[start : min(start + MAX_PIECE_CHARS, match.end())]
            if pieces and len(pieces[-1]) + len(part) < MAX_PIECE_CHARS:
                pieces[-1] += f" {part}"
            else:
                pieces.append(part)
    return pieces


def _claim(answer: str, span: tuple[int, int], passages: Sequence[set[str]], similarities: Sequence[float] | None) -> Claim:
    start, end = span
    markers = tuple(_marker(match) for match in MARKER.finditer(answer, start, end))
    numbers = dict.fromkeys(number for marker in markers for number in marker.numbers)
    valid = tuple(number for number in numbers if 0 < number <= len(passages))
    unknown = tuple(number for number in numbers if number not in valid)
    words = content_words(MARKER.sub(" ", answer[start:end]))
    supports = [_support(words, each, similarities[index] if similarities else None) for index, each in enumerate(passages)]
    basis, support = _basis(valid, supports)
    return Claim(start, end, basis, support, markers, unknown)


def _marker(match: re.Match[str]) -> Marker:
    return Marker(match.start(), match.end(), tuple(int(number) for number in re.findall(r"\d+", match.group())))


def _basis(marked: tuple[int, ...], supports: Sequence[float]) -> tuple[tuple[int, ...], float]:
    """Return the passages a sentence is based on, those in its markers or else the best one, and the best support among them."""
    if marked:
        return marked, max(supports[number - 1] for number in marked)
    best = max(range(len(supports)), key=supports.__getitem__, default=None)
    if best is None:
        return (), 0.0
    return ((best + 1,) if supports[best] >= MIN_SUPPORT else ()), supports[best]


def _support(words: set[str], passage: set[str], similarity: float | None) -> float:
    """Return the share of words in the passage, averaged with the similarity of meaning, times the share of numbers in the passage."""
    overlap = len(words & passage) / len(words)
    score = overlap if similarity is None else (overlap + similarity) / 2
    numbers = {word for word in words if word[0].isdigit()}
    return score * (len(numbers & passage) / len(numbers) if numbers else 1.0)


def _cosines(sentences: Sequence[Vector], pieces: Sequence[Vector], piece_counts: Sequence[int]) -> Similarities:
    """Return the best cosine of each sentence and each passage; `piece_counts` says how many of the pieces are each passage's."""
    ends = [sum(piece_counts[: index + 1]) for index in range(len(piece_counts))]
    spans = [(end - count, end) for end, count in zip(ends, piece_counts, strict=True)]
    rows = [[sum(map(mul, one, other)) for other in pieces] for one in sentences]
    return [[max([0.0, *row[start:end]]) for start, end in spans] for row in rows]
