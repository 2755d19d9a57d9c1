"""Records of re-embeddings, and what they do to a store's attachments.

    start ──▶ in_progress ──▶ completed ──▶ confirmed        the old edition is buried
                   │              └───────▶ rolled_back      back to the old edition; the new one is buried
                   ├─▶ failed      a file cannot be indexed that is indexed now
                   └─▶ cancelled

While it is in progress, `settle` gives every file of the store a shadow in the new edition, which the ingest worker indexes like any
other; once all have ended it switches the store in the same transaction. Whoever attaches holds the store's row and sees which edition
it is in (`stores.hold`), so no file is left behind. Settling twice, or by two processes, changes nothing.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.retrieval.catalog import attachments, duplicates, endings, files, stores
from services.retrieval.catalog.pages import Cursor, Listing, Slice, cut
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
from shared.errors import Conflict, NotFound
from shared.ids import new_id

CONFIRMED = "confirmed"
ROLLED_BACK = "rolled_back"
OPEN = (IN_PROGRESS, COMPLETED)
Change = Callable[[Session, Reembedding], None]
ENDED = {FAILED: FAILED, CANCELLED: CANCELLED, CANCELLING: CANCELLED}
SHOWN_FAILURES = 5


def start(session: Session, store: Store, model: str, space: str, chunking: dict[str, Any] | None) -> Reembedding:
    """Begin to move `store`; `chunking` is for every file, None leaves each its own.

    Raises:
        Conflict: the store is moving already, or has moved and neither confirmed nor gone back.
    """
    store = stores.hold(session, store.id)
    mine = Reembedding.vector_store_id == store.id
    if session.scalar(select(Reembedding.id).where(mine, Reembedding.status.in_(OPEN))):
        raise Conflict("This store is being re-embedded already, or waits for that to be confirmed, rolled back or cancelled.")
    last = session.scalar(select(func.max(Reembedding.edition)).where(mine)) or 0
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
    """Return a re-embedding of the store. Raises NotFound where it has none of this id."""
    found = session.get(Reembedding, id, populate_existing=True)
    if found is None or found.vector_store_id != store_id:
        raise NotFound(f"There is no re-embedding '{id}' of vector store '{store_id}'.", param="reembedding_id")
    return found


def listed(session: Session, store_id: str, cursor: Cursor) -> Slice[Reembedding]:
    """Return a part of the store's re-embeddings."""
    rows = select(Reembedding).where(Reembedding.vector_store_id == store_id)
    return cut(session, Listing(rows, Reembedding.created_at, Reembedding.id, f"{store_id}/reembeddings"), cursor)


def moving(session: Session, store_id: str | None = None) -> Sequence[str]:
    """Return the ids of the re-embeddings in progress, of one store or of all."""
    mine = () if store_id is None else (Reembedding.vector_store_id == store_id,)
    return session.scalars(select(Reembedding.id).where(Reembedding.status == IN_PROGRESS, *mine)).all()


def progress(session: Session, moved: Reembedding) -> tuple[Counter[str], float]:
    """Return how many files of the new edition are in which status, and how far they are together, in percent.

    Of one that ended for good: how it was then, for what was given up is removed.
    """
    if moved.reached is not None:
        return Counter(moved.reached), moved.percent or 0.0
    rows = session.execute(
        select(Attachment.status, func.count(), func.coalesce(func.sum(Attachment.percent), 0.0))
        .where(*_of(moved.vector_store_id, moved.edition))
        .group_by(Attachment.status)
    ).all()
    counts = Counter({status: number for status, number, _ in rows})
    ended = sum(counts[status] for status in (FAILED, CANCELLED, CANCELLING, COMPLETED))
    done = sum(percent for status, _, percent in rows if status == IN_PROGRESS) + 100.0 * ended
    return counts, 100.0 if moved.status in (COMPLETED, CONFIRMED) else round(done / max(counts.total(), 1), 1)


def settle(session: Session, id: str) -> bool:
    """Give files that came meanwhile their shadows, and switch the store (or give up) once all have ended; tell whether it is over."""
    moved = session.get(Reembedding, id, populate_existing=True)
    if moved is None or moved.status != IN_PROGRESS:
        return True
    store = stores.hold(session, moved.vector_store_id)
    session.refresh(moved)
    if moved.status != IN_PROGRESS:
        return True
    shadows = _catch_up(session, store, moved)
    if any(shadow.status == IN_PROGRESS for shadow in shadows.values()):
        return False
    if failed := _newly_failed(session, store, shadows):
        _end(session, moved, FAILED, moved.edition, {"code": "file_failed", "message": _explain(failed)})
    else:
        _point(store, moved.edition, moved.embedding_model, moved.space, moved.chunking or store.chunking)
        _replace(session, shadows.values())
        moved.status, moved.ended_at = COMPLETED, time.time()
    session.flush()
    return True


def confirm(session: Session, moved: Reembedding) -> None:
    """Give up the old edition. Raises Conflict unless the store has moved."""
    stores.hold(session, moved.vector_store_id)
    _require(session, moved, COMPLETED, "confirmed")
    _end(session, moved, CONFIRMED, moved.from_edition)


def roll_back(session: Session, moved: Reembedding) -> None:
    """Go back to the old edition; files that came since are indexed there. Raises Conflict unless the store has moved."""
    store = stores.hold(session, moved.vector_store_id)
    _require(session, moved, COMPLETED, "rolled back")
    since = _live(session, store.id, moved.edition)
    _point(store, moved.from_edition, moved.from_embedding_model, moved.from_space, moved.from_chunking)
    session.flush()
    old = _live(session, store.id, moved.from_edition)
    again = [each.id for file_id, each in old.items() if _began_again(each, since.get(file_id))]
    attachments.bury(session, Attachment.id.in_(again))
    missing = [each for file_id, each in since.items() if file_id not in old or old[file_id].id in again]
    _copy(session, store, missing, store.edition, store.space, None)
    _end(session, moved, ROLLED_BACK, moved.edition)


