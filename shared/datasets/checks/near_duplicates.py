"""Finds examples with nearly the same words, in bounded memory.

A text is compared as its set of sequences of three words (Broder 1997), by the Jaccard similarity: common sequences divided by all.
Sequences that many examples have, such as those of a prompt around each question, say nothing and are left out. The smallest hashes in
eight parts of the set find the candidates: two texts with the similarity 0.75 share none of them in one of 65,000 cases. Of a long text,
the 256 smallest hashes are kept, which estimate the similarity.

More than a tenth of the first examples being nearly equal looks like such a prompt, and is not found.
"""

import re
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_EXAMPLES = 20_000
THRESHOLD = 0.75
WORDS = 3
MAX_CHARACTERS = 20_000  # of a text; the rest is not compared
MIN_SHINGLES = 5  # a text with fewer says too little
SKETCH = 256
PARTS = 8
LEARNED_FROM = 1000  # examples that show which sequences are common
COMMON, MIN_COMMON = 0.1, 10
MIX = 2_654_435_761  # Knuth's multiplicative hashing: CRC-32 alone keeps the order of similar texts
# Chinese and Japanese are written without spaces, so each of their characters is a word.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")

Sketch = frozenset[int]


@dataclass(frozen=True)
class Pair:
    """A line, an earlier line (or one of another file) with nearly the same words, and their similarity between 0 and 1."""

    line: int
    other: int
    similarity: float


class NearDuplicates:
    """The texts of a file; the first `limit` are compared."""

    def __init__(self, limit: int = MAX_EXAMPLES) -> None:
        self._limit = limit
        self._waiting: list[tuple[int, Sketch]] = []
        self._common: Sketch | None = None
        self._sketches: list[tuple[int, array[int]]] = []
        self._first: dict[int, int] = {}
        self.compared = 0

    def add(self, text: str, line: int) -> list[Pair]:
        """Return the pairs that are found by now. The first thousand texts wait until it is known which of their sequences are common."""
        if self.compared >= self._limit:
            return []
        self.compared += 1
        shingles = _read(text)
        if self._common is not None:
            return list(self._insert([(line, shingles)], self._common))
        self._waiting.append((line, shingles))
        return self.finish() if len(self._waiting) >= LEARNED_FROM else []

    def finish(self) -> list[Pair]:
        """Return the pairs among the texts that wait. Call it after the last text."""
        waiting, self._waiting = self._waiting, []
        if self._common is None:
            counts = Counter(shingle for _, shingles in waiting for shingle in shingles)
            most = max(MIN_COMMON, COMMON * len(waiting))
            self._common = frozenset(shingle for shingle, count in counts.items() if count > most)
        return list(self._insert(waiting, self._common))

    def find(self, text: str, line: int) -> Pair | None:
        """Return the pair of a text of another file with the most similar one here; None if there is none."""
        sketch = _sketch(_read(text) - (self._common or frozenset()))
        return None if sketch is None else self._match(line, sketch)

    def _insert(self, texts: Iterable[tuple[int, Sketch]], common: Sketch) -> Iterator[Pair]:
        for line, shingles in texts:
            sketch = _sketch(shingles - common)
            if sketch is None:
                continue
            pair = self._match(line, sketch)
            if pair is not None:
                yield pair
            for key in _list_keys(sketch):
                self._first.setdefault(key, len(self._sketches))
            self._sketches.append((line, array("I", sketch)))

    def _match(self, line: int, sketch: Sketch) -> Pair | None:
        candidates = {self._first[key] for key in _list_keys(sketch) if key in self._first}
        pairs = [Pair(line, other, _compare(sketch, frozenset(kept))) for other, kept in map(self._sketches.__getitem__, candidates)]
        best = max(pairs, key=lambda pair: (pair.similarity, -pair.other), default=None)
        return best if best is not None and best.similarity >= THRESHOLD else None


def _read(text: str) -> Sketch:
    words = WORD.findall(text[:MAX_CHARACTERS].casefold())
    sequences = zip(*(words[start:] for start in range(WORDS)), strict=False)
    return frozenset(zlib.crc32(" ".join(sequence).encode(errors="replace")) * MIX & 0xFFFFFFFF for sequence in sequences)


def _sketch(shingles: Sketch) -> Sketch | None:
    """Return the smallest hashes; None if there are too few to compare."""
    if len(shingles) < MIN_SHINGLES:
        return None
    return shingles if len(shingles) <= SKETCH else frozenset(sorted(shingles)[:SKETCH])


def _list_keys(sketch: Sketch) -> list[int]:
    """Return the smallest hash of each part; its last bits are the part."""
    smallest: dict[int, int] = {}
    for shingle in sorted(sketch, reverse=True):
        smallest[shingle % PARTS] = shingle
    return list(smallest.values())


def _compare(first: Sketch, second: Sketch) -> float:
    """Return the Jaccard similarity, estimated from the smallest hashes of both if one of the texts is long (Broder 1997)."""
    union = first | second
    if len(first) == SKETCH or len(second) == SKETCH:
        union = frozenset(sorted(union)[:SKETCH])
    return len(first & second & union) / len(union)
