"""Deletes the points of a claimed attachment that was deleted from its store or canceled, and then ends its record.

The record goes last: if the index fails or the process is killed in between, the next worker finds it and starts again.
"""

from services.retrieval.index import Index
from services.retrieval.index.points import ATTACHMENT
from services.retrieval.ingestion.backoff import Backoff
from services.retrieval.ingestion.lease import Lease
from shared.errors import StorageFull, Unavailable
from shared.log import get_logger

log = get_logger(__name__)


def delete_points(lease: Lease, index: Index, backoff: Backoff) -> None:
    """Delete the points and end the record. If the index fails, the attachment is tried again later."""
    try:
        index.delete(lease.attachment.space, {ATTACHMENT: lease.id})
    except (Unavailable, StorageFull) as error:
        delay = backoff.next_delay(lease.id)
        log.warning("chunks will be deleted later", file=lease.attachment.file_id, problem=error.message, delay_seconds=delay)
        lease.release(delay)
        return
    lease.finish_deletion()
    backoff.reset(lease.id)
