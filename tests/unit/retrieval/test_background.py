import os
import time
from typing import Any

import pytest

from services.retrieval.background import BackgroundThreads
from services.retrieval.catalog import ingest_queue
from services.retrieval.lifecycle.delete import ORPHAN_SECONDS
from tests.retrieval_harness import RetrievalHarness
from tests.serving import wait_until


def open_threads(harness: RetrievalHarness, ingestion: Any) -> BackgroundThreads:
    return BackgroundThreads(harness.database, harness.folder, harness.index, harness.embedders, ingestion)


def test_files_are_indexed_from_start_to_stop(harness: RetrievalHarness) -> None:
    worker = harness.worker()
    background = open_threads(harness, worker)
    background.start()
    try:
        file_id = harness.attach("The seal is turquoise.")
        worker.wake()
        wait_until(lambda: harness.attachment(file_id).status == "completed")
        assert harness.embedder.is_loaded
    finally:
        background.stop()
    with pytest.raises(Exception, match="not running"):
        worker.check()


class Idle:
    """Ingestion that does nothing."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


@pytest.mark.parametrize("is_exclusive", [True, False])
def test_leases_of_a_killed_process_end_if_no_other_can_be_working(harness: RetrievalHarness, is_exclusive: bool) -> None:
    harness.index.is_exclusive = is_exclusive
    file_id = harness.attach("The seal is turquoise.")
    with harness.database.session() as session:
        assert ingest_queue.claim(session, "dead", 60) is not None
    idle: Any = Idle()
    background = open_threads(harness, idle)
    background.start()
    background.stop()
    assert (harness.attachment(file_id).lease_owner is None) == is_exclusive


def test_what_killed_uploads_left_is_deleted_at_start(harness: RetrievalHarness) -> None:
    orphan, partial = harness.folder.path_of("file-orphan"), harness.folder.new_partial_path()
    for path in (orphan, partial):
        path.write_bytes(b"half")
        os.utime(path, (0, time.time() - ORPHAN_SECONDS - 24 * 3600))
    idle: Any = Idle()
    background = open_threads(harness, idle)
    background.start()
    background.stop()
    assert not orphan.exists() and not partial.exists()
