"""The retrieval service's parts over real servers: PostgreSQL instead of SQLite, a Qdrant server instead of an index in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.retrieval.index.bm25 import Bm25
from services.retrieval.index.server import ServerIndex
from tests.integration.qdrant import QdrantServer
from tests.retrieval_harness import RetrievalHarness

SPACES = ("words", "letters")


@contextmanager
def server_harness(path: Path, database_url: str | None = None, server: QdrantServer | None = None) -> Iterator[RetrievalHarness]:
    """Build the parts over an empty database and a Qdrant server, whose spaces `words` and `letters` are emptied."""
    index = ServerIndex(server.url, server.key) if server else None
    harness = RetrievalHarness(path, database_url=database_url, index=index, bm25=Bm25())
    for space in SPACES:
        harness.index.delete(space, {})
    yield harness
    for space in SPACES:
        harness.index.delete(space, {})
    harness.close()
