"""Attachments of the same content in one edition of a store: one of them, the *original*, has the points, the others name its file.

Two are the same where bytes, the ending of the filename (it says how to read them), attributes and chunking are. What happens to
the original, and what its duplicates do then:

    indexed or failed           they end as it did; failed, they are on their own from then on
    removed once indexed        its record, which the points name, goes to the first of them: no gap, nothing is embedded
    removed before, cancelled   the first of them is indexed, the others wait for it
    given other attributes      they are indexed on their own

Everything is decided with the original's row held, so that none is left behind; `heal` finds those that would be.
"""

import json
from collections.abc import Collection, Sequence
from itertools import groupby
from pathlib import PurePath
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session, aliased

from services.retrieval.catalog.files import lasting
from services.retrieval.catalog.records import COMPLETED, DELETING, IN_PROGRESS, Attachment, File

LIVE = (IN_PROGRESS, COMPLETED)
QUEUED: dict[str, Any] = {"status": IN_PROGRESS, "stage": "queued", "percent": 0.0, "chunk_count": 0, "chunks_done": 0, "not_before": None}


def reuse(session: Session, new: Sequence[tuple[Attachment, File]]) -> None:
    """Make duplicates of those attachments, just stored in one edition of a store, whose content is there on the same terms."""
    mine = {attachment.id for attachment, _ in new}
    originals: dict[str, Attachment] = {}
    there = _originals(session, [attachment for attachment, _ in new])
    for attachment, filename in sorted(there, key=lambda each: (each[0].id in mine, each[0].created_at)):
        original = originals.setdefault(_sameness(attachment, filename), attachment)
        if original is not attachment and attachment.id in mine:
            _point(attachment, original)
    session.flush()


def _originals(session: Session, like: Sequence[Attachment]) -> list[tuple[Attachment, str]]:
    """Return attachments that have, or will have, the points of such contents, each with its file's name; they are held."""
    contents = {attachment.sha256 for attachment in like} - {""}
    if not contents:
        return []
    place = (Attachment.vector_store_id == like[0].vector_store_id, Attachment.edition == like[0].edition)
    mine = (*place, Attachment.sha256.in_(contents), Attachment.status.in_(LIVE), Attachment.duplicate_of.is_(None), lasting())
    rows = select(Attachment, File.filename).join(File, File.id == Attachment.file_id).where(*mine)
    held = rows.with_for_update(read=True, of=Attachment).execution_options(populate_existing=True)
    return [(attachment, filename) for attachment, filename in session.execute(held)]


def _sameness(attachment: Attachment, filename: str) -> str:
    terms = [attachment.attributes or None, attachment.chunking]
    return json.dumps([attachment.sha256, PurePath(filename).suffix.lower(), *terms], sort_keys=True)


def _point(attachment: Attachment, original: Attachment) -> None:
    attachment.duplicate_of = original.file_id
    if original.status == COMPLETED:
        attachment.status, attachment.stage, attachment.percent = COMPLETED, "completed", 100.0
        attachment.chunk_count, attachment.chunks_done, attachment.note = original.chunk_count, original.chunks_done, original.note


def to_replace(session: Session, new: Sequence[tuple[Attachment, File]]) -> None:
    """Note for attachments, just stored in one edition of a store, which files there have the same content or the same name."""
    contents, names = {attachment.sha256 for attachment, _ in new} - {""}, {file.filename for _, file in new}
    first = new[0][0]
    place = (Attachment.vector_store_id == first.vector_store_id, Attachment.edition == first.edition)
    others = (Attachment.status != DELETING, Attachment.id.not_in([attachment.id for attachment, _ in new]))
    rows = select(Attachment.file_id, Attachment.sha256, File.filename).join(File, File.id == Attachment.file_id)
    there = session.execute(rows.where(*place, *others, Attachment.sha256.in_(contents) | File.filename.in_(names))).all()
    for attachment, file in new:
        same = [row.file_id for row in there if row.filename == file.filename or (row.sha256 and row.sha256 == attachment.sha256)]
        attachment.replaces = same or None
    session.flush()


def follow(session: Session, id: str) -> None:
    """Let the duplicates of an attachment that has just ended, completed or failed, end as it did."""
    original = session.get_one(Attachment, id, populate_existing=True)
    part(session, original)
    names = ("status", "stage", "percent", "error", "note", *(("chunk_count", "chunks_done") if original.status == COMPLETED else ()))
    values: dict[str, Any] = {name: getattr(original, name) for name in names}
    if original.status != COMPLETED:
        values["duplicate_of"] = None
    waiting = update(Attachment).where(*_following(original), Attachment.status == IN_PROGRESS)
    session.execute(waiting.values(**values).execution_options(synchronize_session=False))


