"""The attachments as a work queue for the ingest worker: claimed by a lease in fair turns, updated, ended.

Every change is conditional on the lease and on the attachment still being in progress; a function returns False if it changed nothing.
"""

import time
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, exists, func, or_, select, union, update
from sqlalchemy import delete as sql_delete
from sqlalchemy.orm import Session, aliased

from services.retrieval.catalog.pages import INSERTS
from services.retrieval.catalog.records import (
    CANCELLED,
    CANCELLING,
    COMPLETED,
    DELETING,
    FAILED,
    IN_PROGRESS,
    Attachment,
    File,
    IngestTurn,
    Store,
)
from shared.records import leases

MAX_CANDIDATES = 16
# A worker with this many open files begins others only if they are small, or if their project has none open: nobody waits for large files
# of others to end. Each open file may hold a few batches of chunks, and up to a million characters of text.
MANY_OPEN_FILES = 8
SMALL_BYTES = 64 * 1024
STATUSES = (IN_PROGRESS, CANCELLING, DELETING)
MAX_VERSIONS = 3
PROJECT = func.coalesce(Store.project_id, IngestTurn.project_id, "")  # of a store that may be deleted
NO_CHUNKS: dict[str, Any] = {"chunk_count": 0, "chunks_done": 0, "usage_bytes": 0}


def claim(
    session: Session, owner: str, seconds: float, max_bytes: int | None = None, held: Mapping[str, Attachment] | None = None
) -> Attachment | None:
    """Return the attachment whose turn it is, claimed for `owner`; None if nothing waits to be indexed, canceled or deleted.

    Projects take turns, then the stores of a project, and in a store the oldest is first. `held` are attachments that `owner` has
    claimed before and not finished, by store; such a store's turn belongs to them. If these are many, their projects only get small
    files claimed. With `max_bytes`, larger files are left for others; this concerns indexing only.
    """
    held = held or {}
    busy = _find_projects(session, held) if len(held) >= MANY_OPEN_FILES else frozenset()
    stores = dict(_find_stores_by_turn(session, held, max_bytes, busy))
    for store_id in [*(held.keys() - stores.keys()), *stores]:
        limit = _at_most_small(max_bytes) if stores.get(store_id) in busy else max_bytes
        attachment = held.get(store_id) or _claim_oldest(session, store_id, owner, seconds, limit)
        if attachment is not None:
            _record_turn(session, store_id, stores.get(store_id, ""))
            return attachment
    return None


def _at_most_small(max_bytes: int | None) -> int:
    return SMALL_BYTES if max_bytes is None else min(SMALL_BYTES, max_bytes)


def _claim_oldest(session: Session, store_id: str, owner: str, seconds: float, max_bytes: int | None) -> Attachment | None:
    for id in _find_oldest_ids(session, store_id, max_bytes):
        # Skip what another transaction is changing. Otherwise, PostgreSQL would keep it locked even if it cannot be claimed, and to wait
        # for the next one with this lock could end in a deadlock.
        if session.scalar(select(Attachment.id).where(Attachment.id == id).with_for_update(skip_locked=True)) is None:
            continue
        conditions = (Attachment.id == id, _is_work(), *_is_claimable())
        values = {"attempts": Attachment.attempts + 1, "may_have_points": True}
        if leases.claim(session, Attachment, *conditions, owner=owner, seconds=seconds, **values):
            return session.get(Attachment, id, populate_existing=True)
    return None


def _find_oldest_ids(session: Session, store_id: str, max_bytes: int | None) -> list[str]:
    """Return the ids of the oldest that wait. One query for each status, so that no database sorts the thousands that may wait."""
    rows = [row for status in STATUSES for row in session.execute(_oldest_with(status, store_id, max_bytes))]
    return [row.id for row in sorted(rows, key=lambda row: row.created_at)[:MAX_CANDIDATES]]


