"""Moving up: copies the records and points of one retrieval service to another database and another index, and proves it.

    check that the target has no records ──▶ points ──▶ counts and sample searches on both sides ──▶ records, in one transaction

Points come first and records last, so a copy that broke off is nobody's to see and can be made again; points are copied under their own
ids, so that making it again replaces them. The source is only read, and must not change meanwhile. Bytes of files stay where they are.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from services.retrieval.catalog.records import TABLES, Attachment, File, Store
from services.retrieval.index import Hit, Index, Point, Query
from services.retrieval.index.points import ATTACHMENT, TENANT
from shared.errors import Conflict, TandemError
from shared.records.database import Database, Record
from shared.records.projects import ApiKey, Project

RECORDS: tuple[type[Record], ...] = (Project, ApiKey, *TABLES)
SHARED = (Project, ApiKey)  # made by every service that starts on the database, so they may be there
PORTION = 500
SAMPLES = 20
DEPTH = 10
MATCHING = 1000
TOLERANCE = 0.01

Lists = tuple[list[Hit], list[Hit]]
Report = Callable[[float, str], None]


@dataclass(frozen=True)
class Place:
    """A database at the newest schema, and the index beside it."""

    database: Database
    index: Index


@dataclass(frozen=True)
class Copied:
    """What was copied, and found again."""

    rows: dict[str, int]
    points: int
    searches: int


def relocate(source: Place, target: Place, report: Report) -> Copied:
    """Copy everything from `source` to `target` and compare both; `report` is told the share done and what is going on.

    Raises:
        Conflict: the target has files or vector stores already.
        TandemError: the copy differs from the source.
        Unavailable, StorageFull: a neighbour is gone or full; call again.
    """
    _check_empty(target.database)
    tenants = _tenants(source.database)
    points = _copy_points(source.index, target.index, tenants, report)
    report(0.9, "comparing")
    searches = _compare(source.index, target.index, tenants)
    report(0.95, "records")
    rows = _copy_records(source.database, target.database)
    report(1.0, "the same on both sides")
    return Copied(rows, points, searches)


def _check_empty(database: Database) -> None:
    with database.session() as session:
        for record in (File, Store):
            if _count(session, record):
                raise Conflict(f"The target database has {record.__tablename__} already; give an empty one.")


def _tenants(database: Database) -> list[tuple[str, str]]:
    """Return the spaces and tenants that may have points."""
    with database.session() as session:
        rows = session.execute(select(Attachment.space, Attachment.vector_store_id, Attachment.edition).distinct())
        return sorted({(row.space, f"{row.vector_store_id}.{row.edition}" if row.edition else row.vector_store_id) for row in rows})


def _copy_points(source: Index, target: Index, tenants: Sequence[tuple[str, str]], report: Report) -> int:
    all_points = sum(source.count(space, {TENANT: tenant}) for space, tenant in tenants)
    done = 0
    for space, tenant in tenants:
        for points in source.scroll(space, {TENANT: tenant}):
            target.prepare(space, len(points[0].vector))
            target.upsert(space, points)
            done += len(points)
            report(0.9 * done / all_points, f"{done} of {all_points} chunks")
    target.settle()
    return done


def _copy_records(source: Database, target: Database) -> dict[str, int]:
    rows: dict[str, int] = {}
    with source.session() as reading, target.session() as writing:
        for record in RECORDS:
            table: Any = record.__table__
            there = _keys(writing, table) if record in SHARED else set()
            new = (row for row in _all_rows(reading, table) if tuple(row[key.name] for key in table.primary_key) not in there)
            rows[table.name] = _insert(writing, table, new)
        # Before the end of the transaction: a copy that lost a row is no copy.
        for record in TABLES:
            _same(f"rows of {record.__tablename__}", *(_count(session, record) for session in (reading, writing)))
    return rows


def _count(session: Session, record: type[Record]) -> int:
    return session.scalar(select(func.count()).select_from(record)) or 0


def _all_rows(session: Session, table: Table) -> Iterator[dict[str, Any]]:
    for row in session.execute(select(table)).mappings():
        # Whoever worked on a row does not work on its copy.
        yield {**row, "lease_owner": None, "lease_expires_at": None} if "lease_owner" in row else dict(row)


def _keys(session: Session, table: Table) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in session.execute(select(*table.primary_key))}


def _insert(session: Session, table: Table, rows: Iterator[dict[str, Any]]) -> int:
    number = 0
    while portion := list(islice(rows, PORTION)):
        session.execute(table.insert(), portion)
        number += len(portion)
    return number


def _compare(source: Index, target: Index, tenants: Sequence[tuple[str, str]]) -> int:
    """Compare counts, some points and sample searches for them; return how many were searched for on each side."""
    searches = 0
    for space, tenant in tenants:
        where = {TENANT: tenant}
        _same(f"chunks of {tenant}", source.count(space, where), target.count(space, where))
        samples = (_sample(index, space, where, max(1, SAMPLES // len(tenants))) for index in (source, target))
        for here, there in zip(*samples, strict=True):
            _same_point(here, there)
            _same_nearest(*(_search(index, space, tenant, Query(here.vector, None), DEPTH)[0] for index in (source, target)))
            asked, only = Query(None, here.keywords), here.fields[ATTACHMENT]
            _same_matching(*(_search(index, space, tenant, asked, MATCHING, only)[1] for index in (source, target)))
            searches += 1
    return searches


def _sample(index: Index, space: str, where: dict[str, str], number: int) -> list[Point]:
    return next(index.scroll(space, where, number), [])


def _search(index: Index, space: str, tenant: str, asked: Query, limit: int, only: str | None = None) -> Lists:
    return index.search(space, tenant, asked, None, limit, only=only)


def _same_point(here: Point, there: Point) -> None:
    near = len(here.vector) == len(there.vector) and max(abs(a - b) for a, b in zip(here.vector, there.vector, strict=True)) < TOLERANCE
    words = dict(zip(here.keywords.indices, here.keywords.values, strict=True))
    same_words = words.keys() == set(there.keywords.indices)
    if (here.id, here.fields) != (there.id, there.fields) or not near or not same_words:
        raise TandemError(f"The chunk {here.id} is another one there; the copy is not usable.")


def _same_nearest(here: list[Hit], there: list[Hit]) -> None:
    """Compare cosines rank by rank, for of equal ones either may come first."""
    _same("nearest hits", len(here), len(there))
    for left, right in zip(here, there, strict=True):
        if abs(left.score - right.score) > TOLERANCE:
            raise TandemError(f"A search finds {left.score:.4f} here and {right.score:.4f} there; the copy is not usable.")


def _same_matching(here: list[Hit], there: list[Hit]) -> None:
    """Compare which chunks of one file have words of the sample, where not more do than were asked for.

    Neither scores nor ranks: they hang on how rare a word is among everything an index holds, which on a server may be more than this.
    """
    _same("keyword hits", len(here), len(there))
    if len(here) < MATCHING and {hit.id for hit in here} != {hit.id for hit in there}:
        raise TandemError("A search by keywords finds other chunks there; the copy is not usable.")


def _same(what: str, here: int | None, there: int | None) -> None:
    if here != there:
        raise TandemError(f"There are {here} {what} here and {there} there; the copy is not usable.")
