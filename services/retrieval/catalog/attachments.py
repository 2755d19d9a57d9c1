"""Records of the files in vector stores, as callers see and change them."""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select, update
from sqlalchemy import delete as sql_delete
from sqlalchemy.orm import Session

from services.retrieval.catalog import duplicates, files
from services.retrieval.catalog.pages import Listing, fetch_page, record_deleted
from services.retrieval.catalog.records import CANCELLED, CANCELLING, COMPLETED, DELETING, FAILED, IN_PROGRESS, Attachment, File, Store
from services.retrieval.contracts.vector_stores import OnDuplicate
from shared.contracts.paging import PageRequest, Slice
from shared.errors import Conflict, InvalidRequest, NotFound
from shared.ids import new_id
from shared.records import leases

# A file in one of these states starts over when it is attached again.
ENDED = (FAILED, CANCELLED)
UNFINISHED = (IN_PROGRESS, CANCELLING, DELETING, *ENDED)


@dataclass(frozen=True)
class AttachOptions:
    """How a file is attached: its attributes, its chunking strategy in the wire format, and what to do with duplicates."""

    attributes: dict[str, Any] | None
    chunking: dict[str, Any]
    chunking_is_default: bool = False
    on_duplicate: OnDuplicate = "reuse"


def attach(session: Session, store: Store, file: File, options: AttachOptions) -> Attachment:
    """Add `file` to `store` and queue it for indexing. If the store already has the file, return the existing attachment.

    A file that failed or was canceled starts over. The caller must have locked the store (`stores.get_for_update`).

    Raises:
        Conflict: if the file is in the store with other attributes or another chunking strategy.
        NotFound: if the file was deleted in the meantime.
    """
    return attach_all(session, store, [(file, options)])[file.id]


def attach_all(session: Session, store: Store, requested: Sequence[tuple[File, AttachOptions]]) -> dict[str, Attachment]:
    """Add files to `store` as `attach` does, all or none, in few statements; return the attachments by file id."""
    existing = _find_visible(session, store.id, [file.id for file, _ in requested])
    unchanged = {
        file.id: existing[file.id]
        for file, options in requested
        if file.id in existing and _keep_or_restart(session, existing[file.id], options)
    }
    now = time.time()
    # A microsecond apart, so that lists keep the order of the request.
    new = {
        file.id: _new_attachment(store, file, options, now + position / 1e6)
        for position, (file, options) in enumerate(requested)
        if file.id not in unchanged
    }
    _add(session, new)
    _apply_duplicate_policies(session, [(new[file.id], file, options) for file, options in requested if file.id in new])
    return {**unchanged, **new}


def _apply_duplicate_policies(session: Session, new: Sequence[tuple[Attachment, File, AttachOptions]]) -> None:
    for policy, apply in (("reuse", duplicates.link_to_originals), ("replace", duplicates.record_replaced)):
        affected = [(attachment, file) for attachment, file, options in new if options.on_duplicate == policy]
        if affected:
            apply(session, affected)


def _keep_or_restart(session: Session, attachment: Attachment, options: AttachOptions) -> bool:
    """Keep an existing attachment, or start it over; False if it was deleted or must be, so that a new one is needed."""
    if attachment.status == CANCELLING:
        # A worker may still be writing its chunks, so it is deleted and the file is attached as a new one.
        mark_deleting(session, Attachment.id == attachment.id, Attachment.status == CANCELLING)
    elif attachment.status not in ENDED:
        _require_same_options(attachment, options)
        return True
    elif _restart(session, attachment, options):
        return True
    # The ingest worker may have ended it since it was read.
    current = _find_visible(session, attachment.vector_store_id, [attachment.file_id])
    return bool(current) and _keep_or_restart(session, current[attachment.file_id], options)


def _new_attachment(store: Store, file: File, options: AttachOptions, now: float) -> Attachment:
    keys = {"vector_store_id": store.id, "file_id": file.id, "space": store.space, "edition": store.edition, "sha256": file.sha256}
    return Attachment(id=new_id("vsf_"), **keys, attributes=options.attributes, chunking=options.chunking, created_at=now)


def _add(session: Session, new: Mapping[str, Attachment]) -> None:
    # A concurrent deletion of a file has either happened before this lock, or will see these rows.
    if missing := set(new) - set(files.get_for_share(session, new)):
        raise NotFound(f"The file '{min(missing)}' was deleted in the meantime.")
    session.add_all(new.values())
    session.flush()


