"""BM25's half that knows only one text: term weights. The other half, how rare a term is, the index adds when it searches."""

from typing import Any

from services.retrieval.index.points import Sparse

# Terms of a chunk of 200 tokens, without stop words; measured on scifact and xquad, where anything from 60 to 250 does as well.
MEAN_TERMS = 100.0


class Bm25:
    """English BM25 (k 1.2, b 0.75), with stemming and without stop words."""

    def __init__(self) -> None:
        import qdrant_edge

        self._bm25 = qdrant_edge.Bm25(qdrant_edge.Bm25Config(k=1.2, b=0.75, avg_len=MEAN_TERMS))

    def weigh_passage(self, text: str) -> Sparse:
        """Return the weights of a passage's terms, saturated by frequency and normalized by length."""
        return _sparse(self._bm25.embed_document(text))

    def weigh_query(self, text: str) -> Sparse:
        """Return the terms of a question, each with weight 1."""
        return _sparse(self._bm25.embed_query(text))


def _sparse(vector: Any) -> Sparse:
    return Sparse(list(vector.indices), list(vector.values))
