from collections.abc import Sequence

import pytest

from services.retrieval.catalog import attachments, files, ingest_queue, stores
from services.retrieval.catalog.records import Attachment
from services.retrieval.chunk import AUTO
from services.retrieval.index import Point
from services.retrieval.index.points import ATTACHMENT
from services.retrieval.ingestion.lease import Lease
from services.retrieval.ingestion.pipeline import Progress
from services.retrieval.lifecycle.cancel import cancel_file
from shared.errors import Conflict
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.ingestion.interruption import LONG_TEXT, ingest_while

pytestmark = pytest.mark.usefixtures("one_batch_at_a_time")


def cancel(harness: RetrievalHarness, file_id: str) -> Attachment:
    return cancel_file(harness.database, "default", "vs_1", file_id)[0]


def cancel_after_report(harness: RetrievalHarness, stage: str, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the file that is being indexed be canceled right after `stage` was reported the `number`-th time."""
    report, reports = Lease.report, list[str]()

    def report_and_cancel(self: Lease, progress: Progress) -> None:
        report(self, progress)
        reports.append(progress.stage)
        if progress.stage == stage and reports.count(stage) == number:
            assert cancel(harness, self.attachment.file_id).status == "cancelling"

    monkeypatch.setattr(Lease, "report", report_and_cancel)


@pytest.mark.parametrize(("stage", "number"), [("parsing", 1), ("chunking", 1), ("embedding", 2), ("indexing", 2)])
def test_a_file_canceled_at_any_stage_ends_canceled_without_points(
    harness: RetrievalHarness, stage: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id = harness.attach(LONG_TEXT)
    cancel_after_report(harness, stage, number, monkeypatch)
    harness.work()
    row = harness.attachment(file_id)
    assert (row.status, row.stage, row.chunk_count, row.chunks_done) == ("cancelled", "cancelled", 0, 0)
    assert not row.may_have_points and row.lease_owner is None
    assert harness.count_points() == 0


def test_a_file_whose_indexing_has_not_begun_is_canceled_immediately(harness: RetrievalHarness) -> None:
    file_id = harness.attach(LONG_TEXT)
    assert cancel(harness, file_id).status == "cancelled"
    assert cancel(harness, file_id).status == "cancelled"
    assert not harness.worker().work_once()


def test_a_canceled_file_can_be_attached_again(harness: RetrievalHarness) -> None:
    file_id = ingest_while(harness, lambda file_id: cancel(harness, file_id))
    harness.work()
    with harness.database.session() as session:
        options = attachments.AttachOptions(None, AUTO.model_dump(), chunking_is_default=True)
        attachments.attach(session, stores.find(session, "default", "vs_1"), files.find(session, "default", file_id), options)
    harness.work()
    done = harness.attachment(file_id)
    assert done.status == "completed"
    assert done.chunk_count == done.chunks_done == harness.count_points(**{ATTACHMENT: done.id}) == harness.count_points()


def test_a_file_whose_worker_was_killed_while_it_was_canceled_is_cleaned_up_by_the_next(
    harness: RetrievalHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id, upsert = harness.attach(LONG_TEXT), harness.index.upsert

    class Killed(BaseException):
        """Ends a thread as a kill ends a process."""

    def die(space: str, batch: Sequence[Point]) -> None:
        if harness.attachment(file_id).chunks_done:
            assert cancel(harness, file_id).status == "cancelling"
            raise Killed
        upsert(space, batch)

    monkeypatch.setattr(harness.index, "upsert", die)
    with pytest.raises(Killed):
        harness.worker("dead").work_once()
    assert harness.count_points() > 0 and not harness.worker("next").work_once()
    with harness.database.session() as session:
        ingest_queue.release_all(session)
    harness.work()
    assert harness.attachment(file_id).status == "cancelled" and harness.count_points() == 0


def test_an_indexed_file_cannot_be_canceled(harness: RetrievalHarness) -> None:
    file_id = harness.attach("one two three")
    harness.work()
    with pytest.raises(Conflict, match="already completed"):
        cancel(harness, file_id)