def _began_again(old: Attachment, since: Attachment | None) -> bool:
    """Tell whether a file that had failed or was cancelled was attached once more after the store had moved."""
    return old.status in ENDED and since is not None and since.status not in ENDED


def _replace(session: Session, shadows: Iterable[Attachment]) -> None:
    """Let go what files of the new edition replace, also where they are not indexed yet in the old one."""
    for shadow in shadows:
        if shadow.status == COMPLETED:
            endings.replace(session, shadow)


def cancel(session: Session, moved: Reembedding) -> None:
    """Give up the new edition. Raises Conflict where the store has moved already, or the move has ended."""
    stores.hold(session, moved.vector_store_id)
    _require(session, moved, IN_PROGRESS, "cancelled")
    _end(session, moved, CANCELLED, moved.edition)


def _require(session: Session, moved: Reembedding, status: str, what: str) -> None:
    session.refresh(moved)
    if moved.status != status:
        raise Conflict(f"Only a re-embedding that is '{status}' can be {what}; this one is '{moved.status}'.")


def _end(session: Session, moved: Reembedding, status: str, buried: int, error: dict[str, Any] | None = None) -> None:
    counts, moved.percent = progress(session, moved)
    moved.reached = dict(counts)
    attachments.bury(session, *_of(moved.vector_store_id, buried))
    moved.status, moved.error, moved.ended_at = status, error, time.time()
    session.flush()


def _point(store: Store, edition: int, model: str, space: str, chunking: dict[str, Any] | None) -> None:
    store.edition, store.embedding_model, store.space, store.chunking = edition, model, space, chunking


def _of(store_id: str, edition: int) -> tuple[Any, ...]:
    return Attachment.vector_store_id == store_id, Attachment.edition == edition, Attachment.status != DELETING


def _live(session: Session, store_id: str, edition: int) -> dict[str, Attachment]:
    rows = select(Attachment).where(*_of(store_id, edition)).execution_options(populate_existing=True)
    return {each.file_id: each for each in session.scalars(rows)}


def _catch_up(session: Session, store: Store, moved: Reembedding) -> dict[str, Attachment]:
    """Bring the new edition's files to those of the store; return them by their ids."""
    there, shadows = _live(session, store.id, store.edition), _live(session, store.id, moved.edition)
    stale = [shadow.id for file_id, shadow in shadows.items() if _is_stale(there.get(file_id), shadow)]
    if stale:
        attachments.bury(session, Attachment.id.in_(stale))
    kept = {file_id: shadow for file_id, shadow in shadows.items() if shadow.id not in stale}
    missing = [each for file_id, each in there.items() if file_id not in kept]
    return kept | _copy(session, store, missing, moved.edition, moved.space, moved.chunking)


def _is_stale(original: Attachment | None, shadow: Attachment) -> bool:
    """Tell whether the shadow's file has left the store, has other attributes, or has failed, or is cancelled, only here or only there.

    That it failed only here is for the caller to see.
    """
    if original is None or (original.attributes or None) != (shadow.attributes or None):
        return True
    was, now = ENDED.get(original.status), ENDED.get(shadow.status)
    return was != now and (was is not None or now == CANCELLED)


def _copy(
    session: Session, store: Store, originals: Iterable[Attachment], edition: int, space: str, chunking: dict[str, Any] | None
) -> dict[str, Attachment]:
    """Store the same files in another edition, to be indexed there; those that failed or were cancelled stay so.

    Duplicates look for their like anew: there it may be another, be indexed already, or be cut otherwise.
    """
    wanted = {each.file_id: each for each in originals}
    there = files.hold(session, wanted)
    new = {file_id: _like(store, each, edition, space, chunking) for file_id, each in wanted.items() if file_id in there}
    session.add_all(new.values())
    session.flush()
    alike = [(each, there[file_id]) for file_id, each in new.items() if wanted[file_id].duplicate_of and each.status == IN_PROGRESS]
    if alike:
        duplicates.reuse(session, alike)
    return new


def _like(store: Store, original: Attachment, edition: int, space: str, chunking: dict[str, Any] | None) -> Attachment:
    about = {name: getattr(original, name) for name in ("file_id", "sha256", "replaces", "attributes", "created_at")}
    place = {"vector_store_id": store.id, "edition": edition, "space": space, "chunking": chunking or original.chunking}
    copied = Attachment(id=new_id("vsf_"), **about, **place)
    if original.status in ENDED:
        copied.status, copied.stage, copied.error = ENDED[original.status], original.stage, original.error
    return copied


def _newly_failed(session: Session, store: Store, shadows: dict[str, Attachment]) -> list[Attachment]:
    there = _live(session, store.id, store.edition)
    failed = [shadow for shadow in shadows.values() if shadow.status == FAILED]
    return [shadow for shadow in failed if there[shadow.file_id].status not in ENDED]


def _explain(failed: Sequence[Attachment]) -> str:
    reasons = "; ".join(f"{each.file_id}: {(each.error or {}).get('message', '')}" for each in failed[:SHOWN_FAILURES])
    more = f" and {len(failed) - SHOWN_FAILURES} more" if len(failed) > SHOWN_FAILURES else ""
    return f"The store stays as it is, for these files could not be indexed: {reasons}{more}. Remove them, or try again."
