"""BM25's half that knows only one text: term weights. The other half, how rare a term is, the index adds when it searches.

Terms are words, and in scripts that write no spaces between words (or, as Korean, glue particles to them) runs of two or three letters.
Dictionaries would give words there too, but other ones for a question than for the sentence that answers it.
"""

import re
from collections.abc import Iterator
from typing import Any
from unicodedata import normalize

from services.retrieval.index.points import Sparse

# Terms of a chunk of 200 tokens, without stop words; measured on scifact and xquad, where anything from 60 to 250 does as well.
MEAN_TERMS = 100.0
# Chinese characters, kana and Korean syllables; Thai, Lao, Myanmar and Khmer letters, of which a word takes about twice as many.
SYLLABLES = (
    r"[\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]+"
)
LETTERS = r"[\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u1000-\u103f\u1050-\u109f\u1780-\u17d3]+"
UNSPACED = re.compile(f"({SYLLABLES})|{LETTERS}")


class Bm25:
    """BM25 (k 1.2, b 0.75): words stemmed and without stop words as in English, accents folded; parts of words where no spaces are."""

    def __init__(self) -> None:
        import qdrant_edge

        terms: dict[str, Any] = {"k": 1.2, "b": 0.75, "avg_len": MEAN_TERMS, "ascii_folding": True}
        self._words = qdrant_edge.Bm25(qdrant_edge.Bm25Config(**terms))
        self._grams = qdrant_edge.Bm25(qdrant_edge.Bm25Config(**terms, tokenizer=qdrant_edge.TokenizerType.Whitespace))

    def weigh_passage(self, text: str) -> Sparse:
        """Return the weights of a passage's terms, saturated by frequency and normalized by length."""
        words, grams = _parted(text, alone=True)
        return _sparse(self._words.embed_document(words), self._grams.embed_document(grams) if grams else None)

    def weigh_query(self, text: str) -> Sparse:
        """Return the terms of a question, each with weight 1."""
        words, grams = _parted(text, alone=False)
        return _sparse(self._words.embed_query(words), self._grams.embed_query(grams) if grams else None)


def _parted(text: str, alone: bool) -> tuple[str, str]:
    """Return the text that has spaces, and the grams of the rest, with spaces between them."""
    if text.isascii():
        return text, ""
    text = normalize("NFKC", text)
    grams = " ".join(gram for run in UNSPACED.finditer(text) for gram in _grams(run, alone))
    return (UNSPACED.sub(" ", text), grams) if grams else (text, "")


def _grams(run: re.Match[str], alone: bool) -> Iterator[str]:
    """Yield the overlapping parts of a run; `alone`: each syllable too, so that a question of one finds it."""
    letters, size = run[0], 2 if run[1] else 3
    if alone and run[1] and len(letters) > 1:
        yield from letters
    yield from (letters[at : at + size] for at in range(max(1, len(letters) - size + 1)))


def _sparse(words: Any, grams: Any) -> Sparse:
    if grams is None:
        return Sparse(list(words.indices), list(words.values))
    weights = dict(zip([*words.indices, *grams.indices], [*words.values, *grams.values], strict=True))
    return Sparse(list(weights), list(weights.values()))
