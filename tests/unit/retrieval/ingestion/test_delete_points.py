from collections.abc import Callable

import pytest

from services.retrieval.catalog.records import Attachment
from services.retrieval.lifecycle.cancel import cancel_file
from services.retrieval.lifecycle.delete import delete_file_everywhere, delete_from_store, delete_store
from shared.contracts.search import SearchRequest
from shared.errors import NotFound, StorageFull
from tests.fake_index import INDEX_DOWN
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.ingestion.interruption import ingest_while

pytestmark = pytest.mark.usefixtures("one_batch_at_a_time")


@pytest.mark.parametrize("kind", ["file in store", "store", "file"])
def test_what_is_deleted_while_it_is_being_indexed_leaves_nothing(harness: RetrievalHarness, kind: str) -> None:
    deletions: dict[str, Callable[[str], object]] = {
        "file in store": lambda file_id: delete_from_store(harness.database, harness.index, "vs_1", file_id),
        "store": lambda _: delete_store(harness.database, harness.index, "vs_1"),
        "file": lambda file_id: delete_file_everywhere(harness.database, harness.index, harness.folder, file_id),
    }
    file_id = ingest_while(harness, deletions[kind])
    if kind == "store":
        with pytest.raises(NotFound):
            harness.search("topic3")
    else:
        assert harness.search("topic3") == []
    harness.work()
    assert harness.count_points() == 0
    with harness.database.session() as session:
        assert session.query(Attachment).count() == 0
    assert harness.folder.path_of(file_id).exists() == (kind != "file")


def make_due(harness: RetrievalHarness) -> None:
    with harness.database.session() as session:
        session.query(Attachment).update({"not_before": None})


@pytest.mark.parametrize("failure", [INDEX_DOWN, StorageFull("There is no space left in the index folder.")])
def test_a_deletion_is_finished_when_the_index_is_back(harness: RetrievalHarness, failure: Exception) -> None:
    file_id = harness.attach("The seal is turquoise.")
    harness.work()
    harness.index.failure = failure
    delete_file_everywhere(harness.database, harness.index, harness.folder, file_id)
    assert harness.search("turquoise") == []
    worker = harness.worker()
    assert worker.work_once(), "the attempt fails, and the worker does not"
    with harness.database.session() as session:
        (tombstone,) = session.query(Attachment).all()
        assert tombstone.lease_owner is None and tombstone.not_before is not None
    harness.index.failure = None
    make_due(harness)
    harness.work()
    assert harness.count_points() == 0
    with harness.database.session() as session:
        assert session.query(Attachment).count() == 0


@pytest.mark.parametrize("failure", [INDEX_DOWN, StorageFull("There is no space left in the index folder.")])
def test_a_cancellation_is_finished_when_the_index_is_back(harness: RetrievalHarness, failure: Exception) -> None:
    file_id = ingest_while(harness, lambda file_id: cancel_file(harness.database, "default", "vs_1", file_id))
    assert harness.count_points() > 0
    harness.index.failure = failure
    assert harness.worker().work_once()
    assert harness.attachment(file_id).status == "cancelling"
    harness.index.failure = None
    make_due(harness)
    harness.work()
    assert harness.attachment(file_id).status == "cancelled" and harness.count_points() == 0


def test_what_is_deleted_is_gone_from_the_index_when_the_deletion_returns(harness: RetrievalHarness) -> None:
    kept, deleted = harness.attach("The seal is turquoise."), harness.attach("The valve is turquoise.")
    harness.work()
    delete_from_store(harness.database, harness.index, "vs_1", deleted)
    assert harness.count_points() == 1
    assert [hit.file.file_id for hit in harness.searcher.search("default", ["vs_1"], SearchRequest(query="turquoise")).hits] == [kept]
    delete_store(harness.database, harness.index, "vs_1")
    assert harness.count_points() == 0
    assert harness.folder.path_of(kept).exists()
