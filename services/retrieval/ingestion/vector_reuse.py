"""Vectors that are known already: a new version of a file embeds only the chunks whose text changed.

What counts is the text as it is embedded, with its title and headings, in the same space; so a vector is taken over only where
embedding again would give the same. Looked for in the versions of the file that the store has: same name or same content,
cut by the same strategy (it also says what is embedded with a text), the newest few. Vectors of at most `MOST` chunks are
held, so that memory stays bounded; what lies behind is embedded again.
"""

import hashlib
import threading
from collections.abc import Callable, Sequence

import numpy as np

from services.retrieval.embedding.embed import Vectors
from services.retrieval.index import Index
from services.retrieval.index.points import ATTACHMENT, from_fields

MOST = 20_000
Embed = Callable[[Sequence[str]], Vectors]


class Known:
    """The vectors of the chunks of attachments in a space; read from the index when they are first asked for. For many threads."""

    def __init__(self, index: Index, space: str, attachment_ids: Sequence[str]) -> None:
        self.reused = 0
        self._index = index
        self._space = space
        self._ids = attachment_ids
        self._vectors: dict[bytes, Vectors] | None = None
        self._turn = threading.Lock()

    def embed(self, texts: Sequence[str], embed: Embed) -> Vectors:
        """Return one vector for each text, as `embed` does, which is asked only for those that are not known.

        Raises:
            Unavailable: the index does not answer.
        """
        found = self._look(texts)
        new = [text for text, vector in zip(texts, found, strict=True) if vector is None]
        embedded = iter(embed(new)) if new else iter(())
        return np.array([next(embedded) if vector is None else vector for vector in found], np.float32)

    def _look(self, texts: Sequence[str]) -> "list[Vectors | None]":
        with self._turn:
            if self._vectors is None:
                self._vectors = self._read()
            found = [self._vectors.get(_key(text)) for text in texts]
            self.reused += sum(vector is not None for vector in found)
            return found

    def _read(self) -> dict[bytes, Vectors]:
        vectors: dict[bytes, Vectors] = {}
        for id in self._ids:
            for points in self._index.scroll(self._space, {ATTACHMENT: id}):
                for point in points:
                    vectors[_key(from_fields(point.fields).chunk.in_context)] = np.array(point.vector, np.float32)
                if len(vectors) >= MOST:
                    return vectors
        return vectors


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
