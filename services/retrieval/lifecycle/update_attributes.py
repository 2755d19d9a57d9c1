"""Relabelling: a file in a store gets other attributes, first its record and then its points in the index.

The record is the truth. Until its points have followed it is marked, so that whoever finds it after a crash brings them in line; and
it is held by a lease, so that of two callers at once the points get what the record got last.
"""

import time
from typing import Any

from services.retrieval.catalog import duplicates, labels, stores
from services.retrieval.index import Index
from services.retrieval.index.points import ATTACHMENT
from shared.errors import Conflict, NotFound, StorageFull, Unavailable
from shared.ids import new_id
from shared.records.database import Database

WAIT_SECONDS = 10.0
PAUSE_SECONDS = 0.02


def relabel(database: Database, index: Index, store_id: str, file_id: str, attributes: dict[str, Any] | None) -> None:
    """Give a file in a store these attributes instead of its own; a search that begins after this filters by them.

    Raises:
        NotFound: the file is not in the store any more.
        Conflict: others keep changing them.
        Unavailable, StorageFull: the index does not take them now; it will, by itself.
    """
    with database.session() as session:
        ids = labels.of_file(session, store_id, file_id)
    if not ids:
        raise NotFound(f"There is no file '{file_id}' in vector store '{store_id}'.", param="file_id")
    for id in ids:
        _relabel(database, index, id, attributes)
    with database.session() as session:
        stores.lock(session, [store_id])
        duplicates.part_file(session, store_id, file_id)


def finish_relabelling(database: Database, index: Index) -> None:
    """Bring the points in line with the records of which nobody is doing so."""
    with database.session() as session:
        ids = labels.unfinished(session)
    for id in ids:
        owner = new_id("relabel_")
        with database.session() as session:
            held = labels.take_over(session, id, owner)
        if held:
            _pass_on(database, index, id, owner)


def _relabel(database: Database, index: Index, id: str, attributes: dict[str, Any] | None) -> None:
    owner, end = new_id("relabel_"), time.monotonic() + WAIT_SECONDS
    while True:
        with database.session() as session:
            outcome = labels.put(session, id, owner, attributes)
        if outcome is labels.Outcome.HELD:
            _pass_on(database, index, id, owner)
        if outcome is not labels.Outcome.BUSY:
            return
        if time.monotonic() > end:
            raise Conflict("The attributes of this file are being changed by others all the time. Try again.")
        time.sleep(PAUSE_SECONDS)


def _pass_on(database: Database, index: Index, id: str, owner: str) -> None:
    """Give the points of a record that `owner` holds the record's attributes, and unmark it."""
    with database.session() as session:
        attachment = labels.held(session, id, owner)
    done = False
    try:
        if attachment is not None:
            index.set_attributes(attachment.space, {ATTACHMENT: id}, attachment.attributes)
            done = True
    except (Unavailable, StorageFull) as error:
        later = "The new attributes are stored; filters see them as soon as the index takes them, by itself."
        raise type(error)(f"{error.message} {later}") from error
    finally:
        with database.session() as session:
            labels.let_go(session, id, owner, done=done)
