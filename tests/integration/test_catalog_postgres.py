"""The records over PostgreSQL: what differs from SQLite is locks, JSON, and how a row is put in or replaced."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import OpenAI

from services.retrieval.catalog import ingest_queue
from services.retrieval.catalog.records import DAY, Attachment, File, Store
from services.retrieval.lifecycle.sweeper import sweep
from shared.records.projects import Project
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.sdk import open_sdk


@pytest.fixture
def harness(tmp_path: Path, postgres_url: str) -> Iterator[RetrievalHarness]:
    opened = RetrievalHarness(tmp_path, database_url=postgres_url)
    opened.add_store("vs_2")
    yield opened
    opened.close()


@pytest.fixture
def client(harness: RetrievalHarness) -> Iterator[OpenAI]:
    with open_sdk(harness) as client:
        yield client


def upload(client: OpenAI, count: int) -> list[str]:
    texts = [f"The seal of pump {number} is turquoise.".encode() for number in range(count)]
    return [client.files.create(file=(f"{number}.txt", text), purpose="assistants").id for number, text in enumerate(texts)]


def index_all(harness: RetrievalHarness) -> None:
    harness.work()


def test_lists_batches_and_deletions(client: OpenAI, harness: RetrievalHarness) -> None:
    ids = upload(client, 7)
    batch = client.vector_stores.file_batches.create("vs_1", file_ids=ids, attributes={"kind": "seal"})
    client.vector_stores.files.delete(ids[-1], vector_store_id="vs_1")
    client.vector_stores.files.create("vs_1", file_id=ids[-1])
    for file in client.vector_stores.file_batches.list_files(batch.id, vector_store_id="vs_1", limit=2, order="asc"):
        client.vector_stores.files.delete(file.id, vector_store_id="vs_1")
    assert client.vector_stores.retrieve("vs_1").file_counts.total == 0
    client.vector_stores.file_batches.create("vs_1", files=[{"file_id": id} for id in ids])
    index_all(harness)
    assert client.vector_stores.retrieve("vs_1").file_counts.completed == 7
    removed: Any = [client.files.delete(file.id) for file in client.files.list(limit=2)]
    assert [each.removed["files"] for each in removed] == [1] * 7
    assert [store.id for store in client.vector_stores.list(limit=1)] == ["vs_2", "vs_1"]


def test_projects_and_their_stores_take_turns_in_the_ingest_queue(harness: RetrievalHarness) -> None:
    with harness.database.session() as session:
        session.add(Project(id="another", created_at=1))
        session.flush()
        session.add(Store(id="vs_3", project_id="another", name="", embedding_model="words", space="words"))
        session.add_all(
            Attachment(id=f"{store}-{number}", vector_store_id=store, file_id=f"{number}", space="words", chunking={})
            for store in ("vs_1", "vs_2", "vs_3", "vs_gone")
            for number in range(100)
        )
    claimed: list[str] = []
    for _ in range(8):
        with harness.database.session() as session:
            mine = ingest_queue.claim(session, "me", 30)
        claimed.append(mine.vector_store_id if mine else "")
    assert sorted(claimed[:3]) in (["vs_1", "vs_3", "vs_gone"], ["vs_2", "vs_3", "vs_gone"])
    assert sorted(claimed[:6]) == ["vs_1", "vs_2", "vs_3", "vs_3", "vs_gone", "vs_gone"]


def test_many_workers_share_the_queue_between_stores(harness: RetrievalHarness) -> None:
    for store, count in (("vs_1", 200), ("vs_2", 10)):
        with harness.database.session() as session:
            session.add_all(
                Attachment(id=f"{store}-{number}", vector_store_id=store, file_id=f"{number}", space="words", chunking={})
                for number in range(count)
            )
    claimed: list[str] = []

    def work(owner: str) -> None:
        while len(claimed) < 80:
            with harness.database.session() as session:
                mine = ingest_queue.claim(session, owner, 30)
            claimed.extend([mine.id] if mine else [])  # others may have taken all the candidates

    threads = [threading.Thread(target=work, args=(f"worker-{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(set(claimed)) == len(claimed) >= 80
    assert sum(id.startswith("vs_2-") for id in claimed[:60]) == 10


def test_attributes_change_and_what_has_expired_goes(client: OpenAI, harness: RetrievalHarness) -> None:
    ids = upload(client, 2)
    client.vector_stores.file_batches.create("vs_1", file_ids=ids)
    client.vector_stores.file_batches.create("vs_2", file_ids=ids)
    index_all(harness)
    client.vector_stores.files.update(ids[0], vector_store_id="vs_1", attributes={"kind": "seal"})
    found = client.vector_stores.search("vs_1", query="seal", filters={"type": "eq", "key": "kind", "value": "seal"})
    assert [hit.file_id for hit in found.data] == ids[:1]
    with harness.database.session() as session:
        session.get_one(File, ids[0]).expires_at = time.time() - 1
        session.get_one(Store, "vs_2").expires_days = 1
        session.get_one(Store, "vs_2").last_active_at = time.time() - DAY - 1
    sweep(harness.database, harness.index, harness.folder, time.time())
    assert [file.id for file in client.files.list()] == ids[1:]
    assert client.vector_stores.retrieve("vs_2").status == "expired"
    assert harness.index.count("words", {}) == 1


def test_simultaneous_requests_to_attach_or_delete_the_same_files_all_succeed(client: OpenAI, harness: RetrievalHarness) -> None:
    ids = upload(client, 20)
    outcomes: list[str] = []

    def attach(turn: int) -> None:
        try:
            client.vector_stores.file_batches.create("vs_1", file_ids=ids[::-1] if turn % 2 else ids)
            outcomes.append("attached")
        except openai.NotFoundError:
            outcomes.append("deleted")

    def delete(id: str) -> None:
        try:
            client.files.delete(id)
        except openai.NotFoundError:
            outcomes.append("deleted before")

    threads = [threading.Thread(target=attach, args=(turn,)) for turn in range(6)]
    threads += [threading.Thread(target=delete, args=(ids[0],)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len([each for each in outcomes if each != "deleted before"]) == 6
    index_all(harness)
    left = client.vector_stores.retrieve("vs_1").file_counts
    assert left.total == left.completed and left.total in (0, 19)
    assert harness.index.count("words", {}) == left.total
