"""Changes the attributes of a file in a store: first its record, and then its points in the index.

The record is the truth. It is marked until its points are updated, so that after a crash the sweeper finishes the update. The
updater holds a lease on it, so that after two concurrent updates the points have the record's attributes.
"""

import time
from typing import Any

from services.retrieval.catalog import attribute_updates, duplicates, stores
from services.retrieval.index import Index
from services.retrieval.index.points import ATTACHMENT
from shared.errors import Conflict, NotFound, StorageFull, Unavailable
from shared.ids import new_id
from shared.records.database import Database

WAIT_SECONDS = 10.0
PAUSE_SECONDS = 0.02


def update_attributes(database: Database, index: Index, store_id: str, file_id: str, attributes: dict[str, Any] | None) -> None:
    """Replace the attributes of a file in a store. A search that begins after this filters by the new ones.

    Raises:
        NotFound: if the file is no longer in the store.
        Conflict: if others keep changing the attributes.
        Unavailable, StorageFull: if the index fails; the points are updated as soon as it is back.
    """
    with database.session() as session:
        ids = attribute_updates.find_attachment_ids(session, store_id, file_id)
    if not ids:
        raise NotFound(f"There is no file '{file_id}' in vector store '{store_id}'.", param="file_id")
    for id in ids:
        _update(database, index, id, attributes)
    with database.session() as session:
        stores.lock(session, [store_id])
        duplicates.requeue_changed_for_file(session, store_id, file_id)


def finish_attribute_updates(database: Database, index: Index) -> None:
    """Update the points of marked records that no process is working on."""
    with database.session() as session:
        ids = attribute_updates.find_pending_ids(session)
    for id in ids:
        owner = new_id("update_")
        with database.session() as session:
            is_claimed = attribute_updates.claim_pending(session, id, owner)
        if is_claimed:
            _update_points(database, index, id, owner)


def _update(database: Database, index: Index, id: str, attributes: dict[str, Any] | None) -> None:
    owner, deadline = new_id("update_"), time.monotonic() + WAIT_SECONDS
    while True:
        with database.session() as session:
            result = attribute_updates.update_record(session, id, owner, attributes)
        if result is attribute_updates.UpdateResult.CLAIMED:
            _update_points(database, index, id, owner)
        if result is not attribute_updates.UpdateResult.BUSY:
            return
        if time.monotonic() > deadline:
            raise Conflict("Other requests keep changing the attributes of this file. Try again.")
        time.sleep(PAUSE_SECONDS)


def _update_points(database: Database, index: Index, id: str, owner: str) -> None:
    """Copy the attributes of a record that `owner` has claimed to its points, and unmark the record."""
    with database.session() as session:
        attachment = attribute_updates.find_claimed(session, id, owner)
    is_done = False
    try:
        if attachment is not None:
            index.set_attributes(attachment.space, {ATTACHMENT: id}, attachment.attributes)
            is_done = True
    except (Unavailable, StorageFull) as error:
        later = "The new attributes are stored; filters use them as soon as the index is back."
        raise type(error)(f"{error.message} {later}") from error
    finally:
        with database.session() as session:
            attribute_updates.release(session, id, owner, is_done=is_done)
