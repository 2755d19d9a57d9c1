"""Attachments whose attributes change: who does it, and whether their points have followed.

`stage` marks a completed attachment whose points may have other attributes than its record.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.retrieval.catalog.records import COMPLETED, DELETING, RELABELLING, Attachment
from shared.records import leases

LEASE_SECONDS = 60.0
PORTION = 100


class Outcome(Enum):
    """What became of an attempt to give an attachment other attributes."""

    DONE = "it has no points that can be found; they will be made with the new ones"
    HELD = "the record has them, its points must follow"
    BUSY = "somebody else is at it"


def of_file(session: Session, store_id: str, file_id: str) -> Sequence[str]:
    """Return the ids of a file's attachments in a store, of every edition."""
    mine = (Attachment.vector_store_id == store_id, Attachment.file_id == file_id, Attachment.status != DELETING)
    return session.scalars(select(Attachment.id).where(*mine)).all()


def unfinished(session: Session) -> Sequence[str]:
    """Return the ids of attachments that are marked and that nobody holds."""
    marked = (Attachment.status == COMPLETED, Attachment.stage == RELABELLING, leases.is_free(Attachment))
    return session.scalars(select(Attachment.id).where(*marked).limit(PORTION)).all()


def put(session: Session, id: str, owner: str, attributes: dict[str, Any] | None) -> Outcome:
    """Give the record these attributes; where it has points that can be found, mark it and hold it for `owner`."""
    ready = (Attachment.id == id, Attachment.status == COMPLETED)
    new = {"attributes": attributes, "stage": RELABELLING}
    if leases.claim(session, Attachment, *ready, owner=owner, seconds=LEASE_SECONDS, **new):
        return Outcome.HELD
    pending = update(Attachment).where(Attachment.id == id, Attachment.status != COMPLETED)
    result: Any = session.execute(pending.values(attributes=attributes).execution_options(synchronize_session=False))
    there = session.scalar(select(Attachment.id).where(Attachment.id == id))
    return Outcome.DONE if result.rowcount or there is None else Outcome.BUSY


def take_over(session: Session, id: str, owner: str) -> bool:
    """Hold a marked attachment for `owner`, where nobody else does."""
    marked = (Attachment.id == id, Attachment.status == COMPLETED, Attachment.stage == RELABELLING)
    return leases.claim(session, Attachment, *marked, owner=owner, seconds=LEASE_SECONDS)


def held(session: Session, id: str, owner: str) -> Attachment | None:
    """Return the attachment, if `owner` still holds it."""
    return session.scalar(select(Attachment).where(Attachment.id == id, Attachment.lease_owner == owner))


def let_go(session: Session, id: str, owner: str, *, done: bool) -> None:
    """End the hold; unmark what is `done`."""
    values = {"stage": COMPLETED} if done else {}
    leases.release(session, Attachment, Attachment.id == id, Attachment.status == COMPLETED, owner=owner, **values)
    leases.release(session, Attachment, Attachment.id == id, owner=owner)