def _oldest_with(status: str, store_id: str | ColumnElement[str], max_bytes: int | None) -> Select[str, float]:
    is_waiting = (Attachment.vector_store_id == store_id, *_is_waiting(status, max_bytes))
    return select(Attachment.id, Attachment.created_at).where(*is_waiting).order_by(Attachment.created_at).limit(MAX_CANDIDATES)


def _find_stores_by_turn(session: Session, held: Collection[str], max_bytes: int | None, busy: Collection[str]) -> list[tuple[str, str]]:
    """Return id and project of the stores with unfinished work that is held or can be claimed.

    First those whose project, and then which themselves, waited longest. For `busy` projects, only small files can be claimed.
    """
    stores = _stores_by_turn()
    columns = stores.selected_columns
    # Here, because to try one store after the other would take seconds if the work of a thousand is delayed or not for this worker.
    has_work = _has_work(columns.id, max_bytes)
    if busy:
        has_work = or_(_has_work(columns.id, _at_most_small(max_bytes)), and_(columns.project_id.not_in(busy), has_work))
    rows = session.execute(stores.where(or_(columns.id.in_(held), has_work)))
    return [(row.id, row.project_id) for row in rows]


def _has_work(store_id: ColumnElement[str], max_bytes: int | None) -> ColumnElement[bool]:
    # In the order of the index, which databases then use; for `exists` they may read the table instead.
    oldest = (_oldest_with(status, store_id, max_bytes).with_only_columns(Attachment.id).limit(1) for status in STATUSES)
    return or_(*(each.scalar_subquery().is_not(None) for each in oldest))


@cache
def _stores_by_turn() -> Select[Any]:
    store = union(*(select(each.c.id).where(each.c.id.is_not(None)) for each in map(_stores_with, STATUSES))).subquery()
    other = aliased(IngestTurn)
    turn_of_project = select(func.max(other.last_turn_at)).where(other.project_id == PROJECT).correlate(Store, IngestTurn).scalar_subquery()
    rows = select(store.c.id, PROJECT.label("project_id")).select_from(store)
    rows = rows.outerjoin(Store, Store.id == store.c.id).outerjoin(IngestTurn, IngestTurn.vector_store_id == store.c.id)
    return rows.order_by(func.coalesce(turn_of_project, 0.0), func.coalesce(IngestTurn.last_turn_at, 0.0), store.c.id)


def _find_projects(session: Session, store_ids: Collection[str]) -> frozenset[str]:
    """Return the projects of these stores."""
    turns = select(PROJECT).select_from(IngestTurn).outerjoin(Store, Store.id == IngestTurn.vector_store_id)
    return frozenset(session.scalars(turns.where(IngestTurn.vector_store_id.in_(store_ids))))


def _stores_with(status: str) -> CTE:
    """Return the distinct stores of the attachments with a status, and a null. The index is read once per store, not once per row."""
    of_status = select(func.min(Attachment.vector_store_id).label("id")).where(Attachment.status == status)
    stores = of_status.cte(f"{status}_stores", recursive=True)
    following = of_status.where(Attachment.vector_store_id > stores.c.id).correlate(stores).scalar_subquery()
    return stores.union_all(select(following).where(stores.c.id.is_not(None)))


def _record_turn(session: Session, store_id: str, project_id: str) -> None:
    insert = INSERTS[session.get_bind().dialect.name](IngestTurn)
    values = {"vector_store_id": store_id, "project_id": project_id, "last_turn_at": time.time()}
    update = {name: insert.excluded[name] for name in ("project_id", "last_turn_at")}
    session.execute(insert.values(values).on_conflict_do_update(index_elements=[IngestTurn.vector_store_id], set_=update))


def delete_old_turns(session: Session, before: float) -> None:
    """Delete the turns of stores for which nothing was done since that moment (seconds since 1970)."""
    session.execute(sql_delete(IngestTurn).where(IngestTurn.last_turn_at < before))


def _is_waiting(status: str, max_bytes: int | None) -> tuple[ColumnElement[bool], ...]:
    return _is_work_with(status), *_is_claimable(), *_is_small(max_bytes)


