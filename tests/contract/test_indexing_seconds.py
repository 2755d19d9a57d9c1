"""How long indexing took, as a caller sees it, over HTTP, with the embedded index and the real clock."""

from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI

from services.retrieval.index.bm25 import Bm25
from services.retrieval.index.edge import EdgeIndex
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.sdk import open_sdk


def _read(resource: Any) -> float | None:
    assert "indexing_seconds" in resource.model_extra
    seconds: float | None = resource.model_extra["indexing_seconds"]
    return seconds


def test_a_store_shows_the_sum_of_the_seconds_of_its_files_and_a_duplicate_costs_nothing(tmp_path: Path) -> None:
    harness = RetrievalHarness(tmp_path, index=EdgeIndex(tmp_path / "index"), bm25=Bm25())
    try:
        with open_sdk(harness) as client:
            _check(harness, client)
    finally:
        harness.close()


def _check(harness: RetrievalHarness, client: OpenAI) -> None:
    store = client.vector_stores.create(name="Handbooks")
    contents = {"pump.txt": b"The pump hums. " * 2000, "valve.txt": b"The valve is orange.", "copy.txt": b"The valve is orange."}
    for name, content in contents.items():
        file = client.files.create(file=(name, content), purpose="assistants")
        attached = client.vector_stores.files.create(store.id, file_id=file.id)
        assert _read(attached) is None
    assert _read(store) == _read(client.vector_stores.retrieve(store.id)) == 0
    harness.work()
    pump, valve, copy = (_read(file) or 0 for file in client.vector_stores.files.list(store.id, order="asc"))
    assert pump > valve >= 0 == copy
    assert _read(client.vector_stores.retrieve(store.id)) == pytest.approx(pump + valve, abs=0.002)  # each is rounded to milliseconds
