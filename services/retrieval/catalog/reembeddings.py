"""Records of re-embeddings, and what they do to a store's attachments.

    start ──▶ in_progress ──▶ completed ──▶ confirmed        the old edition is deleted
                   │              └───────▶ rolled_back      back to the old edition; the new one is deleted
                   ├─▶ failed      a file that is indexed now cannot be indexed again
                   └─▶ cancelled

While it is in progress, `advance` gives every file of the store a copy in the new edition, which the ingest worker indexes like any
other attachment; once all copies have ended it switches the store in the same transaction. A request that attaches a file locks the
store and sees its edition (`stores.get_for_update`), so no file is missed. Advancing twice, or in two processes, changes nothing.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from services.retrieval.catalog import attachments, completion, duplicates, files, stores
from services.retrieval.catalog.pages import Listing, fetch_page
from services.retrieval.catalog.records import (
    CANCELLED,
    CANCELLING,
    COMPLETED,
    DELETING,
    FAILED,
    IN_PROGRESS,
    Attachment,
    Reembedding,
    Store,
)
from shared.contracts.paging import PageRequest, Slice
from shared.errors import Conflict, NotFound
from shared.ids import new_id

CONFIRMED = "confirmed"
ROLLED_BACK = "rolled_back"
OPEN = (IN_PROGRESS, COMPLETED)
Change = Callable[[Session, Reembedding], None]
ENDED = {FAILED: FAILED, CANCELLED: CANCELLED, CANCELLING: CANCELLED}
MAX_NAMED = 5


def start(session: Session, store: Store, model: str, space: str, chunking: dict[str, Any] | None) -> Reembedding:
    """Start to re-embed `store`. `chunking` applies to every file; with None each file keeps its own.

    Raises:
        Conflict: if the store has a re-embedding that is in progress, or neither confirmed nor rolled back.
    """
    store = stores.get_for_update(session, store.id)
    of_store = Reembedding.vector_store_id == store.id
    if session.scalar(select(Reembedding.id).where(of_store, Reembedding.status.in_(OPEN))):
        raise Conflict("This store already has an open re-embedding. Confirm it, roll it back or cancel it first.")
    last = session.scalar(select(func.max(Reembedding.edition)).where(of_store)) or 0
    new = Reembedding(
        id=new_id("vsre_"),
        vector_store_id=store.id,
        edition=max(last, store.edition) + 1,
        embedding_model=model,
        space=space,
        chunking=chunking,
        from_edition=store.edition,
        from_embedding_model=store.embedding_model,
        from_space=store.space,
        from_chunking=store.chunking,
    )
    session.add(new)
    session.flush()
    return new


def find(session: Session, store_id: str, id: str) -> Reembedding:
    """Return a re-embedding of the store.

    Raises:
        NotFound: if the store has no re-embedding with this id.
    """
    reembedding = session.get(Reembedding, id, populate_existing=True)
    if reembedding is None or reembedding.vector_store_id != store_id:
        raise NotFound(f"There is no re-embedding '{id}' of vector store '{store_id}'.", param="reembedding_id")
    return reembedding


def list_page(session: Session, store_id: str, page: PageRequest) -> Slice[Reembedding]:
    """Return a page of the store's re-embeddings."""
    rows = select(Reembedding).where(Reembedding.vector_store_id == store_id)
    return fetch_page(session, Listing(rows, Reembedding.created_at, Reembedding.id, f"{store_id}/reembeddings"), page)


def find_in_progress_ids(session: Session, store_id: str | None = None) -> Sequence[str]:
    """Return the ids of the re-embeddings in progress, of one store or of all."""
    of_store = () if store_id is None else (Reembedding.vector_store_id == store_id,)
    return session.scalars(select(Reembedding.id).where(Reembedding.status == IN_PROGRESS, *of_store)).all()


