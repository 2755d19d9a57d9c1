"""Reuse of vectors: when a file comes in a new version, only the chunks whose text changed are embedded.

Two chunks share a vector if their embedded text, including title and headings, is the same in the same embedding space, so
that embedding again would give the same vector. Vectors come from the versions of the file that the store has: same name or
same content, chunked by the same strategy (which also decides what is embedded with a text), the newest few. At most
`MAX_VECTORS` are held in memory; the chunks beyond them are embedded again.
"""

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from services.retrieval.embedding.vectors import Vectors
from services.retrieval.index import Index
from services.retrieval.index.points import ATTACHMENT, to_stored_chunk

MAX_VECTORS = 20_000
Embed = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True)
class EmbeddedTexts:
    """One vector for each text, and how many of them were reused."""

    vectors: Vectors
    reused: int


class ReusableVectors:
    """The vectors of the chunks of some attachments in a space. They are read from the index on first use. Thread-safe."""

    def __init__(self, index: Index, space: str, attachment_ids: Sequence[str]) -> None:
        self._index = index
        self._space = space
        self._ids = attachment_ids
        self._vectors: dict[bytes, Vectors] | None = None
        self._reading = threading.Lock()

    def embed(self, texts: Sequence[str], embed: Embed) -> EmbeddedTexts:
        """Return one vector for each text. `embed` is called only for texts that have no vector yet.

        Raises:
            Unavailable: if the index does not answer.
        """
        stored = self._stored()
        reusable = [stored.get(_key(text)) for text in texts]
        new = [text for text, vector in zip(texts, reusable, strict=True) if vector is None]
        embedded = iter(embed(new)) if new else iter(())
        vectors = np.array([next(embedded) if vector is None else vector for vector in reusable], np.float32)
        return EmbeddedTexts(vectors, len(texts) - len(new))

    def _stored(self) -> dict[bytes, Vectors]:
        with self._reading:
            if self._vectors is None:
                self._vectors = self._read()
            return self._vectors

    def _read(self) -> dict[bytes, Vectors]:
        vectors: dict[bytes, Vectors] = {}
        for id in self._ids:
            for points in self._index.scroll(self._space, {ATTACHMENT: id}):
                for point in points:
                    vectors[_key(to_stored_chunk(point.fields).chunk.in_context)] = np.array(point.vector, np.float32)
                if len(vectors) >= MAX_VECTORS:
                    return vectors
        return vectors


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
