"""Removing: from every index first, then the records, then the bytes.

What is removed is invisible at once (a tombstone, which no search shows), and gone from the index when the removal returns. Two
cases are left to the ingest worker, which finds the tombstones: chunks that are being written at this moment, and an index that
does not answer.
"""

from collections.abc import Sequence

from services.retrieval.catalog import attachments, files, stores
from services.retrieval.catalog.records import Attachment
from services.retrieval.index import Index
from services.retrieval.index.points import ATTACHMENT
from services.retrieval.upload import Folder
from shared.database import Database
from shared.errors import Unavailable
from shared.log import get_logger

# An upload's record follows its bytes within seconds.
ORPHAN_SECONDS = 3600.0
PORTION = 500

log = get_logger(__name__)


def remove_from_store(database: Database, index: Index, vector_store_id: str, file_id: str) -> None:
    """Remove a file from one store."""
    with database.session() as session:
        mine = (Attachment.vector_store_id == vector_store_id, Attachment.file_id == file_id)
        attachments.leave(session, *mine)
        tombs = attachments.bury(session, *mine)
    _empty(database, index, tombs)


def remove_store(database: Database, index: Index, vector_store_id: str) -> None:
    """Remove a store with everything in it; the files themselves stay."""
    with database.session() as session:
        stores.delete(session, vector_store_id)
        session.flush()
        tombs = attachments.bury(session, Attachment.vector_store_id == vector_store_id)
    _empty(database, index, tombs)


def remove_file(database: Database, index: Index, folder: Folder, file_id: str) -> None:
    """Remove a file from every store, then its record, then its bytes."""
    with database.session() as session:
        attachments.leave(session, Attachment.file_id == file_id)
        tombs = attachments.bury(session, Attachment.file_id == file_id)
    _empty(database, index, tombs)
    with database.session() as session:
        files.delete(session, file_id)
        session.flush()
        # Attached in the meantime: seen now at the latest, since attaching and this exclude each other.
        attachments.bury(session, Attachment.file_id == file_id)
    folder.delete(file_id)


def sweep_bytes(database: Database, folder: Folder) -> None:
    """Remove the bytes that have no record: what a process left that was killed while it stored or removed a file."""
    kept = folder.kept(ORPHAN_SECONDS)
    for first in range(0, len(kept), PORTION):
        portion = kept[first : first + PORTION]
        with database.session() as session:
            known = files.known(session, portion)
        for file_id in set(portion) - known:
            folder.delete(file_id)
            log.warning("bytes without a record removed", file=file_id)


def _empty(database: Database, index: Index, tombs: Sequence[Attachment]) -> None:
    try:
        for tomb in tombs:
            index.delete(tomb.space, {ATTACHMENT: tomb.id})
    except Unavailable as error:
        log.warning("removal goes on when the index is back", problem=error.message)
        return
    with database.session() as session:
        attachments.forget(session, [tomb.id for tomb in tombs])
