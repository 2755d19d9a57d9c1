"""Cancels the indexing of files in a store. Returns immediately; the worker that is indexing a file deletes what it wrote.

Copies of the files that a running re-embedding has made are canceled with them.
"""

from services.retrieval.catalog import attachments, batches, stores
from services.retrieval.catalog.records import CANCELLED, CANCELLING, Attachment
from services.retrieval.lifecycle.reembed import advance_reembeddings
from shared.errors import Conflict
from shared.records.database import Database


def cancel_file(database: Database, project: str, store_id: str, file_id: str) -> tuple[Attachment, str]:
    """Cancel the indexing of a file at any stage; return the attachment and the file's name. Canceling again changes nothing.

    Raises:
        NotFound: if there is no such store, or no such file in it.
        Conflict: if the indexing has completed or failed.
    """
    with database.session() as session:
        store = stores.get_for_update(session, stores.find_active(session, project, store_id).id)
        attachment = attachments.find(session, store_id, file_id)
        attachments.cancel(session, store, Attachment.id == attachment.id)
        session.refresh(attachment)
        if attachment.status not in (CANCELLED, CANCELLING):
            raise Conflict(f"Indexing of file '{file_id}' cannot be canceled: it has already {attachment.status}.", param="file_id")
        name = attachments.find_filenames(session, [file_id]).get(file_id, "")
    advance_reembeddings(database, store_id)
    return attachment, name


def cancel_batch(database: Database, project: str, store_id: str, batch_id: str) -> None:
    """Cancel those files of a batch that are not indexed yet. Raises NotFound if there is no such batch in such a store."""
    with database.session() as session:
        store = stores.get_for_update(session, stores.find(session, project, store_id).id)
        batches.cancel(session, store, batches.find(session, store_id, batch_id))
    advance_reembeddings(database, store_id)