def measure_progress(session: Session, reembedding: Reembedding) -> tuple[Counter[str], float]:
    """Return how many files of the new edition have each status, and their progress as a whole, in percent.

    For a re-embedding that ended for good, this is the progress it had then.
    """
    if reembedding.file_counts is not None:
        return Counter(reembedding.file_counts), reembedding.percent or 0.0
    rows = session.execute(
        select(Attachment.status, func.count(), func.coalesce(func.sum(Attachment.percent), 0.0))
        .where(*_in_edition(reembedding.vector_store_id, reembedding.edition))
        .group_by(Attachment.status)
    ).all()
    counts = Counter({status: count for status, count, _ in rows})
    ended = sum(counts[status] for status in (FAILED, CANCELLED, CANCELLING, COMPLETED))
    done = sum(percent for status, _, percent in rows if status == IN_PROGRESS) + 100.0 * ended
    is_switched = reembedding.status in (COMPLETED, CONFIRMED)
    return counts, 100.0 if is_switched else round(done / max(counts.total(), 1), 1)


def advance(session: Session, id: str) -> bool:
    """Copy files that were added since, and once all copies have ended switch the store or give up; return whether it has ended."""
    reembedding = session.get(Reembedding, id, populate_existing=True)
    if reembedding is None or reembedding.status != IN_PROGRESS:
        return True
    store = stores.get_for_update(session, reembedding.vector_store_id)
    session.refresh(reembedding)
    if reembedding.status != IN_PROGRESS:
        return True
    copies = _sync_copies(session, store, reembedding)
    if any(copy.status == IN_PROGRESS for copy in copies.values()):
        return False
    if failed := _find_newly_failed(session, store, copies):
        _end(session, reembedding, FAILED, reembedding.edition, {"code": "file_failed", "message": _describe_failed(failed)})
    else:
        _switch_to_new(session, store, reembedding, copies.values())
    session.flush()
    return True


def _switch_to_new(session: Session, store: Store, reembedding: Reembedding, copies: Iterable[Attachment]) -> None:
    chunking = reembedding.chunking or store.chunking
    _switch(store, reembedding.edition, reembedding.embedding_model, reembedding.space, chunking)
    for copy in copies:
        if copy.status == COMPLETED:
            completion.delete_replaced(session, copy)
    reembedding.status, reembedding.ended_at = COMPLETED, time.time()


def confirm(session: Session, reembedding: Reembedding) -> None:
    """Delete the old edition.

    Raises:
        Conflict: if the re-embedding is not completed.
    """
    stores.get_for_update(session, reembedding.vector_store_id)
    _require_status(session, reembedding, COMPLETED, "confirmed")
    _end(session, reembedding, CONFIRMED, reembedding.from_edition)


def roll_back(session: Session, reembedding: Reembedding) -> None:
    """Go back to the old edition; files that were attached since are indexed there.

    Raises:
        Conflict: if the re-embedding is not completed.
    """
    store = stores.get_for_update(session, reembedding.vector_store_id)
    _require_status(session, reembedding, COMPLETED, "rolled back")
    new = _find_live(session, store.id, reembedding.edition)
    _switch(store, reembedding.from_edition, reembedding.from_embedding_model, reembedding.from_space, reembedding.from_chunking)
    session.flush()
    old = _find_live(session, store.id, reembedding.from_edition)
    restarted = [each.id for file_id, each in old.items() if _was_restarted(each, new.get(file_id))]
    attachments.mark_deleting(session, Attachment.id.in_(restarted))
    missing = [each for file_id, each in new.items() if file_id not in old or old[file_id].id in restarted]
    _copy(session, store, missing, store.edition, store.space, None)
    _end(session, reembedding, ROLLED_BACK, reembedding.edition)


def _was_restarted(old: Attachment, new: Attachment | None) -> bool:
    """Return whether a file that had failed or was canceled was attached again after the store had switched."""
    return old.status in ENDED and new is not None and new.status not in ENDED


def cancel(session: Session, reembedding: Reembedding) -> None:
    """Delete the new edition.

    Raises:
        Conflict: if the re-embedding is not in progress.
    """
    stores.get_for_update(session, reembedding.vector_store_id)
    _require_status(session, reembedding, IN_PROGRESS, "cancelled")
    _end(session, reembedding, CANCELLED, reembedding.edition)


def _require_status(session: Session, reembedding: Reembedding, status: str, action: str) -> None:
    session.refresh(reembedding)
    if reembedding.status != status:
        problem = f"Only a re-embedding with status '{status}' can be {action}; the status of this one is '{reembedding.status}'."
        raise Conflict(problem)