def _is_small(max_bytes: int | None) -> tuple[ColumnElement[bool], ...]:
    if max_bytes is None:
        return ()
    is_larger = exists().where(File.id == Attachment.file_id, File.bytes > max_bytes)
    return (or_(Attachment.status != IN_PROGRESS, ~is_larger),)


def _is_claimable() -> tuple[ColumnElement[bool], ...]:
    is_due = or_(Attachment.not_before.is_(None), Attachment.not_before < time.time())
    return leases.is_free(Attachment), is_due


def _is_work() -> ColumnElement[bool]:
    return or_(*(_is_work_with(status) for status in STATUSES))


def _is_work_with(status: str) -> ColumnElement[bool]:
    # A duplicate waits for its original to be indexed, not for a worker.
    return and_(Attachment.status == status, *([Attachment.duplicate_of.is_(None)] if status == IN_PROGRESS else []))


def count_claimable(session: Session) -> int:
    """Return how many attachments can be claimed now."""
    return session.scalar(select(func.count()).select_from(Attachment).where(_is_work(), *_is_claimable())) or 0


def seconds_until_next(session: Session, max_bytes: int | None = None) -> float | None:
    """Return in how many seconds the next attachment that is delayed or leased can be claimed; None if nothing waits."""
    columns = (Attachment.not_before, Attachment.lease_expires_at)
    rows = session.execute(select(*columns).where(_is_work(), *_is_small(max_bytes)).limit(100)).all()
    return min((max([0.0, *(moment - time.time() for moment in row if moment)]) for row in rows), default=None)


def update_progress(
    session: Session, id: str, owner: str, stage: str, percent: float, seconds: float, chunks_done: int = 0, chunk_count: int = 0
) -> bool:
    """Store the progress (`percent` from 0 to 100; 0 chunks if not known yet) and renew the lease for `seconds`."""
    values: dict[str, Any] = {"stage": stage, "percent": round(percent, 1), "chunks_done": chunks_done, "chunk_count": chunk_count}
    values["lease_expires_at"] = leases.expires_in(seconds)
    progress = update(Attachment).where(*_is_leased_by(id, owner)).values(**values)
    result: Any = session.execute(progress.execution_options(synchronize_session=False))
    return bool(result.rowcount)


def renew(session: Session, id: str, owner: str, seconds: float) -> bool:
    """Renew the lease for `seconds` from now."""
    return leases.renew(session, Attachment, *_is_leased_by(id, owner), owner=owner, seconds=seconds)


def renew_in_any_status(session: Session, id: str, owner: str, seconds: float) -> bool:
    """Renew the lease even if the attachment was canceled or deleted and its worker does not know yet."""
    return leases.renew(session, Attachment, Attachment.id == id, owner=owner, seconds=seconds)


def read_attributes(session: Session, id: str) -> dict[str, Any] | None:
    """Return the current attributes of an attachment."""
    return session.scalar(select(Attachment.attributes).where(Attachment.id == id))


def find_indexed_versions(session: Session, attachment: Attachment, filename: str) -> list[str]:
    """Return the ids of the newest indexed attachments in the same store and space with the same filename or content.

    Only those with the same chunking strategy, which also decides what is embedded along with a chunk's text.
    """
    in_store = (Attachment.vector_store_id == attachment.vector_store_id, Attachment.space == attachment.space)
    is_indexed = (Attachment.status == COMPLETED, Attachment.duplicate_of.is_(None), Attachment.id != attachment.id)
    is_version = or_(and_(Attachment.sha256 == attachment.sha256, Attachment.sha256 != ""), File.filename == filename)
    rows = select(Attachment.id, Attachment.chunking).join(File, File.id == Attachment.file_id).where(*in_store, *is_indexed, is_version)
    versions = session.execute(rows.order_by(Attachment.created_at.desc()))
    return [row.id for row in versions if row.chunking == attachment.chunking][:MAX_VERSIONS]


