"""Groups documents that are nearly the same, so that a split does not put two versions of a document into two parts.

MinHash (Broder 1997): the share of equal minima of two documents' hashed shingles estimates the Jaccard similarity of their shingles.
"""

import re
from collections.abc import Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt

from services.evaluation.datasets.sources.documents import Document

HASHES = 128
PRIME = 2**31 - 1
SHINGLE_WORDS = 4
SHINGLE_CHARACTERS = 8  # in scripts without spaces
THRESHOLD = 0.4  # of the estimated Jaccard similarity; its standard error is about 0.04
WORD = re.compile(r"\w+")

Signature = npt.NDArray[np.uint64]


def group_documents(documents: Sequence[Document]) -> list[list[Document]]:
    """Return the documents in groups, in their order. Two that are nearly the same are in one group, and so are those between them."""
    signatures = np.array([sign(" ".join(passage.text for passage in each.passages)) for each in documents])
    group_of = list(range(len(documents)))
    for number in range(len(documents)):
        alike = (signatures[number + 1 :] == signatures[number]).mean(axis=1) >= THRESHOLD
        for other in np.flatnonzero(alike) + number + 1:
            _merge(group_of, group_of[number], group_of[other])
    groups: dict[int, list[Document]] = {}
    for number, document in zip(group_of, documents, strict=True):
        groups.setdefault(number, []).append(document)
    return list(groups.values())


def _merge(group_of: list[int], kept: int, merged: int) -> None:
    for number, group in enumerate(group_of):
        if group == merged:
            group_of[number] = kept


def sign(text: str) -> Signature:
    """Return the MinHash signature of a text: for each hash function the minimum over the text's shingles."""
    random = np.random.default_rng(0)  # the same functions for every text
    factors = random.integers(1, PRIME, HASHES, dtype=np.uint64)[:, None]
    offsets = random.integers(0, PRIME, HASHES, dtype=np.uint64)[:, None]
    hashes = np.array([crc32(shingle.encode(errors="replace")) % PRIME for shingle in make_shingles(text)], dtype=np.uint64)
    signature: Signature = ((factors * hashes + offsets) % np.uint64(PRIME)).min(axis=1)
    return signature


def make_shingles(text: str) -> set[str]:
    """Return every run of words in lowercase, or of characters if the text has few spaces. A short text is one shingle."""
    words = WORD.findall(text.casefold())
    if sum(map(len, words)) > 20 * len(words):
        joined = "".join(words)
        return {joined[start : start + SHINGLE_CHARACTERS] for start in range(max(1, len(joined) - SHINGLE_CHARACTERS + 1))}
    return {" ".join(words[start : start + SHINGLE_WORDS]) for start in range(max(1, len(words) - SHINGLE_WORDS + 1))}
