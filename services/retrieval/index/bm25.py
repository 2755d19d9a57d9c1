"""The part of BM25 that needs only one text: term weights. The other part, how rare a term is, the index adds when it searches.

The score of a passage is the sum over the query's terms of rarity x weight in the passage x weight in the query, where

    weight in the passage = f (k + 1) / (f + k (1 - b + b length / mean length))    if the term occurs f times there
    weight in the query   = f (k3 + 1) / (f + k3)                                   if the term occurs f times there
    rarity                = ln(1 + (N - n + 0.5) / (n + 0.5))                       if n of N passages have the term

(Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond"; the rarity is Lucene's, which is never negative).

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
K, B = 1.2, 0.75
K3 = 8.0  # Robertson and others' value at TREC, for long queries
COUNTING = 1e9  # with so large a k, and without b, the weight of a term is its frequency, to the nearest integer
# Chinese characters, kana and Korean syllables; Thai, Lao, Myanmar and Khmer letters, of which a word needs about twice as many.
SYLLABLES = (
    r"[\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]+"
)
LETTERS = r"[\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u1000-\u103f\u1050-\u109f\u1780-\u17d3]+"
UNSPACED = re.compile(f"({SYLLABLES})|{LETTERS}")


class Bm25:
    """BM25 (k 1.2, b 0.75, k3 8): English stemming and stop words, accents folded; n-grams for scripts without spaces."""

    def __init__(self) -> None:
        self._passage_words, self._passage_ngrams = _encoders(K, B)
        self._query_words, self._query_ngrams = _encoders(COUNTING, 0.0)

    def encode_passage(self, text: str) -> SparseVector:
        """Return the weights of a passage's terms, saturated by frequency and normalized by length."""
        words, ngrams = _split_scripts(text, with_syllables=True)
        return _to_sparse(self._passage_words.embed_document(words), self._passage_ngrams.embed_document(ngrams) if ngrams else None)

    def encode_query(self, text: str) -> SparseVector:
        """Return the weights of a question's terms: 1 for a term that occurs once, up to 1 + k3 for one that is repeated."""
        words, ngrams = _split_scripts(text, with_syllables=False)
        counts = _to_sparse(self._query_words.embed_document(words), self._query_ngrams.embed_document(ngrams) if ngrams else None)
        return SparseVector(counts.indices, [query_weight(round(count)) for count in counts.values])


def query_weight(count: int) -> float:
    """Return the weight in a query of a term that occurs `count` times in it."""
    return count * (K3 + 1) / (count + K3)


def _encoders(k: float, b: float) -> tuple[Any, Any]:
    """Return the weighers of words and of n-grams."""
    import qdrant_edge

    options: dict[str, Any] = {"k": k, "b": b, "avg_len": MEAN_TERMS, "ascii_folding": True}
    ngrams = qdrant_edge.Bm25Config(**options, tokenizer=qdrant_edge.TokenizerType.Whitespace)
    return qdrant_edge.Bm25(qdrant_edge.Bm25Config(**options)), qdrant_edge.Bm25(ngrams)


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
