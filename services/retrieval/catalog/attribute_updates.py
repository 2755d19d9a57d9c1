"""Attachments whose attributes are being changed: which process does it, and whether the points in the index have been updated.

The stage `updating_attributes` marks a completed attachment whose points may have other attributes than its record.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.retrieval.catalog.records import COMPLETED, DELETING, UPDATING_ATTRIBUTES, Attachment
from shared.records import leases

LEASE_SECONDS = 60.0
BATCH_SIZE = 100


class UpdateResult(Enum):
    """The result of an attempt to change the attributes of an attachment."""

    RECORD_ONLY = "it is not indexed; its points will be made with the new attributes"
    CLAIMED = "the record has the new attributes; the caller must update the points"
    BUSY = "another process is updating it"


def find_attachment_ids(session: Session, store_id: str, file_id: str) -> Sequence[str]:
    """Return the ids of a file's attachments in a store, of every edition."""
    conditions = (Attachment.vector_store_id == store_id, Attachment.file_id == file_id, Attachment.status != DELETING)
    return session.scalars(select(Attachment.id).where(*conditions)).all()


def find_pending_ids(session: Session) -> Sequence[str]:
    """Return the ids of marked attachments that no process is updating."""
    is_pending = (Attachment.status == COMPLETED, Attachment.stage == UPDATING_ATTRIBUTES, leases.is_free(Attachment))
    return session.scalars(select(Attachment.id).where(*is_pending).limit(BATCH_SIZE)).all()


def update_record(session: Session, id: str, owner: str, attributes: dict[str, Any] | None) -> UpdateResult:
    """Change the attributes of the record. If the attachment is indexed, mark it and claim it for `owner`."""
    is_indexed = (Attachment.id == id, Attachment.status == COMPLETED)
    new = {"attributes": attributes, "stage": UPDATING_ATTRIBUTES}
    if leases.claim(session, Attachment, *is_indexed, owner=owner, seconds=LEASE_SECONDS, **new):
        return UpdateResult.CLAIMED
    unindexed = update(Attachment).where(Attachment.id == id, Attachment.status != COMPLETED)
    result: Any = session.execute(unindexed.values(attributes=attributes).execution_options(synchronize_session=False))
    exists = session.scalar(select(Attachment.id).where(Attachment.id == id)) is not None
    return UpdateResult.BUSY if exists and not result.rowcount else UpdateResult.RECORD_ONLY


def claim_pending(session: Session, id: str, owner: str) -> bool:
    """Claim a marked attachment for `owner`; False if another process has it."""
    is_marked = (Attachment.id == id, Attachment.status == COMPLETED, Attachment.stage == UPDATING_ATTRIBUTES)
    return leases.claim(session, Attachment, *is_marked, owner=owner, seconds=LEASE_SECONDS)


def find_claimed(session: Session, id: str, owner: str) -> Attachment | None:
    """Return the attachment if `owner` still has the lease."""
    return session.scalar(select(Attachment).where(Attachment.id == id, Attachment.lease_owner == owner))


def release(session: Session, id: str, owner: str, *, is_done: bool) -> None:
    """Give up the lease; remove the mark if the points have been updated."""
    values = {"stage": COMPLETED} if is_done else {}
    leases.release(session, Attachment, Attachment.id == id, Attachment.status == COMPLETED, owner=owner, **values)
    leases.release(session, Attachment, Attachment.id == id, owner=owner)
