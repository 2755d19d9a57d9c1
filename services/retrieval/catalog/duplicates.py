"""Attachments of the same content in one edition of a store: the *original* has the points, its duplicates name its file.

Two attachments are the same if their bytes, filename extension (it decides how the file is read), attributes and chunking are. What
happens to the original, and to its duplicates then:

    indexed or failed             they end with the same status; if it failed, they are duplicates no longer
    deleted once indexed          its record, which the points name, passes to the first of them: no gap, and nothing is embedded again
    deleted before, or canceled  the first of them is indexed, the others wait for it
    its attributes are changed    they are indexed on their own

Each decision is made with the original's row locked, so that no duplicate is left waiting; `repair_orphans` finds those that would be.
"""

import json
from collections.abc import Collection, Sequence
from itertools import groupby
from pathlib import PurePath
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session, aliased

from services.retrieval.catalog.files import not_expired
from services.retrieval.catalog.records import COMPLETED, DELETING, IN_PROGRESS, Attachment, File

LIVE = (IN_PROGRESS, COMPLETED)
NOT_INDEXED: dict[str, Any] = {"percent": 0.0, "chunk_count": 0, "chunks_done": 0, "indexing_seconds": None}
QUEUED: dict[str, Any] = {"status": IN_PROGRESS, "stage": "queued", "not_before": None, **NOT_INDEXED}


def link_to_originals(session: Session, new: Sequence[tuple[Attachment, File]]) -> None:
    """Turn attachments that were just added to an edition of a store into duplicates, if it already has the same content."""
    new_ids = {attachment.id for attachment, _ in new}
    originals: dict[str, Attachment] = {}
    candidates = _lock_originals(session, [attachment for attachment, _ in new])
    for attachment, filename in sorted(candidates, key=lambda each: (each[0].id in new_ids, each[0].created_at)):
        original = originals.setdefault(_identity(attachment, filename), attachment)
        if original is not attachment and attachment.id in new_ids:
            _link(attachment, original)
    session.flush()


def _lock_originals(session: Session, new: Sequence[Attachment]) -> list[tuple[Attachment, str]]:
    """Lock and return the attachments that have, or will have, points of the same contents, each with its filename."""
    contents = {attachment.sha256 for attachment in new} - {""}
    if not contents:
        return []
    in_edition = (Attachment.vector_store_id == new[0].vector_store_id, Attachment.edition == new[0].edition)
    is_original = (Attachment.sha256.in_(contents), Attachment.status.in_(LIVE), Attachment.duplicate_of.is_(None), not_expired())
    rows = select(Attachment, File.filename).join(File, File.id == Attachment.file_id).where(*in_edition, *is_original)
    locked = rows.with_for_update(read=True, of=Attachment).execution_options(populate_existing=True)
    return [(attachment, filename) for attachment, filename in session.execute(locked)]


def _identity(attachment: Attachment, filename: str) -> str:
    options = [attachment.attributes or None, attachment.chunking]
    return json.dumps([attachment.sha256, PurePath(filename).suffix.lower(), *options], sort_keys=True)


def _link(attachment: Attachment, original: Attachment) -> None:
    attachment.duplicate_of = original.file_id
    if original.status == COMPLETED:
        attachment.status, attachment.stage, attachment.percent = COMPLETED, "completed", 100.0
        attachment.chunk_count, attachment.chunks_done, attachment.note = original.chunk_count, original.chunks_done, original.note
        attachment.indexing_seconds = 0.0


def record_replaced(session: Session, new: Sequence[tuple[Attachment, File]]) -> None:
    """Record for attachments that were just added to an edition of a store which of its files have the same content or name."""
    contents, names = {attachment.sha256 for attachment, _ in new} - {""}, {file.filename for _, file in new}
    first = new[0][0]
    in_edition = (Attachment.vector_store_id == first.vector_store_id, Attachment.edition == first.edition)
    is_other = (Attachment.status != DELETING, Attachment.id.not_in([attachment.id for attachment, _ in new]))
    rows = select(Attachment.file_id, Attachment.sha256, File.filename).join(File, File.id == Attachment.file_id)
    others = session.execute(rows.where(*in_edition, *is_other, Attachment.sha256.in_(contents) | File.filename.in_(names))).all()
    for attachment, file in new:
        replaced = [row.file_id for row in others if row.filename == file.filename or (row.sha256 and row.sha256 == attachment.sha256)]
        attachment.replaces = replaced or None
    session.flush()


def finish_duplicates(session: Session, id: str) -> None:
    """Give the duplicates of an attachment that has just completed or failed the same result."""
    original = session.get_one(Attachment, id, populate_existing=True)
    requeue_changed(session, original)
    names = ("status", "stage", "percent", "error", "note", *(("chunk_count", "chunks_done") if original.status == COMPLETED else ()))
    values: dict[str, Any] = {name: getattr(original, name) for name in names}
    # Indexing them took no work of their own.
    values |= {"indexing_seconds": 0.0} if original.status == COMPLETED else {"duplicate_of": None}
    finish = update(Attachment).where(*_is_duplicate_of(original), Attachment.status == IN_PROGRESS).values(**values)
    session.execute(finish.execution_options(synchronize_session=False))


