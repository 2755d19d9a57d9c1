"""Finds similar texts fast, and says which of them ask the same.

Texts are compared as sets of runs of three characters, over normalized words, by their Jaccard similarity (common runs divided by all
runs). MinHash with locality-sensitive hashing finds the pairs to compare (Broder 1997; Leskovec, Rajaraman, Ullman: Mining of Massive
Datasets, chapter 3).

Similar words do not mean the same question: "When did it start?" and "When did it end?" differ in one word, and so do the questions about
two products of a series. So the numbers must be equal, the answers must agree, and one word may replace another only if the answer is
rare among the examples. The threshold was chosen by `benchmarks/verdict/leaks.py`.
"""

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from datasketch import MinHash, MinHashLSH  # type: ignore[import-untyped]
from rapidfuzz import fuzz

from services.evaluation.questions.words import contains_words, find_numbers, split_words

THRESHOLD = 0.6
SHINGLE = 3
# 32 bands of 4 rows find a pair with similarity 0.6 with a probability of 99%, one with 0.3 in 23% of cases.
BANDS, ROWS = 32, 4
MISSPELT = 70  # rapidfuzz's ratio of two spellings of a word, from 0 to 100
SHORT_ANSWER = 5  # words
LONG_ANSWER_OVERLAP = 0.6


@dataclass(frozen=True)
class Text:
    """A text as it is compared."""

    words: tuple[str, ...]

    @cached_property
    def normalized(self) -> str:
        """The words with single spaces."""
        return " ".join(self.words)

    @cached_property
    def shingles(self) -> frozenset[str]:
        """All runs of three characters."""
        padded = f" {self.normalized} "
        return frozenset(padded[start : start + SHINGLE] for start in range(len(padded) - SHINGLE + 1))


def read(text: str) -> Text:
    """Return `text` as it is compared. A text that has no words, only signs, is compared by these."""
    return Text(tuple(split_words(text) or text.split()))


def compute_similarity(first: Text, second: Text) -> float:
    """Return the Jaccard similarity of two texts, between 0 and 1."""
    union = len(first.shingles | second.shingles)
    return len(first.shingles & second.shingles) / union if union else 0.0


class SimilarTexts:
    """Texts that can be searched for similar ones. Each is known by its position."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self._texts = texts
        self._lsh = MinHashLSH(num_perm=BANDS * ROWS, params=(BANDS, ROWS))
        sizes = [len(text.shingles) for text in texts]
        self._sizes = (min(sizes, default=0) * THRESHOLD, max(sizes, default=0) / THRESHOLD)
        for position, signature in enumerate(_sign(texts)):
            self._lsh.insert(position, signature, check_duplication=False)

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, int, float]]:
        """Yield the position in `texts`, the position of a text here, and their similarity, if it reaches the threshold."""
        smallest, largest = self._sizes
        candidates = [position for position, text in enumerate(texts) if smallest <= len(text.shingles) <= largest]
        for position, signature in zip(candidates, _sign(texts[position] for position in candidates), strict=True):
            for found in self._lsh.query(signature):
                similarity = compute_similarity(texts[position], self._texts[found])
                if similarity >= THRESHOLD:
                    yield position, found, similarity


def ask_the_same(first: Text, second: Text, *, answer_is_rare: bool) -> bool:
    """Return whether two similar texts with answers that agree ask the same.

    Their numbers must be equal. If each has words that the other lacks, apart from spelling, one may be about something else; that is
    excluded only if the answer is rare among the examples.
    """
    if find_numbers(first.words) != find_numbers(second.words):
        return False
    return answer_is_rare or not _replaces_words(first, second)


def agree(answer: Text, accepted: Iterable[Text]) -> bool:
    """Return whether an answer may mean the same as an accepted one: one contains the other, or they share most words and all numbers."""
    return any(_agrees(answer, each) for each in accepted)


def _agrees(answer: Text, accepted: Text) -> bool:
    if contains_words(answer.words, accepted.words) or contains_words(accepted.words, answer.words):
        return True
    shorter = min(len(answer.words), len(accepted.words))
    shared = (Counter(answer.words) & Counter(accepted.words)).total()
    same_numbers = set(find_numbers(accepted.words)) <= set(find_numbers(answer.words))
    return shorter > SHORT_ANSWER and same_numbers and shared >= LONG_ANSWER_OVERLAP * shorter


def _replaces_words(first: Text, second: Text) -> bool:
    """Return whether each text has a word that is in the other under no spelling."""
    only_first, only_second = set(first.words) - set(second.words), set(second.words) - set(first.words)
    return _has_new_word(only_first, second.words) and _has_new_word(only_second, first.words)


def _has_new_word(words: Iterable[str], others: Sequence[str]) -> bool:
    return any(all(fuzz.ratio(word, other) < MISSPELT for other in others) for word in words)


def _sign(texts: Iterable[Text]) -> Iterator[MinHash]:
    encoded = ([shingle.encode() for shingle in text.shingles] for text in texts)
    return MinHash.generator(encoded, num_perm=BANDS * ROWS, hashfunc=zlib.crc32)  # type: ignore[no-any-return]
