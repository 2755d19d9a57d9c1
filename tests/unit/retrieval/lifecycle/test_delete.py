import os
import time
from pathlib import Path
from typing import Any

from openai import OpenAI

from services.retrieval.catalog import stores
from services.retrieval.catalog.records import Store
from services.retrieval.lifecycle.delete import ORPHAN_SECONDS, delete_orphan_bytes
from tests.fake_index import INDEX_DOWN
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.sdk import open_sdk


def test_only_old_bytes_without_a_record_are_deleted(tmp_path: Path) -> None:
    harness = RetrievalHarness(tmp_path)
    recorded = harness.attach("recorded")
    for name in (recorded, "file-orphan", "file-new", "notes.txt"):
        place = harness.folder.path_of(name)
        place.touch()
        if name != "file-new":
            os.utime(place, (0, time.time() - ORPHAN_SECONDS - 1))
    delete_orphan_bytes(harness.database, harness.folder)
    assert {path.name for path in (tmp_path / "files").iterdir()} == {recorded, "file-new", "notes.txt"}
    harness.close()


def index_file(harness: RetrievalHarness, store_id: str = "vs_1") -> str:
    file_id = harness.attach(" ".join(f"Topic{number} is about pumps." for number in range(100)), store_id=store_id)
    harness.worker().work_once()
    return file_id


def add_store(harness: RetrievalHarness) -> str:
    with harness.database.session() as session:
        stores.add(session, Store(id="vs_2", project_id="default", name="", embedding_model="words", space="words"))
    return "vs_2"


def attach(client: OpenAI, harness: RetrievalHarness, file_id: str, store_id: str) -> None:
    client.vector_stores.files.create(store_id, file_id=file_id)
    harness.worker().work_once()


def deleted_chunks(response: Any) -> dict[str, Any]:
    deleted: dict[str, Any] = response.to_dict()["removed"]
    return deleted


def test_a_deletion_counts_the_chunks_it_deleted_from_the_index(harness: RetrievalHarness) -> None:
    with open_sdk(harness) as client:
        first, second, third = index_file(harness), index_file(harness), index_file(harness, add_store(harness))
        each = harness.index.count("words", {}) // 3
        assert each > 1
        attach(client, harness, first, "vs_2")
        assert deleted_chunks(client.vector_stores.files.delete(second, vector_store_id="vs_1")) == {
            "files": 1,
            "chunks": each,
            "note": None,
        }
        assert deleted_chunks(client.files.delete(first)) == {"files": 2, "chunks": 2 * each, "note": None}
        assert deleted_chunks(client.files.delete(second)) == {"files": 0, "chunks": 0, "note": None}
        attach(client, harness, third, "vs_1")
        assert deleted_chunks(client.vector_stores.delete("vs_2")) == {"files": 1, "chunks": each, "note": None}
        assert harness.index.count("words", {}) == each
        assert deleted_chunks(client.vector_stores.delete("vs_1")) == {"files": 1, "chunks": each, "note": None}
        assert harness.index.count("words", {}) == 0


def test_a_deletion_says_that_the_index_is_down(harness: RetrievalHarness) -> None:
    with open_sdk(harness) as client:
        file_id = index_file(harness)
        harness.index.failure = INDEX_DOWN
        deleted = deleted_chunks(client.vector_stores.files.delete(file_id, vector_store_id="vs_1"))
        assert deleted["files"] == 1 and deleted["chunks"] == 0 and "index does not answer" in deleted["note"]
        harness.index.failure = None
        assert client.vector_stores.search("vs_1", query="pumps").data == []
        assert harness.worker().work_once()
        assert harness.index.count("words", {}) == 0
