"""The embedded index in a process of its own (`edge_server.py`), as the service sees it.

If that process ends, the next call starts it again. A read that it worked on is done again, a write raises Unavailable. What was written
before is not lost: Edge has it in its log.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from services.retrieval.index.points import Hit, Point, Query, StoredChunk
from shared.contracts.filters import Filter
from shared.errors import Unavailable
from shared.workers.child_calls import CallFailed
from shared.workers.child_process import ChildExited, ChildProcess

SERVER_MODULE = "services.retrieval.index.edge_server"


class EdgeClient:
    """An `Index` in the folder `path`, which one service at a time can use."""

    is_exclusive = True

    def __init__(self, path: Path) -> None:
        """Start the process.

        Raises:
            Unavailable: if another process has locked the folder.
        """
        self._path = path
        self._process = ChildProcess(SERVER_MODULE, f"of the index in {path} (RETRIEVAL_INDEX)", [str(path)])
        try:
            self._call("check")
        except Unavailable:
            self._process.close()
            raise

    @property
    def pid(self) -> int | None:
        """The id of the process; None if it does not run."""
        return self._process.pid

    def ensure_space(self, space: str, dimension: int) -> None:
        self._call("ensure_space", space, dimension)

    def upsert(self, space: str, points: Sequence[Point]) -> None:
        self._call("upsert", space, points)

    def delete(self, space: str, where: Mapping[str, str]) -> None:
        self._call("delete", space, where)

    def count(self, space: str, where: Mapping[str, str]) -> int:
        count: int = self._read("count", space, where)
        return count

    def set_attributes(self, space: str, where: Mapping[str, str], attributes: Mapping[str, Any] | None) -> None:
        self._call("set_attributes", space, where, attributes)

    def scroll(self, space: str, where: Mapping[str, str], batch_size: int = 256) -> Iterator[list[Point]]:
        offset = None
        while True:
            points, offset = self._read("read_points", space, where, batch_size, offset)
            if points:
                yield points
            if offset is None:
                return

    def search(
        self,
        space: str,
        tenant: str,
        query: Query,
        filter: Filter | None,
        limit: int,
        exclude: Sequence[str] = (),
        attachment_id: str | None = None,
        corpus: Sequence[str] = (),
        keyword_limit: int | None = None,
    ) -> tuple[list[Hit], list[Hit]]:
        def find(part: Query) -> tuple[list[Hit], list[Hit]]:
            options = (filter, limit, exclude, attachment_id, corpus, keyword_limit)
            hits: tuple[list[Hit], list[Hit]] = self._read("search", space, tenant, part, *options)
            return hits

        if query.keywords is None or not callable(query.vector):
            return find(query.computed())
        # The keywords are found while the model computes the vector.
        _, by_keyword = find(Query(None, query.keywords))
        by_vector, _ = find(Query(query.wait_for_vector()))
        return by_vector, by_keyword

    def fetch_chunks(self, space: str, ids: Sequence[str]) -> dict[str, StoredChunk]:
        chunks: dict[str, StoredChunk] = self._read("fetch_chunks", space, ids) if ids else {}
        return chunks

    def fetch_vectors(self, space: str, ids: Sequence[str]) -> dict[str, list[float]]:
        vectors: dict[str, list[float]] = self._read("fetch_vectors", space, ids) if ids else {}
        return vectors

    def optimize(self) -> None:
        self._call("optimize")

    def check(self) -> None:
        """Start the process again if it has ended. A running process is not called, because it may be busy for half a second."""
        if self._process.pid is None:
            self._call("check")

    def close(self) -> None:
        with suppress(Unavailable):
            if self._process.pid is not None:
                self._call("close")
        self._process.close()

    def _read(self, name: str, *arguments: Any) -> Any:
        """Call a method that changes nothing, so that it can be called again if the process was killed."""
        try:
            return self._call(name, *arguments)
        except ChildExited:
            return self._call(name, *arguments)

    def _call(self, name: str, *arguments: Any) -> Any:
        try:
            return self._process.call((name, *arguments))
        except CallFailed as error:
            raise Unavailable(f"The index in {self._path} (RETRIEVAL_INDEX) failed: {error}") from error
