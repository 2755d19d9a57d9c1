import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI

from services.retrieval.catalog import stores
from services.retrieval.catalog.records import Store
from services.retrieval.lifecycle.delete import ORPHAN_SECONDS, sweep_bytes
from tests.unit.retrieval.sdk import open_sdk
from tests.unit.retrieval.stand_ins import Office


def test_only_old_bytes_without_a_record_are_swept(tmp_path: Path) -> None:
    office = Office(tmp_path)
    known = office.put("known")
    for name in (known, "file-orphan", "file-new", "notes.txt"):
        place = office.folder.place(name)
        place.touch()
        if name != "file-new":
            os.utime(place, (0, time.time() - ORPHAN_SECONDS - 1))
    sweep_bytes(office.database, office.folder)
    assert {path.name for path in (tmp_path / "files").iterdir()} == {known, "file-new", "notes.txt"}
    office.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(tmp_path)
    yield opened
    opened.close()


def put(office: Office, store_id: str = "vs_1") -> str:
    file_id = office.put(" ".join(f"Topic{number} is about pumps." for number in range(100)), store_id=store_id)
    office.worker().work_once()
    return file_id


def add_store(office: Office) -> str:
    with office.database.session() as session:
        stores.add(session, Store(id="vs_2", project_id="default", name="", embedding_model="words", space="words"))
    return "vs_2"


def attach(client: OpenAI, office: Office, file_id: str, store_id: str) -> None:
    client.vector_stores.files.create(store_id, file_id=file_id)
    office.worker().work_once()


def removed(answer: Any) -> dict[str, Any]:
    told: dict[str, Any] = answer.to_dict()["removed"]
    return told


def test_a_deletion_counts_what_it_removed_from_the_index(office: Office) -> None:
    with open_sdk(office) as client:
        first, second, third = put(office), put(office), put(office, add_store(office))
        each = office.index.count("words", {}) // 3
        assert each > 1
        attach(client, office, first, "vs_2")
        assert removed(client.vector_stores.files.delete(second, vector_store_id="vs_1")) == {"files": 1, "chunks": each, "note": None}
        assert removed(client.files.delete(first)) == {"files": 2, "chunks": 2 * each, "note": None}
        assert removed(client.files.delete(second)) == {"files": 0, "chunks": 0, "note": None}
        attach(client, office, third, "vs_1")
        assert removed(client.vector_stores.delete("vs_2")) == {"files": 1, "chunks": each, "note": None}
        assert office.index.count("words", {}) == each
        assert removed(client.vector_stores.delete("vs_1")) == {"files": 1, "chunks": each, "note": None}
        assert office.index.count("words", {}) == 0


def test_a_deletion_says_that_the_index_is_away(office: Office) -> None:
    with open_sdk(office) as client:
        file_id = put(office)
        office.index.away = True
        told = removed(client.vector_stores.files.delete(file_id, vector_store_id="vs_1"))
        assert told["files"] == 1 and told["chunks"] == 0 and "index does not answer" in told["note"]
        office.index.away = False
        assert client.vector_stores.search("vs_1", query="pumps").data == []
        assert office.worker().work_once()
        assert office.index.count("words", {}) == 0