def requeue_changed(session: Session, original: Attachment) -> None:
    """Queue the duplicates of an attachment whose attributes now differ from its own, to be indexed on their own."""
    rows = session.scalars(select(Attachment).where(*_is_duplicate_of(original)).execution_options(populate_existing=True))
    _queue(session, [row for row in rows if (row.attributes or None) != (original.attributes or None)])


def requeue_changed_for_file(session: Session, store_id: str, file_id: str) -> None:
    """Queue duplicates that are the same no longer, after the attributes of a file, an original or a duplicate, were changed."""
    in_store = (Attachment.vector_store_id == store_id, Attachment.status.in_(LIVE))
    rows = session.scalars(select(Attachment).where(*in_store, Attachment.file_id == file_id)).all()
    originals = {row.duplicate_of or row.file_id for row in rows}
    is_original = (Attachment.file_id.in_(originals), Attachment.duplicate_of.is_(None))
    for original in session.scalars(select(Attachment).where(*in_store, *is_original)):
        requeue_changed(session, original)


def transfer_points(session: Session, *conditions: ColumnElement[bool]) -> None:
    """Before the matching attachments are deleted: let indexed originals among them pass their records to duplicates that stay."""
    # Duplicates that are deleted too inherit nothing.
    is_duplicate = (Attachment.duplicate_of.is_not(None), Attachment.status != DELETING)
    deleted = update(Attachment).where(*conditions, *is_duplicate).values(status=DELETING)
    session.execute(deleted.execution_options(synchronize_session=False))
    is_original = (Attachment.status == COMPLETED, Attachment.duplicate_of.is_(None), Attachment.sha256 != "")
    locked = select(Attachment).where(*conditions, *is_original).with_for_update().execution_options(populate_existing=True)
    for original in session.scalars(locked).all():
        _transfer_to_heir(session, original)


def _transfer_to_heir(session: Session, original: Attachment) -> None:
    is_duplicate = _is_duplicate_of(original)
    heirs = select(Attachment).where(*is_duplicate, Attachment.status == COMPLETED).order_by(Attachment.created_at, Attachment.id)
    # Locked, so that it is not one that is being deleted at the same moment.
    heir = session.scalars(heirs.limit(1).with_for_update().execution_options(populate_existing=True)).first()
    if heir is None:
        return
    session.execute(delete(Attachment).where(Attachment.id == heir.id).execution_options(synchronize_session=False))
    session.expunge(heir)
    relink = update(Attachment).where(*is_duplicate).values(duplicate_of=heir.file_id)
    session.execute(relink.execution_options(synchronize_session=False))
    original.file_id, original.created_at = heir.file_id, heir.created_at
    session.flush()


def repair_orphans(session: Session, *conditions: ColumnElement[bool]) -> None:
    """Among the matching duplicates whose original is gone, queue the first of each group; the others become its duplicates."""
    original = aliased(Attachment)
    in_edition = (original.vector_store_id == Attachment.vector_store_id, original.edition == Attachment.edition)
    is_live = (original.file_id == Attachment.duplicate_of, original.duplicate_of.is_(None), original.status.in_(LIVE))
    is_orphan = ~select(original.id).where(*in_edition, *is_live).exists()
    is_duplicate = (Attachment.duplicate_of.is_not(None), Attachment.status.in_(LIVE))
    orphans = select(Attachment).where(*is_duplicate, is_orphan, *conditions).execution_options(populate_existing=True)
    rows = sorted(session.scalars(orphans).all(), key=_group_order)
    for _, group in groupby(rows, key=lambda row: _group_order(row)[:3]):
        first, *others = group
        _queue(session, [first])
        _queue(session, others, duplicate_of=first.file_id)


def _group_order(row: Attachment) -> tuple[str, int, str, float, str]:
    return row.vector_store_id, row.edition, row.duplicate_of or "", row.created_at, row.id


def _queue(session: Session, rows: Collection[Attachment], duplicate_of: str | None = None) -> None:
    # Conditional, so that a concurrent deletion is not undone.
    is_duplicate = (Attachment.id.in_([row.id for row in rows]), Attachment.status.in_(LIVE), Attachment.duplicate_of.is_not(None))
    if rows:
        queued = update(Attachment).where(*is_duplicate).values(**QUEUED, duplicate_of=duplicate_of)
        session.execute(queued.execution_options(synchronize_session=False))


def _is_duplicate_of(original: Attachment) -> tuple[ColumnElement[bool], ...]:
    in_edition = (Attachment.vector_store_id == original.vector_store_id, Attachment.edition == original.edition)
    return *in_edition, Attachment.duplicate_of == original.file_id, Attachment.status.in_(LIVE)