def part(session: Session, original: Attachment) -> None:
    """Queue those duplicates of an attachment whose attributes are not, or not any more, the same, to be indexed on their own."""
    rows = session.scalars(select(Attachment).where(*_following(original)).execution_options(populate_existing=True))
    _queue(session, [row for row in rows if (row.attributes or None) != (original.attributes or None)])


def part_file(session: Session, store_id: str, file_id: str) -> None:
    """Part what is not the same any more after a file in a store, an original or a duplicate, got other attributes."""
    place = (Attachment.vector_store_id == store_id, Attachment.status.in_(LIVE))
    rows = session.scalars(select(Attachment).where(*place, Attachment.file_id == file_id)).all()
    files = {row.duplicate_of or row.file_id for row in rows}
    for original in session.scalars(select(Attachment).where(*place, Attachment.file_id.in_(files), Attachment.duplicate_of.is_(None))):
        part(session, original)


def hand_over(session: Session, *conditions: ColumnElement[bool]) -> None:
    """Before those under `conditions` are buried: let indexed originals among them pass their records on to duplicates that stay."""
    # Duplicates that go as well inherit nothing.
    going = update(Attachment).where(*conditions, Attachment.duplicate_of.is_not(None))
    session.execute(going.values(status=DELETING).execution_options(synchronize_session=False))
    mine = (Attachment.status == COMPLETED, Attachment.duplicate_of.is_(None), Attachment.sha256 != "")
    held = select(Attachment).where(*conditions, *mine).with_for_update().execution_options(populate_existing=True)
    for original in session.scalars(held).all():
        _pass_on(session, original)


def _pass_on(session: Session, original: Attachment) -> None:
    following = _following(original)
    heirs = select(Attachment).where(*following, Attachment.status == COMPLETED).order_by(Attachment.created_at, Attachment.id)
    # Held, so that it is not one that is being removed at the same moment.
    heir = session.scalars(heirs.limit(1).with_for_update().execution_options(populate_existing=True)).first()
    if heir is None:
        return
    session.execute(delete(Attachment).where(Attachment.id == heir.id).execution_options(synchronize_session=False))
    session.expunge(heir)
    rest = update(Attachment).where(*following).values(duplicate_of=heir.file_id)
    session.execute(rest.execution_options(synchronize_session=False))
    original.file_id, original.created_at = heir.file_id, heir.created_at
    session.flush()


def heal(session: Session, *conditions: ColumnElement[bool]) -> None:
    """Of duplicates under `conditions` whose original is gone, let the first be indexed and the others wait for it."""
    original = aliased(Attachment)
    same = (original.vector_store_id == Attachment.vector_store_id, original.edition == Attachment.edition)
    is_there = (original.file_id == Attachment.duplicate_of, original.duplicate_of.is_(None), original.status.in_(LIVE))
    left = ~select(original.id).where(*same, *is_there).exists()
    mine = (Attachment.duplicate_of.is_not(None), Attachment.status.in_(LIVE), left, *conditions)
    rows = session.scalars(select(Attachment).where(*mine).execution_options(populate_existing=True)).all()
    for _, group in groupby(sorted(rows, key=_family), key=lambda row: _family(row)[:3]):
        first, *others = group
        _queue(session, [first])
        _queue(session, others, duplicate_of=first.file_id)


def _family(row: Attachment) -> tuple[str, int, str, float, str]:
    return row.vector_store_id, row.edition, row.duplicate_of or "", row.created_at, row.id


def _queue(session: Session, rows: Collection[Attachment], duplicate_of: str | None = None) -> None:
    # Conditional: what was removed meanwhile stays so.
    still = (Attachment.id.in_([row.id for row in rows]), Attachment.status.in_(LIVE), Attachment.duplicate_of.is_not(None))
    if rows:
        queued = update(Attachment).where(*still).values(**QUEUED, duplicate_of=duplicate_of)
        session.execute(queued.execution_options(synchronize_session=False))


def _following(original: Attachment) -> tuple[ColumnElement[bool], ...]:
    place = (Attachment.vector_store_id == original.vector_store_id, Attachment.edition == original.edition)
    return *place, Attachment.duplicate_of == original.file_id, Attachment.status.in_(LIVE)