def _restart(session: Session, attachment: Attachment, options: AttachOptions) -> bool:
    """Queue a failed or canceled attachment again; False if it is in another state by now."""
    values: dict[str, Any] = {"status": IN_PROGRESS, "stage": "queued", "percent": 0.0, "error": None, "attempts": 0, "not_before": None}
    values["duplicate_of"] = None
    if options.attributes is not None:
        values["attributes"] = options.attributes
    if not options.chunking_is_default:
        values["chunking"] = options.chunking
    # Conditional, so that a concurrent deletion or restart is not undone.
    restart = update(Attachment).where(Attachment.id == attachment.id, Attachment.status.in_(ENDED)).values(**values)
    result: Any = session.execute(restart.execution_options(synchronize_session=False))
    if not result.rowcount:
        return False
    session.refresh(attachment)
    # A re-embedding's copy of it is out of date.
    mark_deleting(session, *_in_later_edition(attachment.vector_store_id, attachment.edition), Attachment.file_id == attachment.file_id)
    return True


def _in_later_edition(store_id: str, edition: int) -> tuple[ColumnElement[bool], ...]:
    """Match what a re-embedding in progress has made so far, for a store that is in `edition`."""
    return Attachment.vector_store_id == store_id, Attachment.edition > edition, Attachment.status != DELETING


def _require_same_options(attachment: Attachment, options: AttachOptions) -> None:
    requested = {"attributes": options.attributes, "chunking_strategy": None if options.chunking_is_default else options.chunking}
    current = {"attributes": attachment.attributes, "chunking_strategy": attachment.chunking}
    for name, value in requested.items():
        if value is not None and value != current[name]:
            problem = f"The file '{attachment.file_id}' is already in this store, with a different value of '{name}'."
            raise Conflict(f"{problem} Delete it from the store first, then attach it again.", param=name)


def _find_visible(session: Session, store_id: str, file_ids: Collection[str]) -> dict[str, Attachment]:
    conditions = (Attachment.file_id.in_(file_ids), *visible_in(store_id))
    rows = session.scalars(select(Attachment).where(*conditions).execution_options(populate_existing=True))
    return {attachment.file_id: attachment for attachment in rows}


def visible_in(store_id: str) -> tuple[ColumnElement[bool], ...]:
    """Match the attachments that callers see in a store: those of its current edition that are not being deleted."""
    edition = select(Store.edition).where(Store.id == store_id).scalar_subquery()
    return Attachment.vector_store_id == store_id, Attachment.edition == edition, Attachment.status != DELETING


def find(session: Session, store_id: str, file_id: str) -> Attachment:
    """Return the attachment of a file in a store.

    Raises:
        NotFound: if the file is not in the store.
    """
    attachment = _find_visible(session, store_id, [file_id]).get(file_id)
    if attachment is None:
        raise NotFound(f"There is no file '{file_id}' in vector store '{store_id}'.", param="file_id")
    return attachment


def find_completed(session: Session, store_id: str, file_id: str) -> Attachment:
    """Return the attachment of an indexed file in a store.

    Raises:
        NotFound: if the file is not in the store.
        InvalidRequest: if the file is not indexed.
    """
    attachment = find(session, store_id, file_id)
    if attachment.status != COMPLETED:
        problem = f"File '{file_id}' is not indexed in vector store '{store_id}': its status is '{attachment.status}'."
        raise InvalidRequest(problem, param="file_id", code="file_not_completed")
    return attachment


def list_page(
    session: Session, store_id: str, status: str | None, page: PageRequest, *conditions: ColumnElement[bool]
) -> Slice[Attachment]:
    """Return a page of a store's files, or of those that match `conditions`; `after` and `before` are file ids."""
    rows = select(Attachment).where(*visible_in(store_id), *conditions)
    statuses = (CANCELLED, CANCELLING) if status == CANCELLED else (status,)
    has_status = () if status is None else (Attachment.status.in_(statuses),)
    return fetch_page(session, Listing(rows, Attachment.created_at, Attachment.file_id, store_id), page, *has_status)


def find_store_ids(session: Session, file_id: str) -> set[str]:
    """Return the ids of the stores that a file is in, or is being deleted from."""
    return set(session.scalars(select(Attachment.vector_store_id).where(Attachment.file_id == file_id)))


def find_filenames(session: Session, file_ids: Iterable[str]) -> dict[str, str]:
    """Return the filenames of the files that exist, by file id."""
    rows = session.execute(select(File.id, File.filename).where(File.id.in_(set(file_ids))))
    return {row.id: row.filename for row in rows}


def find_unfinished_ids(session: Session, store_id: str) -> Sequence[str]:
    """Return the ids of the store's attachments that may have points which a search must not return."""
    return session.scalars(_unfinished_ids(), {"store": store_id}).all()


@cache
def _unfinished_ids() -> Select[str]:
    # Built once: every search runs this query, and building it takes longer than running it.
    edition = select(Store.edition).where(Store.id == bindparam("store")).scalar_subquery()
    in_store = (Attachment.vector_store_id == bindparam("store"), Attachment.edition == edition)
    # Listing the statuses lets the database use an index: a store may have a hundred thousand completed files.
    return select(Attachment.id).where(*in_store, Attachment.may_have_points, Attachment.status.in_(UNFINISHED))


def measure_chunks(session: Session, store_id: str) -> tuple[int, int]:
    """Return how many chunks the store's completely indexed files have, and the bytes of their texts and vectors."""
    count, size = session.execute(_chunk_sums(), {"store": store_id}).one()
    return int(count or 0), int(size or 0)


