"""Deletes files and stores: the records first, in one transaction, then the points in the index, then the bytes.

Of several deletions at the same moment, one finds the record, and the others raise NotFound. What is deleted from a store becomes a
tombstone, which no search shows, and is gone from the index when the deletion returns. Two cases are left to the ingest workers, which
find the tombstones: chunks that are being written at this moment, and an index that fails. The answer counts what was deleted and says
if one of these cases occurred. If the process is killed, the ingest workers delete the points, and the sweeper the bytes.
"""

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from services.retrieval.catalog import attachments, files, stores
from services.retrieval.catalog.records import Attachment
from services.retrieval.contracts.deletions import DeletedChunks
from services.retrieval.index import Index
from services.retrieval.index.points import ATTACHMENT, TENANT
from services.retrieval.lifecycle.reembed import advance_reembeddings
from services.retrieval.uploads import UploadFolder
from shared.errors import NotFound, StorageFull, Unavailable
from shared.log import get_logger
from shared.records.database import Database

# The record of an upload follows its bytes within seconds.
ORPHAN_SECONDS = 3600.0
BATCH_SIZE = 500
INDEX_DOWN = "The index does not answer. No search shows the content any more; its chunks are deleted as soon as the index is back."
STILL_WRITING = "Some of the content was being written at this moment. No search shows it; the last chunks are deleted within seconds."
SHARED_CHUNKS = "A file with the same content in the store keeps the chunks they share; searches show them as that file's."
PointSelector = tuple[str, str, str]
"""Points to delete: their space, and a field with its value."""
Locations = Collection[tuple[str, str]]
"""Files in stores: the ids of store and file."""
Deleted = tuple[Locations, Sequence[Attachment]]
"""The files that were deleted from stores, and the tombstones."""

log = get_logger(__name__)


def delete_from_store(database: Database, index: Index, vector_store_id: str, file_id: str) -> DeletedChunks:
    """Delete a file from one store. Raises NotFound if it is not, or no longer, in the store."""

    def delete(session: Session) -> Deleted:
        stores.lock(session, [vector_store_id])
        conditions = (Attachment.vector_store_id == vector_store_id, Attachment.file_id == file_id)
        return attachments.delete(session, *conditions)

    deleted, tombstones = database.run(delete)
    if not deleted:
        raise NotFound(f"There is no file '{file_id}' in vector store '{vector_store_id}'.", param="file_id")
    result = _delete_points(database, index, tombstones, deleted, _by_attachment(tombstones), _shared_note(deleted, tombstones))
    advance_reembeddings(database, vector_store_id)
    return result


def delete_store(database: Database, index: Index, vector_store_id: str) -> DeletedChunks:
    """Delete a store with everything in it, but not the files themselves. Raises NotFound if it is gone."""
    return delete_store_contents(database, index, vector_store_id, with_record=True)


def delete_store_contents(database: Database, index: Index, vector_store_id: str, *, with_record: bool = False) -> DeletedChunks:
    """Delete everything in a store that accepts no more files, and the store's record too if `with_record`."""
    in_store = Attachment.vector_store_id == vector_store_id

    def delete(session: Session) -> Deleted:
        stores.lock(session, [vector_store_id])
        if with_record:
            stores.delete(session, vector_store_id)
        return attachments.find_locations(session, in_store), attachments.mark_deleting(session, in_store)

    deleted, tombstones = database.run(delete)
    return _delete_points(database, index, tombstones, deleted, {(each.space, TENANT, each.tenant) for each in tombstones})


def delete_file_everywhere(database: Database, index: Index, folder: UploadFolder, file_id: str) -> DeletedChunks:
    """Delete a file's record, the file from every store, and its bytes.

    Raises:
        NotFound: if it is gone.
        Conflict: if someone holds it.
    """

    def delete(session: Session) -> Deleted:
        stores.lock(session, attachments.find_store_ids(session, file_id))
        files.delete(session, file_id)
        # Attaching locks the file's record, so this sees every store to which it was attached before that was deleted.
        return attachments.delete(session, Attachment.file_id == file_id)

    deleted, tombstones = database.run(delete)
    result = _delete_points(database, index, tombstones, deleted, _by_attachment(tombstones), _shared_note(deleted, tombstones))
    folder.delete(file_id)
    for store_id, _ in deleted:
        advance_reembeddings(database, store_id)
    return result


def delete_orphan_bytes(database: Database, folder: UploadFolder) -> None:
    """Delete bytes without a record, left by a process that was killed while it stored or deleted a file."""
    old = folder.ids_older_than(ORPHAN_SECONDS)
    for first in range(0, len(old), BATCH_SIZE):
        batch = old[first : first + BATCH_SIZE]
        with database.session() as session:
            recorded = files.find_existing_ids(session, batch)
        for file_id in set(batch) - recorded:
            folder.delete(file_id)
            log.warning("uploaded bytes without a record deleted", file=file_id)


def _by_attachment(tombstones: Sequence[Attachment]) -> set[PointSelector]:
    return {(each.space, ATTACHMENT, each.id) for each in tombstones}


def _shared_note(deleted: Locations, tombstones: Sequence[Attachment]) -> str | None:
    """Return a note if a deleted file leaves its chunks in a store: as a duplicate, or as an original whose record a duplicate took."""
    with_own_points = {(each.vector_store_id, each.file_id) for each in tombstones if each.duplicate_of is None}
    return SHARED_CHUNKS if set(deleted) - with_own_points else None


def _delete_points(
    database: Database,
    index: Index,
    tombstones: Sequence[Attachment],
    deleted: Locations,
    points: Collection[PointSelector],
    note: str | None = None,
) -> DeletedChunks:
    """Delete the `points` from the index, and then the tombstones."""
    chunks = 0
    try:
        for space, field, value in points:
            count = index.count(space, {field: value})
            index.delete(space, {field: value})
            chunks += count
    except (Unavailable, StorageFull) as error:
        log.warning("chunks will be deleted later", problem=error.message)
        return DeletedChunks(files=len(deleted), chunks=chunks, note=INDEX_DOWN)
    if _delete_tombstones(database, [each.id for each in tombstones]):
        note = STILL_WRITING
    return DeletedChunks(files=len(deleted), chunks=chunks, note=note)


def _delete_tombstones(database: Database, ids: Sequence[str]) -> int:
    """Delete tombstones; return how many are left to the ingest workers."""
    left = 0
    for first in range(0, len(ids), BATCH_SIZE):
        with database.session() as session:
            left += attachments.delete_tombstones(session, ids[first : first + BATCH_SIZE])
    return left
