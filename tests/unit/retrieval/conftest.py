"""The retrieval service's parts with fakes, and clients of the service, for the unit tests of every room."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openai import OpenAI

from services.retrieval.ingestion import index_file, pipeline
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.sdk import open_sdk


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[RetrievalHarness]:
    """The parts, with a database and a folder of their own."""
    opened = RetrievalHarness(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def client(harness: RetrievalHarness) -> Iterator[OpenAI]:
    """The stock SDK over the service; nothing is indexed unless a test does it."""
    with open_sdk(harness) as opened:
        yield opened


@pytest.fixture
def one_batch_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ingestion embed no batch ahead, and report the progress of each."""
    monkeypatch.setattr(pipeline, "PREFETCH", 0)
    monkeypatch.setattr(index_file, "REPORT_INTERVAL_SECONDS", 0.0)
