"""An ingest worker's lease on one attachment. Every change to the record goes through it and applies only while it is held.

Knows nothing of parsing, vectors or the index.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from services.retrieval.catalog import completion, duplicates, ingest_queue, stores
from services.retrieval.catalog.records import DELETING, Attachment
from services.retrieval.ingestion.pipeline import IngestResult, Progress
from shared.errors import TandemError
from shared.log import get_logger
from shared.records.database import Database

LEASE_SECONDS = 30.0
HEARTBEAT_SECONDS = 10.0
Attributes = dict[str, Any] | None

log = get_logger(__name__)


class LeaseLost(Exception):
    """The attachment was canceled or deleted, or another process has claimed it."""


@dataclass(frozen=True)
class Lease:
    """The lease of the worker `owner`; `attachment` is the record as it was when it was claimed."""

    database: Database
    owner: str
    attachment: Attachment

    @property
    def id(self) -> str:
        """The attachment's id."""
        return self.attachment.id

    def report(self, progress: Progress) -> None:
        """Store the progress and extend the lease. Raises LeaseLost."""
        counts = progress.chunks_done, progress.chunk_count
        with self.database.session() as session:
            if not ingest_queue.update_progress(session, self.id, self.owner, progress.stage, progress.percent, LEASE_SECONDS, *counts):
                raise LeaseLost

    def renew(self) -> bool:
        """Extend the lease; False if it is lost."""
        with self.database.session() as session:
            return ingest_queue.renew(session, self.id, self.owner, LEASE_SECONDS)

    def attributes(self) -> Attributes:
        """Return the attachment's attributes as they are now."""
        with self.database.session() as session:
            return ingest_queue.read_attributes(session, self.id)

    def complete(self, result: IngestResult, indexed: Attributes) -> bool:
        """Record that the file is indexed; False, and nothing changes, if its attributes are no longer the `indexed` ones.

        Raises:
            LeaseLost: if the lease is lost.
        """
        with self.database.session() as session:
            stores.lock(session, [self.attachment.vector_store_id])
            if not ingest_queue.renew(session, self.id, self.owner, LEASE_SECONDS):
                raise LeaseLost
            # From here to the end of the transaction nobody changes them, and later they change only together with the index.
            if ingest_queue.read_attributes(session, self.id) != indexed:
                return False
            counts = result.chunk_count, result.usage_bytes
            if not ingest_queue.complete(session, self.id, self.owner, *counts, result.note, result.seconds):
                raise LeaseLost
            completion.finish_indexing(session, self.id)
        return True

    def fail(self, code: str, message: str) -> None:
        """Record that the file cannot be indexed, which ends the lease. Raises LeaseLost."""
        with self.database.session() as session:
            stores.lock(session, [self.attachment.vector_store_id])
            if not ingest_queue.fail(session, self.id, self.owner, code, message):
                raise LeaseLost
            duplicates.finish_duplicates(session, self.id)

    def requeue(self, message: str | None, delay_seconds: float) -> None:
        """Put the file back into the queue, to be indexed after the delay; `message` says what it waits for. Raises LeaseLost."""
        with self.database.session() as session:
            if not ingest_queue.requeue(session, self.id, self.owner, message, delay_seconds):
                raise LeaseLost

    def release(self, delay_seconds: float = 0) -> None:
        """Give up the lease; another worker may claim the attachment after the delay.

        If the record is gone, the lease had expired and file and points were deleted; but points may have been written since.
        A tombstone takes the record's place, so that a worker deletes them.
        """
        with self.database.session() as session:
            ingest_queue.release(session, self.id, self.owner, delay_seconds)
            if session.get(Attachment, self.id) is None:
                ingest_queue.add_tombstone(session, self.attachment)

    def finish_deletion(self) -> None:
        """End a deletion or cancellation whose points are gone: delete a tombstone, or mark the attachment as canceled."""
        with self.database.session() as session:
            if self.attachment.status == DELETING:
                ingest_queue.delete(session, self.id, self.owner)
            elif not ingest_queue.mark_cancelled(session, self.id, self.owner):
                ingest_queue.release(session, self.id, self.owner)

    @contextmanager
    def heartbeat(self) -> Iterator[None]:
        """Extend the lease regularly in a thread, for steps that report nothing for a long time."""
        done = threading.Event()
        thread = threading.Thread(target=self._extend_until, args=(done,), name="ingest-heartbeat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _extend_until(self, done: threading.Event) -> None:
        while not done.wait(HEARTBEAT_SECONDS):
            try:
                with self.database.session() as session:
                    ingest_queue.renew_in_any_status(session, self.id, self.owner, LEASE_SECONDS)
            except TandemError as error:
                log.warning("heartbeat failed", attachment=self.id, problem=error.message)
            except Exception:
                log.exception("heartbeat failed", attachment=self.id)


def claim_lease(database: Database, owner: str, max_file_bytes: int | None = None, held: Mapping[str, Lease] | None = None) -> Lease | None:
    """Return the lease whose turn it is: one of `held`, which are by store, or a new one; None if nothing waits.

    Files larger than `max_file_bytes` are left to other workers, unless they are to be canceled or deleted.
    """
    held = held or {}
    attachments = {store_id: lease.attachment for store_id, lease in held.items()}
    with database.session() as session:
        attachment = ingest_queue.claim(session, owner, LEASE_SECONDS, max_file_bytes, attachments)
    if attachment is None:
        return None
    return held.get(attachment.vector_store_id) or Lease(database, owner, attachment)
