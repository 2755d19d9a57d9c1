"""Records of the files in vector stores, as callers see and change them."""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from services.retrieval.catalog import duplicates, files
from services.retrieval.catalog.pages import Cursor, Listing, Slice, cut, depart
from services.retrieval.catalog.records import (
    CANCELLED,
    CANCELLING,
    COMPLETED,
    DELETING,
    FAILED,
    IN_PROGRESS,
    Attachment,
    File,
    Store,
)
from shared.contracts.vector_stores import OnDuplicate
from shared.errors import Conflict, InvalidRequest, NotFound
from shared.ids import new_id
from shared.records import leases

# Attached again, these begin again.
ENDED = (FAILED, CANCELLED)


@dataclass(frozen=True)
class Terms:
    """On which terms a file is attached: its attributes, the chunking strategy as the wire has it, what to do with its like."""

    attributes: dict[str, Any] | None
    chunking: dict[str, Any]
    chunking_is_default: bool = False
    on_duplicate: OnDuplicate = "reuse"


def attach(session: Session, store: Store, file: File, terms: Terms) -> Attachment:
    """Put `file` into `store`, which is held (`stores.hold`), to be indexed; where it is there already, return that.

    Where it failed or was cancelled it begins again.

    Raises:
        Conflict: it is there on other terms.
        NotFound: the file was deleted meanwhile.
    """
    return attach_all(session, store, [(file, terms)])[file.id]


def attach_all(session: Session, store: Store, wanted: Sequence[tuple[File, Terms]]) -> dict[str, Attachment]:
    """Put files into `store` as `attach` does, all or none, in few statements; return the attachments by the files' ids."""
    there = _live_among(session, store.id, [file.id for file, _ in wanted])
    kept = {file.id: there[file.id] for file, terms in wanted if file.id in there and _goes_on(session, there[file.id], terms)}
    now = time.time()
    # A microsecond apart, so that the order in lists is the order in which they were named.
    new = {file.id: _new(store, file, terms, now + place / 1e6) for place, (file, terms) in enumerate(wanted) if file.id not in kept}
    _add(session, new)
    _heed_duplicates(session, [(new[file.id], file, terms) for file, terms in wanted if file.id in new])
    return {**kept, **new}


def _heed_duplicates(session: Session, new: Sequence[tuple[Attachment, File, Terms]]) -> None:
    """Do with new attachments what their terms say about others of the same content or name."""
    asked = {policy: [(each, file) for each, file, terms in new if terms.on_duplicate == policy] for policy in ("reuse", "replace")}
    for policy, heed in (("reuse", duplicates.reuse), ("replace", duplicates.to_replace)):
        if asked[policy]:
            heed(session, asked[policy])


def _goes_on(session: Session, there: Attachment, terms: Terms) -> bool:
    """Leave an attachment as it is, or begin it again; False where it is, or has to be, gone."""
    if there.status == CANCELLING:
        # Somebody may still be writing its chunks: they go, and the file comes anew.
        bury(session, Attachment.id == there.id, Attachment.status == CANCELLING)
    elif there.status not in ENDED:
        _refuse_other(there, terms)
        return True
    elif _begin_again(session, there, terms):
        return True
    # The worker that clears up may have ended it in between.
    now = _live_among(session, there.vector_store_id, [there.file_id])
    return bool(now) and _goes_on(session, now[there.file_id], terms)


def _new(store: Store, file: File, terms: Terms, now: float) -> Attachment:
    place = {"vector_store_id": store.id, "file_id": file.id, "space": store.space, "edition": store.edition, "sha256": file.sha256}
    return Attachment(id=new_id("vsf_"), **place, attributes=terms.attributes, chunking=terms.chunking, created_at=now)


def _add(session: Session, new: Mapping[str, Attachment]) -> None:
    # Whoever deletes a file either was faster or will see these rows.
    if gone := set(new) - set(files.hold(session, new)):
        raise NotFound(f"'{min(gone)}' was deleted meanwhile.")
    session.add_all(new.values())
    session.flush()


