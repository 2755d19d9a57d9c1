"""What is tested of duplicates in one process, over PostgreSQL and a Qdrant server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openai import OpenAI

from tests.integration.qdrant import QdrantServer
from tests.integration.server_harness import server_harness
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.catalog.test_duplicates import *  # noqa: F403
from tests.unit.retrieval.sdk import open_sdk


@pytest.fixture
def harness(tmp_path: Path, postgres_url: str, qdrant_server: QdrantServer) -> Iterator[RetrievalHarness]:
    with server_harness(tmp_path, postgres_url, qdrant_server) as opened:
        yield opened


@pytest.fixture
def client(harness: RetrievalHarness) -> Iterator[OpenAI]:
    with open_sdk(harness) as opened:
        yield opened
