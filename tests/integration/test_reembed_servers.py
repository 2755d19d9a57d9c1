"""What is tested of re-embedding in one process, over PostgreSQL and a Qdrant server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.qdrant import QdrantServer
from tests.integration.server_office import office_over
from tests.unit.retrieval.lifecycle.test_reembed import *  # noqa: F403
from tests.unit.retrieval.stand_ins import Office


@pytest.fixture  # type: ignore[no-redef]
def office(tmp_path: Path, postgres_url: str, qdrant_server: QdrantServer) -> Iterator[Office]:
    with office_over(tmp_path, postgres_url, qdrant_server) as opened:
        yield opened
