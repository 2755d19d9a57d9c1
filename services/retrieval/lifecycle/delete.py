"""Removing: from every index first, then the records, then the bytes.

What is removed is invisible at once (a tombstone, which no search shows), and gone from the index when the removal returns. Two
cases are left to the ingest worker, which finds the tombstones: chunks that are being written at this moment, and an index that
does not answer. The answer counts what was there and says which case it was.
"""

from collections.abc import Collection, Sequence

from services.retrieval.catalog import attachments, files, stores
from services.retrieval.catalog.records import Attachment
from services.retrieval.index import Index
from services.retrieval.index.points import ATTACHMENT, TENANT
from services.retrieval.lifecycle.reembed import settle
from services.retrieval.uploads import Folder
from shared.contracts.wire import DeletedChunks
from shared.errors import StorageFull, Unavailable
from shared.log import get_logger
from shared.records.database import Database

# An upload's record follows its bytes within seconds.
ORPHAN_SECONDS = 3600.0
PORTION = 500
AWAY = "The index does not answer now. No search shows the content any more; its chunks go when the index is back, by themselves."
BUSY = "Some of it was being written at this moment. No search shows the content; the chunks just written go within seconds, by themselves."
KEPT = "A file of the same content in the store keeps the chunks they share; searches show them as that file's."
Part = tuple[str, str, str]
"""Points to delete: their space, and a field with its value."""

log = get_logger(__name__)


def remove_from_store(database: Database, index: Index, vector_store_id: str, file_id: str) -> DeletedChunks:
    """Remove a file from one store."""
    with database.session() as session:
        stores.lock(session, [vector_store_id])
        mine = (Attachment.vector_store_id == vector_store_id, Attachment.file_id == file_id)
        left, tombs = attachments.retire(session, *mine)
    removed = _empty(database, index, tombs, left, _by_attachment(tombs), _kept(left, tombs))
    settle(database, vector_store_id)
    return removed


def remove_store(database: Database, index: Index, vector_store_id: str) -> DeletedChunks:
    """Remove a store with everything in it; the files themselves stay."""
    return empty_store(database, index, vector_store_id, record=True)


def empty_store(database: Database, index: Index, vector_store_id: str, *, record: bool = False) -> DeletedChunks:
    """Remove everything in a store that nothing is put into any more, and its `record` too."""
    mine = Attachment.vector_store_id == vector_store_id
    with database.session() as session:
        stores.lock(session, [vector_store_id])
        if record:
            stores.delete(session, vector_store_id)
            session.flush()
        left = attachments.places(session, mine)
        tombs = attachments.bury(session, mine)
    return _empty(database, index, tombs, left, {(tomb.space, TENANT, tomb.tenant) for tomb in tombs})


def remove_file(database: Database, index: Index, folder: Folder, file_id: str) -> DeletedChunks:
    """Remove a file from every store, then its record, then its bytes."""
    with database.session() as session:
        stores.lock(session, attachments.stores_of(session, file_id))
        left, tombs = attachments.retire(session, Attachment.file_id == file_id)
    removed = _empty(database, index, tombs, left, _by_attachment(tombs), _kept(left, tombs))
    with database.session() as session:
        stores.lock(session, attachments.stores_of(session, file_id))
        files.delete(session, file_id)
        session.flush()
        # Attached in the meantime: seen now at the latest, since attaching and this exclude each other.
        attachments.retire(session, Attachment.file_id == file_id)
    folder.delete(file_id)
    for store_id, _ in left:
        settle(database, store_id)
    return removed


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


def _by_attachment(tombs: Sequence[Attachment]) -> set[Part]:
    return {(tomb.space, ATTACHMENT, tomb.id) for tomb in tombs}


def _kept(left: Collection[tuple[str, str]], tombs: Sequence[Attachment]) -> str | None:
    """Return a note where what left a store leaves its chunks there: as a duplicate, or as an original that has passed its record on."""
    with_own = {(tomb.vector_store_id, tomb.file_id) for tomb in tombs if tomb.duplicate_of is None}
    return KEPT if set(left) - with_own else None


def _empty(
    database: Database,
    index: Index,
    tombs: Sequence[Attachment],
    left: Collection[tuple[str, str]],
    parts: Collection[Part],
    note: str | None = None,
) -> DeletedChunks:
    """Delete the `parts` from the index, and then the tombstones; `left` are the stores and files whose deletion the caller sees."""
    removed = DeletedChunks(files=len(left), chunks=0, note=note)
    try:
        for space, field, value in parts:
            there = index.count(space, {field: value})
            index.delete(space, {field: value})
            removed.chunks += there
    except (Unavailable, StorageFull) as error:
        log.warning("removal goes on when the index is back", problem=error.message)
        removed.note = AWAY
        return removed
    if _forget(database, [tomb.id for tomb in tombs]):
        removed.note = BUSY
    return removed


def _forget(database: Database, ids: Sequence[str]) -> int:
    """Delete tombstones; return how many are left to the ingest worker."""
    left = 0
    for first in range(0, len(ids), PORTION):
        with database.session() as session:
            left += attachments.forget(session, ids[first : first + PORTION])
    return left
