"""Attachments as the ingest worker sees them: claimed by a lease, moved forward, ended.

Every change is conditional on the lease and on the attachment not being removed meanwhile; False says that it was in vain.
"""

import time
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from services.retrieval.catalog.records import CANCELLED, CANCELLING, COMPLETED, DELETING, FAILED, IN_PROGRESS, Attachment, File
from shared.records import leases

CANDIDATES = 16
WORK = (IN_PROGRESS, CANCELLING, DELETING)
VERSIONS = 3
NOTHING: dict[str, Any] = {"chunk_count": 0, "chunks_done": 0, "usage_bytes": 0}


def claim(session: Session, owner: str, seconds: float, largest: int | None = None) -> Attachment | None:
    """Take the oldest attachment that waits to be indexed, cancelled or removed; None where nothing waits.

    Of those that wait to be indexed, only files of at most `largest` bytes, where that is given.
    """
    for id in _oldest(session, largest):
        mine = (Attachment.id == id, *_waiting())
        if leases.claim(session, Attachment, *mine, owner=owner, seconds=seconds, attempts=Attachment.attempts + 1, began=True):
            return session.get(Attachment, id, populate_existing=True)
    return None


def _oldest(session: Session, largest: int | None) -> list[str]:
    """Return the ids of the first that wait. One query for each status: then no database sorts the thousands that may wait."""
    rows = [row for status in WORK for row in session.execute(_oldest_of(status, largest))]
    return [row.id for row in sorted(rows, key=lambda row: row.created_at)[:CANDIDATES]]


def _oldest_of(status: str, largest: int | None) -> Select[str, float]:
    rows = select(Attachment.id, Attachment.created_at).where(_is_work_of(status), *_claimable(), *_not_over(largest))
    return rows.order_by(Attachment.created_at).limit(CANDIDATES)


def _not_over(largest: int | None) -> tuple[ColumnElement[bool], ...]:
    if largest is None:
        return ()
    is_larger = exists().where(File.id == Attachment.file_id, File.bytes > largest)
    return (or_(Attachment.status != IN_PROGRESS, ~is_larger),)


def _waiting() -> tuple[Any, ...]:
    return _is_work(), *_claimable()


def _claimable() -> tuple[Any, ...]:
    due = or_(Attachment.not_before.is_(None), Attachment.not_before < time.time())
    return leases.is_free(Attachment), due


def _is_work() -> ColumnElement[bool]:
    return or_(*(_is_work_of(status) for status in WORK))


def _is_work_of(status: str) -> ColumnElement[bool]:
    # Duplicates wait for another's end, not for a worker.
    return and_(Attachment.status == status, *([Attachment.duplicate_of.is_(None)] if status == IN_PROGRESS else []))


def waiting(session: Session) -> int:
    """Return how many attachments could be claimed now."""
    return session.scalar(select(func.count()).select_from(Attachment).where(*_waiting())) or 0


def next_due(session: Session, largest: int | None = None) -> float | None:
    """Return in how many seconds something now held back or held by another may be claimed; None where nothing waits."""
    columns = (Attachment.not_before, Attachment.lease_expires_at)
    rows = session.execute(select(*columns).where(_is_work(), *_not_over(largest)).limit(100)).all()
    return min((max([0.0, *(moment - time.time() for moment in row if moment)]) for row in rows), default=None)


def move(session: Session, id: str, owner: str, stage: str, percent: float, seconds: float, done: int = 0, count: int = 0) -> bool:
    """Store how far the work is (`percent` in 0-100, chunks `done` and in all, 0 while unknown); keep the lease for `seconds`."""
    values = {"stage": stage, "percent": round(percent, 1), "chunks_done": done, "chunk_count": count}
    values["lease_expires_at"] = time.time() + seconds
    result: Any = session.execute(update(Attachment).where(*_held(id, owner)).values(**values).execution_options(synchronize_session=False))
    return bool(result.rowcount)


def renew(session: Session, id: str, owner: str, seconds: float) -> bool:
    """Keep the lease for `seconds` from now."""
    return leases.renew(session, Attachment, *_held(id, owner), owner=owner, seconds=seconds)