def _end(session: Session, reembedding: Reembedding, status: str, deleted_edition: int, error: dict[str, Any] | None = None) -> None:
    counts, reembedding.percent = measure_progress(session, reembedding)
    reembedding.file_counts = dict(counts)
    attachments.mark_deleting(session, *_in_edition(reembedding.vector_store_id, deleted_edition))
    reembedding.status, reembedding.error, reembedding.ended_at = status, error, time.time()
    session.flush()


def _switch(store: Store, edition: int, model: str, space: str, chunking: dict[str, Any] | None) -> None:
    store.edition, store.embedding_model, store.space, store.chunking = edition, model, space, chunking


def _in_edition(store_id: str, edition: int) -> tuple[ColumnElement[bool], ...]:
    return Attachment.vector_store_id == store_id, Attachment.edition == edition, Attachment.status != DELETING


def _find_live(session: Session, store_id: str, edition: int) -> dict[str, Attachment]:
    rows = select(Attachment).where(*_in_edition(store_id, edition)).execution_options(populate_existing=True)
    return {each.file_id: each for each in session.scalars(rows)}


def _sync_copies(session: Session, store: Store, reembedding: Reembedding) -> dict[str, Attachment]:
    """Make the files of the new edition match those of the store; return them by file id."""
    originals, copies = _find_live(session, store.id, store.edition), _find_live(session, store.id, reembedding.edition)
    stale = [copy.id for file_id, copy in copies.items() if _is_stale(originals.get(file_id), copy)]
    if stale:
        attachments.mark_deleting(session, Attachment.id.in_(stale))
    current = {file_id: copy for file_id, copy in copies.items() if copy.id not in stale}
    missing = [each for file_id, each in originals.items() if file_id not in current]
    return current | _copy(session, store, missing, reembedding.edition, reembedding.space, reembedding.chunking)


def _is_stale(original: Attachment | None, copy: Attachment) -> bool:
    """Return whether the file has left the store, has other attributes, or has ended in one edition and not in the other.

    A copy that failed although its original did not is not stale: the re-embedding fails because of it.
    """
    if original is None or (original.attributes or None) != (copy.attributes or None):
        return True
    before, now = ENDED.get(original.status), ENDED.get(copy.status)
    return before != now and (before is not None or now == CANCELLED)


def _copy(
    session: Session, store: Store, originals: Iterable[Attachment], edition: int, space: str, chunking: dict[str, Any] | None
) -> dict[str, Attachment]:
    """Attach the same files in another edition, to be indexed there; those that failed or were canceled stay so.

    Duplicates are linked again: in this edition another file may be the original, be indexed already, or have another chunking.
    """
    by_file = {each.file_id: each for each in originals}
    existing = files.get_for_share(session, by_file)
    new = {file_id: _new_copy(store, each, edition, space, chunking) for file_id, each in by_file.items() if file_id in existing}
    session.add_all(new.values())
    session.flush()
    is_duplicate = {file_id for file_id, copy in new.items() if by_file[file_id].duplicate_of and copy.status == IN_PROGRESS}
    if is_duplicate:
        duplicates.link_to_originals(session, [(copy, existing[file_id]) for file_id, copy in new.items() if file_id in is_duplicate])
    return new


def _new_copy(store: Store, original: Attachment, edition: int, space: str, chunking: dict[str, Any] | None) -> Attachment:
    values = {name: getattr(original, name) for name in ("file_id", "sha256", "replaces", "attributes", "created_at")}
    keys = {"vector_store_id": store.id, "edition": edition, "space": space, "chunking": chunking or original.chunking}
    copy = Attachment(id=new_id("vsf_"), **values, **keys)
    if original.status in ENDED:
        copy.status, copy.stage, copy.error = ENDED[original.status], original.stage, original.error
    return copy


def _find_newly_failed(session: Session, store: Store, copies: dict[str, Attachment]) -> list[Attachment]:
    originals = _find_live(session, store.id, store.edition)
    return [copy for copy in copies.values() if copy.status == FAILED and originals[copy.file_id].status not in ENDED]


def _describe_failed(failed: Sequence[Attachment]) -> str:
    reasons = "; ".join(f"{each.file_id}: {(each.error or {}).get('message', '')}" for each in failed[:MAX_NAMED])
    more = f" and {len(failed) - MAX_NAMED} more" if len(failed) > MAX_NAMED else ""
    return f"The store was not changed, because these files could not be indexed again: {reasons}{more}. Delete them, or try again."
