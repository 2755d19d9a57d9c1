import threading
from collections.abc import Mapping
from typing import Any

import openai
import pytest
from openai import OpenAI

from services.retrieval.catalog import attribute_updates, ingest_queue
from services.retrieval.catalog.records import Attachment
from services.retrieval.lifecycle.sweeper import sweep
from services.retrieval.lifecycle.update_attributes import update_attributes
from tests.fake_index import INDEX_DOWN
from tests.retrieval_harness import RetrievalHarness


def index_file(harness: RetrievalHarness) -> str:
    file_id = harness.attach("The seal is turquoise.")
    harness.worker().work_once()
    return file_id


def update(client: OpenAI, file_id: str, attributes: Any) -> Any:
    return client.vector_stores.files.update(file_id, vector_store_id="vs_1", attributes=attributes)


def search(client: OpenAI, key: str, value: Any) -> list[Any]:
    only: Any = {"type": "eq", "key": key, "value": value}
    return [hit.attributes for hit in client.vector_stores.search("vs_1", query="seal", filters=only).data]


def test_the_next_search_filters_by_new_attributes(client: OpenAI, harness: RetrievalHarness) -> None:
    file_id = index_file(harness)
    for kind in ("manual", "letter"):
        assert update(client, file_id, {"kind": kind, "year": 2024, "open": True}).attributes == {"kind": kind, "year": 2024, "open": True}
        assert len(search(client, "kind", kind)) == 1
    assert search(client, "kind", "manual") == []
    seen = update(client, file_id, None)
    assert (seen.attributes, seen.status, seen.to_dict()["stage"]) == (None, "completed", "completed")
    assert search(client, "kind", "letter") == []


def test_attributes_have_openais_limits(client: OpenAI, harness: RetrievalHarness) -> None:
    file_id = index_file(harness)
    largest: dict[str, Any] = {f"{number:064}": "x" * 512 for number in range(16)}
    assert update(client, file_id, largest).attributes == largest
    for wrong in ({**largest, "one": "more"}, {"k" * 65: "x"}, {"k": "x" * 513}, {"k": None}, {"k": ["x"]}, {"k": {"x": 1}}):
        with pytest.raises(openai.BadRequestError, match="attributes"):
            update(client, file_id, wrong)
    # JSON has no such numbers, but Python's parser accepts them.
    for number in ("NaN", "Infinity"):
        response = client._client.post(
            f"/vector_stores/vs_1/files/{file_id}",
            content=f'{{"attributes": {{"k": {number}}}}}',
            headers={"content-type": "application/json"},
        )
        assert response.status_code == 400 and "attributes" in response.text
    assert update(client, file_id, largest).attributes == largest


def test_attributes_changed_while_a_file_is_indexed_apply_when_it_is_indexed(client: OpenAI, harness: RetrievalHarness) -> None:
    file_id = harness.attach("The seal is turquoise.")

    def change() -> None:
        harness.embedder.before_batch = lambda: None
        update(client, file_id, {"kind": "new"})

    harness.embedder.before_batch = change
    harness.worker().work_once()
    assert harness.attachment(file_id).status == "completed"
    assert search(client, "kind", "new") == [{"kind": "new"}]


def test_an_update_that_a_killed_process_left_half_done_is_finished(client: OpenAI, harness: RetrievalHarness) -> None:
    file_id = index_file(harness)
    with harness.database.session() as session:
        assert (
            attribute_updates.update_record(session, harness.attachment(file_id).id, "killed", {"kind": "new"})
            is attribute_updates.UpdateResult.CLAIMED
        )
    sweep(harness.database, harness.index, harness.folder, 0)
    assert search(client, "kind", "new") == [], "another process may still be working on it"
    with harness.database.session() as session:
        ingest_queue.release_all(session)
    sweep(harness.database, harness.index, harness.folder, 0)
    assert search(client, "kind", "new") == [{"kind": "new"}]
    assert harness.attachment(file_id).stage == "completed" and harness.attachment(file_id).lease_owner is None


def test_an_index_that_is_down_gets_the_attributes_when_it_is_back(client: OpenAI, harness: RetrievalHarness) -> None:
    file_id = index_file(harness)
    harness.index.failure = INDEX_DOWN
    with pytest.raises(openai.InternalServerError, match="are stored") as caught:
        update(client, file_id, {"kind": "new"})
    assert caught.value.status_code == 503
    harness.index.failure = None
    sweep(harness.database, harness.index, harness.folder, 0)
    assert search(client, "kind", "new") == [{"kind": "new"}]


class SlowIndex:
    """An index whose update waits until the test lets it proceed."""

    def __init__(self, harness: RetrievalHarness) -> None:
        self._index = harness.index
        self.entered, self.proceed = threading.Event(), threading.Event()

    def set_attributes(self, space: str, where: Mapping[str, str], attributes: Mapping[str, Any] | None) -> None:
        self.entered.set()
        assert self.proceed.wait(10)
        self._index.set_attributes(space, where, attributes)


def test_after_two_concurrent_updates_the_points_have_the_records_attributes(client: OpenAI, harness: RetrievalHarness) -> None:
    file_id = index_file(harness)
    slow: Any = SlowIndex(harness)
    first = threading.Thread(target=update_attributes, args=(harness.database, slow, "vs_1", file_id, {"kind": "first"}))
    first.start()
    assert slow.entered.wait(10)
    second = threading.Thread(target=update, args=(client, file_id, {"kind": "second"}))
    second.start()
    slow.proceed.set()
    for thread in (first, second):
        thread.join(20)
    assert harness.attachment(file_id).attributes == {"kind": "second"}
    assert search(client, "kind", "second") == [{"kind": "second"}] and search(client, "kind", "first") == []


def test_a_file_deleted_during_an_update_leaves_nothing(client: OpenAI, harness: RetrievalHarness) -> None:
    file_id = index_file(harness)
    slow: Any = SlowIndex(harness)
    thread = threading.Thread(target=update_attributes, args=(harness.database, slow, "vs_1", file_id, {"kind": "first"}))
    thread.start()
    assert slow.entered.wait(10)
    deleted: Any = client.vector_stores.files.delete(file_id, vector_store_id="vs_1")
    assert "being written" in deleted.removed["note"]
    slow.proceed.set()
    thread.join(20)
    assert harness.worker().work_once()
    with harness.database.session() as session:
        assert session.query(Attachment).count() == 0
    with pytest.raises(openai.NotFoundError):
        update(client, file_id, {"kind": "new"})
