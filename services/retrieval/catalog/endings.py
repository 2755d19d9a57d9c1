"""What the end of an attachment's indexing means for others in the store, which is locked; part of the transaction that ends it."""

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from services.retrieval.catalog import attachments, duplicates
from services.retrieval.catalog.records import Attachment, Store


def settle(session: Session, id: str) -> None:
    """Let the duplicates of an attachment that is indexed end as it did, and what it replaces go."""
    duplicates.follow(session, id)
    attachment = session.get_one(Attachment, id)
    edition = session.scalar(select(Store.edition).where(Store.id == attachment.vector_store_id))
    # What a re-embedding makes replaces nothing before the store is switched to it.
    if edition is not None and attachment.edition <= edition:
        replace(session, attachment)


def replace(session: Session, attachment: Attachment) -> None:
    """Let go what an indexed attachment replaces."""
    if not attachment.replaces:
        return
    place = and_(Attachment.vector_store_id == attachment.vector_store_id, Attachment.edition == attachment.edition)
    # Not those that were removed meanwhile and have come anew.
    replaced = (place, Attachment.file_id.in_(attachment.replaces), Attachment.created_at <= attachment.created_at)
    attachments.retire(session, *replaced)
