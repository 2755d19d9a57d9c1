"""What happens in a store, which is locked, when one of its files is indexed; part of the transaction that completes the file."""

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from services.retrieval.catalog import attachments, duplicates
from services.retrieval.catalog.records import Attachment, Store


def finish_indexing(session: Session, id: str) -> None:
    """Complete the duplicates of an attachment that has just been indexed, and delete the files it replaces."""
    duplicates.finish_duplicates(session, id)
    attachment = session.get_one(Attachment, id)
    edition = session.scalar(select(Store.edition).where(Store.id == attachment.vector_store_id))
    # A re-embedding replaces nothing until the store is switched to its edition.
    if edition is not None and attachment.edition <= edition:
        delete_replaced(session, attachment)


def delete_replaced(session: Session, attachment: Attachment) -> None:
    """Delete from the store the files that an indexed attachment replaces."""
    if not attachment.replaces:
        return
    in_edition = and_(Attachment.vector_store_id == attachment.vector_store_id, Attachment.edition == attachment.edition)
    # Files that were deleted and attached again since then stay.
    is_replaced = (in_edition, Attachment.file_id.in_(attachment.replaces), Attachment.created_at <= attachment.created_at)
    attachments.delete(session, *is_replaced)
