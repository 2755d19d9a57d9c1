"""Cancelling a file at every stage, and several files indexed at the same time."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from services.retrieval.catalog import attachments, claims, files, stores
from services.retrieval.catalog.records import Attachment
from services.retrieval.chunk import AUTO
from services.retrieval.index import Point
from services.retrieval.index.points import ATTACHMENT
from services.retrieval.ingestion import pipeline
from services.retrieval.ingestion import worker as ingestion_worker
from services.retrieval.ingestion.pipeline import Progress
from services.retrieval.ingestion.worker import Desk, IngestWorker
from services.retrieval.ingestion.worker_pool import Crew
from services.retrieval.lifecycle.cancel import cancel_file
from shared.errors import Conflict
from tests.fakes import wait_until
from tests.unit.retrieval.ingestion.test_worker import LONG, ingest_while, points, seen_while_storing
from tests.unit.retrieval.stand_ins import Office


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    # One portion after the other, each reported.
    monkeypatch.setattr(pipeline, "AHEAD", 0)
    monkeypatch.setattr(ingestion_worker, "PACE_SECONDS", 0.0)
    opened = Office(tmp_path)
    yield opened
    opened.close()


def cancel(office: Office, file_id: str) -> Attachment:
    return cancel_file(office.database, "default", "vs_1", file_id)[0]


class CancelledAt(IngestWorker):
    """A worker whose first file is cancelled right after it reported `stage`; where that comes for each portion, the second time."""

    def __init__(self, office: Office, stage: str) -> None:
        super().__init__(Desk(office.database, office.folder, office.embedders, office.bm25, office.index), "me")
        self.office, self.stage, self.times = office, stage, 1 if stage in ("parsing", "chunking") else 2

    def _report(self, attachment: Attachment, progress: Progress) -> None:
        super()._report(attachment, progress)
        self.times -= progress.stage == self.stage
        if progress.stage == self.stage and self.times == 0:
            assert cancel(self.office, attachment.file_id).status == "cancelling"


def work_off(office: Office) -> None:
    worker = office.worker()
    while worker.work_once():
        pass


@pytest.mark.parametrize("stage", ["parsing", "chunking", "embedding", "indexing"])
def test_a_file_cancelled_at_any_stage_ends_cancelled_without_points(office: Office, stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingestion_worker, "PACE_SECONDS", 0.0)
    file_id, worker = office.put(LONG), CancelledAt(office, stage)
    while worker.work_once():
        pass
    row = office.look(file_id)
    assert (row.status, row.stage, row.chunk_count, row.chunks_done, row.began, row.lease_owner) == (
        "cancelled",
        "cancelled",
        0,
        0,
        False,
        None,
    )
    assert points(office) == 0


def test_a_file_that_nobody_began_is_cancelled_at_once(office: Office) -> None:
    file_id = office.put(LONG)
    assert cancel(office, file_id).status == "cancelled"
    assert cancel(office, file_id).status == "cancelled"
    assert not office.worker().work_once()


def test_a_cancelled_file_can_be_attached_again(office: Office) -> None:
    file_id = ingest_while(office, lambda file_id: cancel(office, file_id))
    work_off(office)
    with office.database.session() as session:
        terms = attachments.Terms(None, AUTO.model_dump(), chunking_is_default=True)
        attachments.attach(session, stores.find(session, "default", "vs_1"), files.find(session, "default", file_id), terms)
    work_off(office)
    done = office.look(file_id)
    assert done.status == "completed" and done.chunk_count == done.chunks_done == points(office, **{ATTACHMENT: done.id}) == points(office)


def test_a_file_whose_worker_died_while_it_was_cancelled_is_cleared_up_by_the_next(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file_id, upsert = office.put(LONG), office.index.upsert

    class Killed(BaseException):
        """What ends a thread as a kill ends a process."""

    def die(space: str, chunks: Sequence[Point]) -> None:
        if office.look(file_id).chunks_done:
            assert cancel(office, file_id).status == "cancelling"
            raise Killed
        upsert(space, chunks)

    monkeypatch.setattr(office.index, "upsert", die)
    with pytest.raises(Killed):
        office.worker("dead").work_once()
    assert points(office) > 0 and not office.worker("next").work_once()
    with office.database.session() as session:
        claims.free_all(session)
    work_off(office)
    assert office.look(file_id).status == "cancelled" and points(office) == 0


def test_what_is_indexed_cannot_be_cancelled(office: Office) -> None:
    file_id = office.put("one two three")
    work_off(office)
    with pytest.raises(Conflict, match="already completed"):
        cancel(office, file_id)


def test_chunks_are_counted_on_the_way_and_in_all_once_that_is_known(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = seen_while_storing(office, monkeypatch)
    total = points(office)
    assert [each.chunks_done for each in seen] == list(range(0, total, 64))
    assert [each.chunk_count for each in seen] == [0] * (len(seen) - 1) + [total]


def test_a_crew_indexes_several_files_at_the_same_time(office: Office) -> None:
    both = threading.Barrier(2)

    def wait_for_the_other() -> None:
        both.wait(10)

    office.embedder.pause = wait_for_the_other
    ids = [office.put(f"text number {number}") for number in range(4)]
    crew = Crew(Desk(office.database, office.folder, office.embedders, office.bm25, office.index), "me", 2)
    crew.start()
    try:
        wait_until(lambda: all(office.look(id).status == "completed" for id in ids))
        crew.check()
    finally:
        crew.stop()
    assert points(office) == 4