def complete(
    session: Session, id: str, owner: str, chunk_count: int, usage_bytes: int, note: str | None = None, seconds: float | None = None
) -> bool:
    """End the work, which took `seconds`, successfully: every chunk is in the index. `note` says which parts of the file are not."""
    counts = {"chunk_count": chunk_count, "chunks_done": chunk_count, "usage_bytes": usage_bytes, "indexing_seconds": seconds}
    ended: dict[str, Any] = {"status": COMPLETED, "stage": "completed", "percent": 100.0, "not_before": None, "error": None, "attempts": 0}
    return _end(session, id, owner, note=note, **ended, **counts)


def fail(session: Session, id: str, owner: str, code: str, message: str) -> bool:
    """End the work with an error. The caller has deleted the points."""
    error = {"code": code, "message": message}
    return _end(session, id, owner, status=FAILED, stage="failed", may_have_points=False, error=error, **NO_CHUNKS)


def requeue(session: Session, id: str, owner: str, message: str | None, delay: float) -> bool:
    """Give the work back, to be started over after `delay` seconds; `message` says what it waits for."""
    error = {"code": "server_error", "message": message} if message else None
    return _end(session, id, owner, stage="queued", percent=0.0, attempts=0, error=error, not_before=_find_moment(delay), **NO_CHUNKS)


def _find_moment(delay: float) -> float | None:
    """Return the moment in `delay` seconds. Without a delay there is none, so nothing waits if the clock is set back."""
    return time.time() + delay if delay else None


def requeue_all(session: Session, owner_prefix: str) -> None:
    """Release all work of the owners whose names begin with this prefix, so that anyone can start it over."""
    is_held = Attachment.lease_owner.startswith(owner_prefix, autoescape=True)
    given_up: dict[str, Any] = {"lease_owner": None, "lease_expires_at": None, "attempts": 0}
    started_over = {"stage": "queued", "percent": 0.0, **NO_CHUNKS}
    for conditions, values in (((Attachment.status == IN_PROGRESS,), started_over), ((), {})):
        requeued = update(Attachment).where(is_held, *conditions).values(**given_up, **values)
        session.execute(requeued.execution_options(synchronize_session=False))


def mark_cancelled(session: Session, id: str, owner: str) -> bool:
    """End the work on a canceled attachment whose points are deleted; False if it is not being canceled any more."""
    values = {"status": CANCELLED, "stage": CANCELLED, "may_have_points": False, "attempts": 0, "not_before": None, **NO_CHUNKS}
    is_cancelling = (Attachment.id == id, Attachment.status == CANCELLING)
    return leases.release(session, Attachment, *is_cancelling, owner=owner, **values)


def release(session: Session, id: str, owner: str, delay: float = 0) -> None:
    """Give up the lease of an attachment that is being deleted; the worker that claims it next deletes its points."""
    leases.release(session, Attachment, Attachment.id == id, owner=owner, not_before=_find_moment(delay))


def delete(session: Session, id: str, owner: str) -> None:
    """Delete the record of a tombstone whose points are deleted."""
    attachment = session.get(Attachment, id, populate_existing=True)
    if attachment is not None and attachment.lease_owner == owner:
        session.delete(attachment)


def add_tombstone(session: Session, attachment: Attachment) -> None:
    """Store a tombstone for an attachment whose record is gone while points of it may still exist; a worker will delete them."""
    names = ("id", "vector_store_id", "file_id", "edition", "space", "chunking")
    values = {name: getattr(attachment, name) for name in names}
    session.add(Attachment(**values, status=DELETING, may_have_points=True))


def release_all(session: Session) -> None:
    """End every lease. Only right if no other process can be at work: the embedded index admits one process."""
    session.execute(update(Attachment).values(lease_owner=None, lease_expires_at=None).execution_options(synchronize_session=False))


def _is_leased_by(id: str, owner: str) -> tuple[ColumnElement[bool], ...]:
    return Attachment.id == id, Attachment.lease_owner == owner, Attachment.status == IN_PROGRESS


def _end(session: Session, id: str, owner: str, **values: Any) -> bool:
    return leases.release(session, Attachment, *_is_leased_by(id, owner), owner=owner, **values)
