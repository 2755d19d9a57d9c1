"""Cancelling the indexing of one file in a store. Answers at once; whoever works on the file clears up behind it."""

from services.retrieval.catalog import attachments, stores
from services.retrieval.catalog.records import CANCELLED, CANCELLING, Attachment
from shared.database import Database
from shared.errors import Conflict


def cancel_file(database: Database, project: str, store_id: str, file_id: str) -> tuple[Attachment, str]:
    """Cancel the indexing of a file, at whatever stage; return the attachment and the file's name. Cancelling again changes nothing.

    Raises:
        NotFound: there is no such store, or no such file in it.
        Conflict: the indexing has ended otherwise.
    """
    with database.session() as session:
        stores.find_active(session, project, store_id)
        found = attachments.find(session, store_id, file_id)
        attachments.cancel(session, Attachment.id == found.id)
        session.refresh(found)
        if found.status not in (CANCELLED, CANCELLING):
            raise Conflict(f"The indexing of file '{file_id}' cannot be cancelled: it has already {found.status}.", param="file_id")
        return found, attachments.filenames(session, [file_id]).get(file_id, "")
