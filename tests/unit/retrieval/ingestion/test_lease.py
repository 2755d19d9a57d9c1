import time

import pytest

from services.retrieval.catalog.records import Attachment
from services.retrieval.ingestion import lease as module
from services.retrieval.ingestion.lease import Lease, LeaseLost, claim_lease
from services.retrieval.ingestion.pipeline import IngestResult, Progress
from services.retrieval.lifecycle.delete import delete_from_store
from tests.retrieval_harness import RetrievalHarness
from tests.serving import wait_until

RESULT = IngestResult(chunk_count=1, usage_bytes=1, chunks_reused=0)


@pytest.fixture
def lease(harness: RetrievalHarness) -> Lease:
    """A lease on a file of one chunk."""
    harness.attach("one two three")
    claimed = claim_lease(harness.database, "me")
    assert claimed is not None
    return claimed


def test_one_worker_at_a_time_has_the_lease(harness: RetrievalHarness, lease: Lease) -> None:
    assert lease.attachment.file_id and claim_lease(harness.database, "another") is None
    lease.release()
    assert claim_lease(harness.database, "another") is not None


def test_a_large_file_is_left_to_a_worker_without_a_limit(harness: RetrievalHarness) -> None:
    harness.attach("more than ten bytes")
    assert claim_lease(harness.database, "small", max_file_bytes=10) is None
    assert claim_lease(harness.database, "any") is not None


def test_no_change_is_made_without_the_lease(harness: RetrievalHarness, lease: Lease) -> None:
    with harness.database.session() as session:
        session.get_one(Attachment, lease.id).lease_owner = "another"
    assert not lease.renew()
    for change in (
        lambda: lease.report(Progress("parsing", 0)),
        lambda: lease.complete(RESULT, None),
        lambda: lease.fail("server_error", "a bug"),
        lambda: lease.requeue(None, 0),
    ):
        with pytest.raises(LeaseLost):
            change()


def test_a_file_whose_attributes_changed_is_not_completed(harness: RetrievalHarness, lease: Lease) -> None:
    with harness.database.session() as session:
        session.get_one(Attachment, lease.id).attributes = {"kind": "new"}
    assert not lease.complete(RESULT, None)
    assert lease.attributes() == {"kind": "new"}
    assert lease.complete(RESULT, {"kind": "new"})


def test_a_lease_whose_record_is_gone_leaves_a_tombstone(harness: RetrievalHarness, lease: Lease) -> None:
    with harness.database.session() as session:
        session.get_one(Attachment, lease.id).lease_expires_at = time.time() - 1
    delete_from_store(harness.database, harness.index, "vs_1", lease.attachment.file_id)
    with harness.database.session() as session:
        assert session.get(Attachment, lease.id) is None
    lease.release()
    with harness.database.session() as session:
        tombstone = session.get_one(Attachment, lease.id)
        assert (tombstone.status, tombstone.tenant, tombstone.space) == ("deleting", lease.attachment.tenant, lease.attachment.space)
    harness.work()
    with harness.database.session() as session:
        assert session.get(Attachment, lease.id) is None


def test_a_heartbeat_extends_the_lease(harness: RetrievalHarness, lease: Lease, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEARTBEAT_SECONDS", 0.01)

    def expires_at() -> float:
        with harness.database.session() as session:
            return session.get_one(Attachment, lease.id).lease_expires_at or 0.0

    before = expires_at()
    with lease.heartbeat():
        wait_until(lambda: expires_at() > before)
