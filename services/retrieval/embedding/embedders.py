"""The configured embedders: a default one and others by name, each loaded when a store needs it. Knows no library."""

from collections.abc import Iterator, Mapping, Sequence

from services.retrieval.embedding.embedder import Embedder
from shared.errors import Conflict, InvalidRequest


class Embedders:
    """The embedders by name and by the space of their vectors; the first is the default."""

    def __init__(self, embedders: Sequence[Embedder]) -> None:
        self.default = embedders[0]
        self._by_name: Mapping[str, Embedder] = {embedder.name: embedder for embedder in reversed(embedders)}
        self._by_space: Mapping[str, Embedder] = {embedder.space: embedder for embedder in reversed(embedders)}

    def __iter__(self) -> Iterator[Embedder]:
        return iter(self._by_name.values())

    def find(self, name: str | None) -> Embedder:
        """Return the embedder of that name; the default for None.

        Raises:
            InvalidRequest: if no embedder has that name.
        """
        if name is None:
            return self.default
        if name not in self._by_name:
            configured = ", ".join(f"'{each}'" for each in sorted(self._by_name))
            problem = f"There is no embedding model '{name}'. Configured models (RETRIEVAL_EMBEDDING_MODELS): {configured}."
            raise InvalidRequest(problem, param="embedding_model", code="model_not_found")
        return self._by_name[name]

    def find_by_space(self, space: str) -> Embedder:
        """Return the embedder whose vectors are in `space`.

        Raises:
            Conflict: if it is not configured any more.
        """
        if space not in self._by_space:
            raise Conflict(
                f"This store was indexed with an embedding model (space '{space}') that is not configured any more. Configure it again "
                "(RETRIEVAL_EMBEDDING_MODEL, RETRIEVAL_EMBEDDING_MODELS), or search with 'search_mode' 'keyword'.",
                param="vector_store_id",
            )
        return self._by_space[space]

    def close(self) -> None:
        """End the processes of the embedders."""
        for embedder in self:
            embedder.close()