def _begin_again(session: Session, there: Attachment, terms: Terms) -> bool:
    """Put a failed or cancelled attachment back to the beginning; False where it is not one any more."""
    values: dict[str, Any] = {"status": IN_PROGRESS, "stage": "queued", "percent": 0.0, "error": None, "attempts": 0, "not_before": None}
    values["duplicate_of"] = None
    if terms.attributes is not None:
        values["attributes"] = terms.attributes
    if not terms.chunking_is_default:
        values["chunking"] = terms.chunking
    # Conditional: what was deleted or begun again meanwhile is not undone.
    still = update(Attachment).where(Attachment.id == there.id, Attachment.status.in_(ENDED))
    result: Any = session.execute(still.values(**values).execution_options(synchronize_session=False))
    if not result.rowcount:
        return False
    session.refresh(there)
    # What a re-embedding has of it is no more what it should become.
    bury(session, *_later(there.vector_store_id, there.edition), Attachment.file_id == there.file_id)
    return True


def _later(store_id: str, edition: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on what a re-embedding in progress has made so far, for a store that is in `edition`."""
    return Attachment.vector_store_id == store_id, Attachment.edition > edition, Attachment.status != DELETING


def _refuse_other(there: Attachment, terms: Terms) -> None:
    asked = {"attributes": terms.attributes, "chunking_strategy": None if terms.chunking_is_default else terms.chunking}
    has = {"attributes": there.attributes, "chunking_strategy": there.chunking}
    for name, value in asked.items():
        if value is not None and value != has[name]:
            problem = f"File '{there.file_id}' is in this store with other {name}."
            raise Conflict(f"{problem} Delete it from the store first, then attach it again.", param=name)


def _live_among(session: Session, store_id: str, file_ids: Collection[str]) -> dict[str, Attachment]:
    mine = (Attachment.file_id.in_(file_ids), *shown(store_id))
    rows = session.scalars(select(Attachment).where(*mine).execution_options(populate_existing=True))
    return {attachment.file_id: attachment for attachment in rows}


def shown(store_id: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on the attachments that callers see in a store: those of its edition that are not being removed."""
    edition = select(Store.edition).where(Store.id == store_id).scalar_subquery()
    return Attachment.vector_store_id == store_id, Attachment.edition == edition, Attachment.status != DELETING


def find(session: Session, store_id: str, file_id: str) -> Attachment:
    """Return the file in the store.

    Raises:
        NotFound: the file is not in the store.
    """
    found = _live_among(session, store_id, [file_id]).get(file_id)
    if found is None:
        raise NotFound(f"There is no file '{file_id}' in vector store '{store_id}'.", param="file_id")
    return found


def find_completed(session: Session, store_id: str, file_id: str) -> Attachment:
    """Return the file in the store, which is indexed.

    Raises:
        NotFound: the file is not in the store.
        InvalidRequest: it is not indexed.
    """
    found = find(session, store_id, file_id)
    if found.status != COMPLETED:
        problem = f"File '{file_id}' is not indexed in vector store '{store_id}': its status is '{found.status}'."
        raise InvalidRequest(problem, param="file_id", code="file_not_completed")
    return found


def listed(session: Session, store_id: str, status: str | None, cursor: Cursor, *conditions: ColumnElement[bool]) -> Slice[Attachment]:
    """Return a part of a store's files, or of those under `conditions`; the cursor's ids are those of files."""
    rows = select(Attachment).where(*shown(store_id), *conditions)
    statuses = (CANCELLED, CANCELLING) if status == CANCELLED else (status,)
    wanted = () if status is None else (Attachment.status.in_(statuses),)
    return cut(session, Listing(rows, Attachment.created_at, Attachment.file_id, store_id), cursor, *wanted)


def stores_of(session: Session, file_id: str) -> set[str]:
    """Return the ids of the stores that a file is in, or is being removed from."""
    return set(session.scalars(select(Attachment.vector_store_id).where(Attachment.file_id == file_id)))


def filenames(session: Session, file_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of those of the files that exist."""
    rows = session.execute(select(File.id, File.filename).where(File.id.in_(set(file_ids))))
    return {row.id: row.filename for row in rows}


def unfinished(session: Session, store_id: str) -> Sequence[str]:
    """Return the ids of the store's attachments whose points, where there are any, are not to be found."""
    return session.scalars(_unfinished(), {"store": store_id}).all()


@cache
def _unfinished() -> Select[str]:
    # Made once: every search asks this, and making it takes longer than its answer.
    edition = select(Store.edition).where(Store.id == bindparam("store")).scalar_subquery()
    mine = (Attachment.vector_store_id == bindparam("store"), Attachment.edition == edition)
    return select(Attachment.id).where(*mine, Attachment.began, Attachment.status != COMPLETED)


def searchable(session: Session, ids: Iterable[str]) -> Sequence[Row[Any]]:
    """Return id, file, store, the file's name and attributes of those of the attachments that are wholly indexed and not removed."""
    return session.execute(_searchable(), {"ids": list(set(ids)), "now": time.time()}).all()


@cache
def _searchable() -> Select[Any]:
    columns = (Attachment.id, Attachment.file_id, Attachment.vector_store_id, File.filename, Attachment.attributes)
    mine = (Attachment.id.in_(bindparam("ids", expanding=True)), Attachment.status == COMPLETED, files.lasting(bindparam("now")))
    return select(*columns).join(File, File.id == Attachment.file_id).where(*mine)


def cancel(session: Session, store: Store, *conditions: ColumnElement[bool]) -> None:
    """Cancel those of a store, which is held, that are in progress, and what a re-embedding has begun of them.

    At once where nobody began, else the ingest worker clears up and ends it.
    """
    mine = (*shown(store.id), Attachment.status == IN_PROGRESS, *conditions)
    file_ids = session.scalars(select(Attachment.file_id).where(*mine)).all()
    place = (Attachment.vector_store_id == store.id, Attachment.edition >= store.edition, Attachment.file_id.in_(file_ids))
    waiting = update(Attachment).where(*place, Attachment.status == IN_PROGRESS)
    untouched = (Attachment.began.is_(False), leases.is_free(Attachment))
    for status, which in ((CANCELLED, untouched), (CANCELLING, ())):
        ended = waiting.where(*which).values(status=status, stage=CANCELLED, error=None, not_before=None)
        session.execute(ended.execution_options(synchronize_session=False))
    duplicates.heal(session, Attachment.vector_store_id == store.id)


def places(session: Session, *conditions: ColumnElement[bool]) -> set[tuple[str, str]]:
    """Return the stores and files of those under `conditions` that callers may see, whichever edition."""
    rows = session.execute(select(Attachment.vector_store_id, Attachment.file_id).where(*conditions, Attachment.status != DELETING))
    return {(row.vector_store_id, row.file_id) for row in rows}


def leave(session: Session, *conditions: ColumnElement[bool]) -> set[tuple[str, str]]:
    """Remember where those under `conditions` stand in the lists of their stores, before they are buried; return their `places`."""
    rows = session.scalars(select(Attachment).where(*conditions, Attachment.status != DELETING)).all()
    for row in rows:
        depart(session, row.vector_store_id, {row.file_id: row.created_at})
    return {(row.vector_store_id, row.file_id) for row in rows}


def retire(session: Session, *conditions: ColumnElement[bool]) -> tuple[set[tuple[str, str]], Sequence[Attachment]]:
    """Remove those under `conditions` from their stores, which are locked and go on: duplicates that stay take over from them.

    Returns their `places`, and the tombstones.
    """
    left = leave(session, *conditions)
    duplicates.hand_over(session, *conditions)
    tombs = bury(session, *conditions)
    duplicates.heal(session, Attachment.vector_store_id.in_({store for store, _ in left}))
    return left, tombs


def bury(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Attachment]:
    """Turn attachments into tombstones, which no caller sees, and return all tombstones under `conditions`."""
    there = update(Attachment).where(*conditions, Attachment.status != DELETING)
    session.execute(there.values(status=DELETING).execution_options(synchronize_session=False))
    rows = select(Attachment).where(*conditions, Attachment.status == DELETING)
    return session.scalars(rows.execution_options(populate_existing=True)).all()


def forget(session: Session, ids: Collection[str]) -> int:
    """Delete the tombstones that nobody may still be writing chunks for; return how many are left to the ingest worker."""
    mine = (Attachment.id.in_(ids), Attachment.status == DELETING)
    session.execute(delete(Attachment).where(*mine, leases.is_free(Attachment)).execution_options(synchronize_session=False))
    return session.scalar(select(func.count()).select_from(Attachment).where(*mine)) or 0
