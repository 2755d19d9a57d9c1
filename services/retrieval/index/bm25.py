"""The half of BM25 that needs only one text: term weights. The other half, how rare a term is, the index adds when it searches.

Terms are words. In scripts that write no spaces between words (or, as Korean, attach particles to them), terms are runs of two or three
letters. Dictionaries would find words there too, but different ones in a question than in the sentence that answers it.
"""

import re
from collections.abc import Iterator
from typing import Any
from unicodedata import normalize

from services.retrieval.index.points import SparseVector

# The average number of terms in a chunk of 200 tokens, without stop words. Measured on scifact and xquad; 60 to 250 work as well.
MEAN_TERMS = 100.0
# Chinese characters, kana and Korean syllables; Thai, Lao, Myanmar and Khmer letters, of which a word needs about twice as many.
SYLLABLES = (
    r"[\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]+"
)
LETTERS = r"[\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u1000-\u103f\u1050-\u109f\u1780-\u17d3]+"
UNSPACED = re.compile(f"({SYLLABLES})|{LETTERS}")


class Bm25:
    """BM25 (k 1.2, b 0.75): English stemming and stop words, accents folded; n-grams for scripts without spaces."""

    def __init__(self) -> None:
        import qdrant_edge

        options: dict[str, Any] = {"k": 1.2, "b": 0.75, "avg_len": MEAN_TERMS, "ascii_folding": True}
        self._words = qdrant_edge.Bm25(qdrant_edge.Bm25Config(**options))
        self._ngrams = qdrant_edge.Bm25(qdrant_edge.Bm25Config(**options, tokenizer=qdrant_edge.TokenizerType.Whitespace))

    def encode_passage(self, text: str) -> SparseVector:
        """Return the weights of a passage's terms, saturated by frequency and normalized by length."""
        words, ngrams = _split_scripts(text, with_syllables=True)
        return _to_sparse(self._words.embed_document(words), self._ngrams.embed_document(ngrams) if ngrams else None)

    def encode_query(self, text: str) -> SparseVector:
        """Return the terms of a question, each with weight 1."""
        words, ngrams = _split_scripts(text, with_syllables=False)
        return _to_sparse(self._words.embed_query(words), self._ngrams.embed_query(ngrams) if ngrams else None)


def _split_scripts(text: str, with_syllables: bool) -> tuple[str, str]:
    """Return the part of the text that has spaces, and the n-grams of the rest, separated by spaces."""
    if text.isascii():
        return text, ""
    text = normalize("NFKC", text)
    ngrams = " ".join(ngram for run in UNSPACED.finditer(text) for ngram in _ngrams(run, with_syllables))
    return (UNSPACED.sub(" ", text), ngrams) if ngrams else (text, "")


def _ngrams(run: re.Match[str], with_syllables: bool) -> Iterator[str]:
    """Yield the overlapping n-grams of a run. With `with_syllables` also each syllable, so that a query of one syllable finds it."""
    letters, size = run[0], 2 if run[1] else 3
    if with_syllables and run[1] and len(letters) > 1:
        yield from letters
    yield from (letters[start : start + size] for start in range(max(1, len(letters) - size + 1)))


def _to_sparse(words: Any, ngrams: Any) -> SparseVector:
    if ngrams is None:
        return SparseVector(list(words.indices), list(words.values))
    weights = dict(zip([*words.indices, *ngrams.indices], [*words.values, *ngrams.values], strict=True))
    return SparseVector(list(weights), list(weights.values()))
