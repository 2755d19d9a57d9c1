"""Deleting under load: searches, indexing and deletions at the same time, on both kinds of index; what was deleted is never found again."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import OpenAI
from sqlalchemy import select

from services.retrieval.catalog.records import Attachment
from services.retrieval.index import Index
from services.retrieval.index.bm25 import Bm25
from services.retrieval.index.edge import EdgeIndex
from services.retrieval.index.server import ServerIndex
from shared.ids import new_id
from tests.fake_embedder import WordEmbedder
from tests.integration.qdrant import QdrantServer
from tests.retrieval_harness import RetrievalHarness
from tests.serving import wait_until
from tests.unit.retrieval.sdk import open_sdk

SEARCHERS = 4
ROUNDS = 24
STORES = ("vs_1", "vs_2", "vs_3")
LONG = " ".join(f"The seal of pump {number} is turquoise." for number in range(600))


@pytest.fixture(params=["edge", "server"])
def harness(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RetrievalHarness]:
    embedder = WordEmbedder()
    embedder.space = new_id("words-")
    if request.param == "edge":
        index: Index = EdgeIndex(tmp_path / "index")
    else:
        server: QdrantServer = request.getfixturevalue("qdrant_server")
        index = ServerIndex(server.url, server.key)
    opened = RetrievalHarness(tmp_path, index=index, embedder=embedder, bm25=Bm25())
    for store_id in STORES[1:]:
        opened.add_store(store_id)
    yield opened
    opened.close()


class Watch:
    """Searchers. Before each search, they note what must not be found any more."""

    def __init__(self, client: OpenAI) -> None:
        self.searches, self.hits = 0, 0
        self.wrong: list[tuple[str, str]] = []
        self._client = client
        self._gone: set[tuple[str, str]] = set()
        self._gone_stores: set[str] = set()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._search, args=(number,)) for number in range(SEARCHERS)]

    def __enter__(self) -> "Watch":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(30)

    def deleted(self, stores: tuple[str, ...], file_id: str) -> None:
        """Note that the answer to a deletion of the file from these stores has come."""
        self._gone |= {(store, file_id) for store in stores}

    def deleted_store(self, store: str) -> None:
        """Note that the answer to the deletion of a store has come."""
        self._gone_stores |= {store}

    def _search(self, number: int) -> None:
        turn = number
        while not self._over.is_set():
            turn += 1
            store = STORES[turn % len(STORES)]
            gone, store_is_gone = set(self._gone), store in self._gone_stores
            mode = ("vector", "keyword", "hybrid")[turn // len(STORES) % 3]
            try:
                found = self._client.vector_stores.search(
                    store, query="turquoise seal", max_num_results=50, extra_body={"search_mode": mode}
                )
            except openai.NotFoundError:
                continue
            self.searches += 1
            self.hits += len(found.data)
            self.wrong += [(store, hit.file_id) for hit in found.data if store_is_gone or (store, hit.file_id) in gone]


def put(client: OpenAI, stores: tuple[str, ...], text: str = "The seal is turquoise.") -> str:
    # No two alike: what files share would be indexed once.
    file_id = client.files.create(file=("a.txt", f"{text} {new_id('')}.".encode()), purpose="assistants").id
    for store in stores:
        client.vector_stores.files.create(store, file_id=file_id)
    return file_id


def wait_for(client: OpenAI, store: str, holds: Callable[[Any], bool]) -> None:
    wait_until(lambda: holds(client.vector_stores.retrieve(store).file_counts), 60)


def points(index: Index, harness: RetrievalHarness, **where: str) -> int:
    return index.count(harness.embedder.space, where)


def test_what_was_deleted_is_not_found_under_load(harness: RetrievalHarness) -> None:
    worker = harness.worker()
    worker.start()
    with open_sdk(harness, worker) as client:
        try:
            with Watch(client) as watch:
                delete_all_the_time(client, watch)
            assert watch.wrong == []
            assert watch.searches >= ROUNDS and watch.hits > 0
            wait_until(lambda: only_what_is_left(harness), 60)
        finally:
            worker.stop()


def delete_all_the_time(client: OpenAI, watch: Watch) -> None:
    both = STORES[:2]
    for number in range(ROUNDS):
        file_id = put(client, both, LONG if number % 4 == 3 else "The seal is turquoise.")
        if number % 2 == 0:
            # Else it is deleted while it waits or while it is being indexed.
            client.vector_stores.files.poll(file_id, vector_store_id="vs_1", poll_interval_ms=5)
        if number % 3 == 0:
            assert client.files.delete(file_id).deleted
            watch.deleted(both, file_id)
        elif number % 3 == 1:
            assert client.vector_stores.files.delete(file_id, vector_store_id="vs_1").deleted
            watch.deleted(("vs_1",), file_id)
    kept = put(client, ("vs_3",), LONG)
    client.vector_stores.files.poll(kept, vector_store_id="vs_3", poll_interval_ms=5)
    put(client, ("vs_3",), LONG)
    assert client.vector_stores.delete("vs_3").deleted
    watch.deleted_store("vs_3")
    wait_for(client, "vs_1", lambda counts: counts.in_progress == 0)


def only_what_is_left(harness: RetrievalHarness) -> bool:
    """Return whether the index holds the chunks of the attachments that are left, and nothing else."""
    with harness.database.session() as session:
        rows = session.scalars(select(Attachment)).all()
    return all(row.status == "completed" for row in rows) and points(harness.index, harness) == sum(row.chunk_count for row in rows)


def test_a_deletion_counts_the_chunks_that_the_index_had(harness: RetrievalHarness) -> None:
    with open_sdk(harness) as client:
        ids = [put(client, ("vs_1", "vs_2"), LONG) for _ in range(2)]
        worker = harness.worker()
        while worker.work_once():
            pass
        each = harness.attachment(ids[0]).chunk_count
        assert each > 10 and points(harness.index, harness) == 4 * each
        answers: list[Any] = [
            client.vector_stores.files.delete(ids[0], vector_store_id="vs_1"),
            client.files.delete(ids[1]),
            client.vector_stores.delete("vs_2"),
        ]
        assert [answer.removed["chunks"] for answer in answers] == [each, 2 * each, each]
        assert [answer.removed["files"] for answer in answers] == [1, 2, 1]
        assert points(harness.index, harness) == 0


def test_a_file_that_is_deleted_while_it_is_indexed_is_never_found(harness: RetrievalHarness) -> None:
    with open_sdk(harness) as client:
        file_id = put(client, ("vs_1",), " ".join([LONG] * 12))
        answers: list[Any] = []
        once = threading.Lock()

        def delete() -> None:
            # In the middle: the first portion is in the index, the second is about to come. Batches are embedded by several threads.
            if points(harness.index, harness) and once.acquire(blocking=False):
                answers.append(client.files.delete(file_id))
                assert client.vector_stores.search("vs_1", query="turquoise seal").data == []

        harness.embedder.before_batch = delete
        worker = harness.worker()
        worker.work_once()
        wait_until(lambda: answers)
        assert answers[0].removed["chunks"] > 0 and "written at this moment" in answers[0].removed["note"]
        assert client.vector_stores.search("vs_1", query="turquoise seal").data == []
        while worker.work_once():
            pass
        assert points(harness.index, harness) == 0