@cache
def _chunk_sums() -> Select[int, int]:
    sums = func.sum(Attachment.chunk_count), func.sum(Attachment.usage_bytes)
    edition = select(Store.edition).where(Store.id == bindparam("store")).scalar_subquery()
    in_store = (Attachment.vector_store_id == bindparam("store"), Attachment.edition == edition)
    return select(*sums).where(*in_store, Attachment.status == COMPLETED, Attachment.duplicate_of.is_(None))


def find_searchable(session: Session, ids: Iterable[str]) -> Sequence[Row[Any]]:
    """Return id, file id, store id, filename and attributes of the attachments that are completely indexed and not deleted."""
    # By the connection: every search runs this, and the session's own way takes a third longer.
    rows = session.connection().execute(_searchable(), {"ids": list(set(ids)), "now": time.time()}).all()
    # Compared here, because SQLite would read all completed files instead of finding these by id.
    return [row for row in rows if row.status == COMPLETED]


@cache
def _searchable() -> Select[Any]:
    columns = (Attachment.id, Attachment.file_id, Attachment.vector_store_id, File.filename, Attachment.attributes, Attachment.status)
    is_wanted = Attachment.id.in_(bindparam("ids", expanding=True))
    return select(*columns).join(File, File.id == Attachment.file_id).where(is_wanted, files.not_expired(bindparam("now")))


def cancel(session: Session, store: Store, *conditions: ColumnElement[bool]) -> None:
    """Cancel the matching files of a locked store that are in progress, and the copies that a re-embedding has made of them.

    A file that no worker has started is canceled immediately; for the others, the ingest worker deletes the points first.
    """
    in_progress = (*visible_in(store.id), Attachment.status == IN_PROGRESS, *conditions)
    file_ids = session.scalars(select(Attachment.file_id).where(*in_progress)).all()
    in_store = (Attachment.vector_store_id == store.id, Attachment.edition >= store.edition, Attachment.file_id.in_(file_ids))
    cancellable = update(Attachment).where(*in_store, Attachment.status == IN_PROGRESS)
    is_untouched = (Attachment.may_have_points.is_(False), leases.is_free(Attachment))
    for status, extra in ((CANCELLED, is_untouched), (CANCELLING, ())):
        values = {"status": status, "stage": CANCELLED, "error": None, "not_before": None}
        session.execute(cancellable.where(*extra).values(**values).execution_options(synchronize_session=False))
    duplicates.repair_orphans(session, Attachment.vector_store_id == store.id)


def find_locations(session: Session, *conditions: ColumnElement[bool]) -> set[tuple[str, str]]:
    """Return (store id, file id) of the matching attachments that are not being deleted, in any edition."""
    rows = session.execute(select(Attachment.vector_store_id, Attachment.file_id).where(*conditions, Attachment.status != DELETING))
    return {(row.vector_store_id, row.file_id) for row in rows}


def record_positions(session: Session, *conditions: ColumnElement[bool]) -> set[tuple[str, str]]:
    """Record where the matching attachments are in the lists of their stores, before they are deleted; return their locations."""
    rows = session.scalars(select(Attachment).where(*conditions, Attachment.status != DELETING)).all()
    for row in rows:
        record_deleted(session, row.vector_store_id, {row.file_id: row.created_at})
    return {(row.vector_store_id, row.file_id) for row in rows}


def delete(session: Session, *conditions: ColumnElement[bool]) -> tuple[set[tuple[str, str]], Sequence[Attachment]]:
    """Delete the matching attachments from their stores, which are locked and stay; their points go to remaining duplicates.

    Returns their locations, and the tombstones.
    """
    locations = record_positions(session, *conditions)
    duplicates.transfer_points(session, *conditions)
    tombstones = mark_deleting(session, *conditions)
    duplicates.repair_orphans(session, Attachment.vector_store_id.in_({store_id for store_id, _ in locations}))
    return locations, tombstones


def mark_deleting(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Attachment]:
    """Turn the matching attachments into tombstones, which no caller sees; return all matching tombstones."""
    mark = update(Attachment).where(*conditions, Attachment.status != DELETING).values(status=DELETING)
    session.execute(mark.execution_options(synchronize_session=False))
    rows = select(Attachment).where(*conditions, Attachment.status == DELETING)
    return session.scalars(rows.execution_options(populate_existing=True)).all()


def delete_tombstones(session: Session, ids: Collection[str]) -> int:
    """Delete the tombstones that no worker holds; return how many are left to the ingest worker."""
    is_tombstone = (Attachment.id.in_(ids), Attachment.status == DELETING)
    session.execute(sql_delete(Attachment).where(*is_tombstone, leases.is_free(Attachment)).execution_options(synchronize_session=False))
    return session.scalar(select(func.count()).select_from(Attachment).where(*is_tombstone)) or 0