def keep(session: Session, id: str, owner: str, seconds: float) -> bool:
    """Keep the lease for `seconds` from now, also where the attachment was cancelled or removed and the holder is yet to learn it."""
    return leases.renew(session, Attachment, Attachment.id == id, owner=owner, seconds=seconds)


def attributes(session: Session, id: str) -> dict[str, Any] | None:
    """Return the attributes of an attachment as they are now."""
    return session.scalar(select(Attachment.attributes).where(Attachment.id == id))


def versions(session: Session, attachment: Attachment, filename: str) -> list[str]:
    """Return the ids of the newest versions of an attachment that are indexed: in its store and space, of that name or its content.

    Only of its own chunking, which also says what is embedded with a chunk's text.
    """
    place = (Attachment.vector_store_id == attachment.vector_store_id, Attachment.space == attachment.space)
    indexed = (Attachment.status == COMPLETED, Attachment.duplicate_of.is_(None), Attachment.id != attachment.id)
    same = or_(and_(Attachment.sha256 == attachment.sha256, Attachment.sha256 != ""), File.filename == filename)
    rows = select(Attachment.id, Attachment.chunking).join(File, File.id == Attachment.file_id).where(*place, *indexed, same)
    found = session.execute(rows.order_by(Attachment.created_at.desc()))
    return [row.id for row in found if row.chunking == attachment.chunking][:VERSIONS]


def complete(session: Session, id: str, owner: str, chunk_count: int, usage_bytes: int, note: str | None = None) -> bool:
    """End the work: every chunk is in the index; `note` says what of the file is not."""
    counts = {"chunk_count": chunk_count, "chunks_done": chunk_count, "usage_bytes": usage_bytes, "percent": 100.0}
    return _end(session, id, owner, status=COMPLETED, stage="completed", not_before=None, error=None, attempts=0, note=note, **counts)


def fail(session: Session, id: str, owner: str, code: str, message: str) -> bool:
    """End the work: it cannot be done, and no points of it are left."""
    return _end(session, id, owner, status=FAILED, stage="failed", began=False, error={"code": code, "message": message}, **NOTHING)


def put_back(session: Session, id: str, owner: str, message: str | None, delay: float) -> bool:
    """Give the work back, to be begun again after `delay` seconds; `message` says what it waits for."""
    error = {"code": "server_error", "message": message} if message else None
    return _end(session, id, owner, stage="queued", percent=0.0, attempts=0, error=error, not_before=time.time() + delay, **NOTHING)


def cancelled(session: Session, id: str, owner: str) -> bool:
    """End the work on an attachment that was cancelled, whose points are gone; False where it is no more to be cancelled."""
    values = {"status": CANCELLED, "stage": CANCELLED, "began": False, "attempts": 0, "not_before": None, **NOTHING}
    cancelling = (Attachment.id == id, Attachment.status == CANCELLING)
    return leases.release(session, Attachment, *cancelling, owner=owner, **values)


def let_go(session: Session, id: str, owner: str, delay: float = 0) -> None:
    """Give up the lease of an attachment that is removed meanwhile; whoever claims it next removes its points."""
    leases.release(session, Attachment, Attachment.id == id, owner=owner, not_before=time.time() + delay)


def remove(session: Session, id: str, owner: str) -> None:
    """Delete the record of a tombstone whose points are gone."""
    attachment = session.get(Attachment, id, populate_existing=True)
    if attachment is not None and attachment.lease_owner == owner:
        session.delete(attachment)


def free_all(session: Session) -> None:
    """End every lease; right only where no other process can be at work (the index in process admits one)."""
    session.execute(update(Attachment).values(lease_owner=None, lease_expires_at=None).execution_options(synchronize_session=False))


def _held(id: str, owner: str) -> tuple[Any, ...]:
    return Attachment.id == id, Attachment.lease_owner == owner, Attachment.status == IN_PROGRESS


def _end(session: Session, id: str, owner: str, **values: Any) -> bool:
    return leases.release(session, Attachment, *_held(id, owner), owner=owner, **values)
