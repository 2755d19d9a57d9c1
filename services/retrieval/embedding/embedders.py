"""The embedders that are configured: one by default, others by name, loaded when a store needs them. Knows no library."""

import threading
from collections.abc import Iterator, Mapping, Sequence

from services.retrieval.embedding.embed import Embedder
from shared.errors import Conflict, InvalidRequest


class Embedders:
    """Embedders by name and by the space of their vectors; the first is the default. At most `most` are in memory."""

    def __init__(self, embedders: Sequence[Embedder], most: int) -> None:
        self.default = embedders[0]
        self._by_name: Mapping[str, Embedder] = {embedder.name: embedder for embedder in reversed(embedders)}
        self._by_space: Mapping[str, Embedder] = {embedder.space: embedder for embedder in reversed(embedders)}
        self._most = most
        self._making_room = threading.Lock()
        for embedder in embedders:
            embedder.loaded = self._make_room

    def __iter__(self) -> Iterator[Embedder]:
        return iter(self._by_name.values())

    def named(self, name: str | None) -> Embedder:
        """Return the embedder of that name, the default for None.

        Raises:
            InvalidRequest: there is none.
        """
        if name is None:
            return self.default
        if name not in self._by_name:
            known = ", ".join(sorted(self._by_name))
            problem = f"The embedding model '{name}' is not configured (RETRIEVAL_EMBEDDING_MODELS); there are: {known}."
            raise InvalidRequest(problem, param="embedding_model", code="model_not_found")
        return self._by_name[name]

    def of_space(self, space: str) -> Embedder:
        """Return the embedder whose vectors are in `space`.

        Raises:
            Conflict: it is not configured any more.
        """
        if space not in self._by_space:
            raise Conflict(
                f"This store was indexed with the embedder '{space}', which this service does not run (RETRIEVAL_EMBEDDING_MODEL, "
                "RETRIEVAL_EMBEDDING_MODELS). Search it with search_mode 'keyword', or configure that model again.",
                param="vector_store_id",
            )
        return self._by_space[space]

    def close(self) -> None:
        """End every embedder's thread."""
        for embedder in self:
            embedder.close()

    def _make_room(self) -> None:
        """Unload those that were not used for longest, down to the limit."""
        with self._making_room:
            there = sorted((embedder for embedder in self if embedder.is_loaded), key=lambda embedder: embedder.last_used)
            for embedder in there[: max(len(there) - self._most, 0)]:
                embedder.unload()
