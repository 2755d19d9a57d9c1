"""The two indexes, each empty and in its own folder: Qdrant Edge in this process, and a Qdrant server."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from qdrant_client.models import CollectionStatus

from benchmarks.processes import free_port
from deploy.local.qdrant import QdrantServer
from services.retrieval.chunk import Chunk
from services.retrieval.embedding.vectors import Vectors
from services.retrieval.index import Index, Point, SparseVector
from services.retrieval.index.edge import EdgeIndex
from services.retrieval.index.points import ChunkOwner, to_point
from services.retrieval.index.server import ServerIndex

BACKENDS = ("edge", "server")
SPACE, TENANT = "bench", "vs_bench"


@contextmanager
def open_backend(backend: str) -> Iterator[tuple[Index, psutil.Process]]:
    """Yield an empty index, and the process it is in."""
    with TemporaryDirectory() as folder:
        if backend == "edge":
            edge = EdgeIndex(Path(folder) / "index")
            yield edge, psutil.Process()
            edge.close()
            return
        server = QdrantServer(Path(folder), free_port(), free_port())
        server.start()
        try:
            index = ServerIndex(server.url, server.key, grpc_port=server.grpc_port)
            yield index, psutil.Process(server.pid)
            index.close()
        finally:
            server.stop()


def fill(index: Index, texts: Sequence[str], vectors: Vectors, keywords: Sequence[SparseVector]) -> dict[str, int]:
    """Store one point for each text; return the position of each point's text, by point id."""
    index.ensure_space(SPACE, vectors.shape[1])
    owner, positions = ChunkOwner(TENANT, "file-bench", "vsf_bench"), dict[str, int]()
    for first in range(0, len(texts), 256):
        points: list[Point] = []
        for position in range(first, min(first + 256, len(texts))):
            chunk = Chunk(position, texts[position], 0, len(texts[position]), None, [], None)
            points.append(to_point(owner, chunk, vectors[position].tolist(), keywords[position]))
            positions[points[-1].id] = position
        index.upsert(SPACE, points)
    index.optimize()
    if isinstance(index, ServerIndex):
        _wait_until_indexed(index)
    return positions


def _wait_until_indexed(index: ServerIndex) -> None:
    """Return once the server has optimized everything."""
    while index._client.get_collection(SPACE).status != CollectionStatus.GREEN:
        time.sleep(0.2)
