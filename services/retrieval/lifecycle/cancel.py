"""Cancelling the indexing of files in a store. Answers at once; whoever works on a file clears up behind it.

What a re-embedding has begun of the files is cancelled with them.
"""

from services.retrieval.catalog import attachments, batches, stores
from services.retrieval.catalog.records import CANCELLED, CANCELLING, Attachment
from services.retrieval.lifecycle.reembed import settle
from shared.errors import Conflict
from shared.records.database import Database


def cancel_file(database: Database, project: str, store_id: str, file_id: str) -> tuple[Attachment, str]:
    """Cancel the indexing of a file, at whatever stage; return the attachment and the file's name. Cancelling again changes nothing.

    Raises:
        NotFound: there is no such store, or no such file in it.
        Conflict: the indexing has ended otherwise.
    """
    with database.session() as session:
        store = stores.hold(session, stores.find_active(session, project, store_id).id)
        found = attachments.find(session, store_id, file_id)
        attachments.cancel(session, store, Attachment.id == found.id)
        session.refresh(found)
        if found.status not in (CANCELLED, CANCELLING):
            raise Conflict(f"The indexing of file '{file_id}' cannot be cancelled: it has already {found.status}.", param="file_id")
        name = attachments.filenames(session, [file_id]).get(file_id, "")
    settle(database, store_id)
    return found, name


def cancel_batch(database: Database, project: str, store_id: str, batch_id: str) -> None:
    """Cancel those files of a batch that are not indexed yet. Raises NotFound where there is no such batch in such a store."""
    with database.session() as session:
        store = stores.hold(session, stores.find(session, project, store_id).id)
        batches.cancel(session, store, batches.find(session, store_id, batch_id))
    settle(database, store_id)
