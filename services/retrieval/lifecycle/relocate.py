"""Moves an installation: copies all records and points to another database and another index, and verifies the copy.

    check that the target has no records ──▶ copy points ──▶ compare counts and sample searches ──▶ copy records in one transaction

Points come first and records last, so nobody sees a copy that was interrupted, and it can be started again: points keep their ids,
so copying them again replaces them. The source is only read, and must not change in the meantime. The bytes of files stay where they are.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from services.retrieval.catalog.records import TABLES, Attachment, File, Store
from services.retrieval.catalog.records import tenant as tenant_of
from services.retrieval.index import Hit, Index, Point, Query
from services.retrieval.index.points import ATTACHMENT, TENANT
from shared.errors import Conflict, TandemError
from shared.records.database import Database, Record
from shared.records.projects import ApiKey, Project

RECORDS: tuple[type[Record], ...] = (Project, ApiKey, *TABLES)
SHARED = (Project, ApiKey)  # every service that starts on the database creates them, so they may exist already
BATCH_SIZE = 500
SAMPLES = 20
MAX_VECTOR_HITS = 10
MAX_KEYWORD_HITS = 1000
TOLERANCE = 0.01

ReportProgress = Callable[[float, str], None]
"""Called with the share that is done, in 0-1, and what is being done."""


@dataclass(frozen=True)
class Installation:
    """A database with the newest schema, and its index."""

    database: Database
    index: Index


@dataclass(frozen=True)
class RelocationResult:
    """How many rows of each table and how many points were copied, and how many searches were compared."""

    rows: dict[str, int]
    points: int
    searches: int


def relocate(source: Installation, target: Installation, report: ReportProgress) -> RelocationResult:
    """Copy everything from `source` to `target` and compare both.

    Raises:
        Conflict: if the target already has files or vector stores.
        TandemError: if the copy differs from the source.
        Unavailable, StorageFull: if a database or an index is down or full; call again.
    """
    _require_empty(target.database)
    tenants = _find_tenants(source.database)
    points = _copy_points(source.index, target.index, tenants, report)
    report(0.9, "comparing")
    searches = _compare(source.index, target.index, tenants)
    report(0.95, "records")
    rows = _copy_records(source.database, target.database)
    report(1.0, "both sides are the same")
    return RelocationResult(rows, points, searches)


def _require_empty(database: Database) -> None:
    with database.session() as session:
        for record in (File, Store):
            if _count(session, record):
                raise Conflict(f"The target database already has {record.__tablename__}; use an empty database.")


def _find_tenants(database: Database) -> list[tuple[str, str]]:
    """Return the spaces and tenants that may have points."""
    with database.session() as session:
        rows = session.execute(select(Attachment.space, Attachment.vector_store_id, Attachment.edition).distinct())
        return sorted({(row.space, tenant_of(row.vector_store_id, row.edition)) for row in rows})


def _copy_points(source: Index, target: Index, tenants: Sequence[tuple[str, str]], report: ReportProgress) -> int:
    all_points = sum(source.count(space, {TENANT: tenant}) for space, tenant in tenants)
    done = 0
    for space, tenant in tenants:
        for points in source.scroll(space, {TENANT: tenant}):
            target.ensure_space(space, len(points[0].vector))
            target.upsert(space, points)
            done += len(points)
            report(0.9 * done / all_points, f"{done} of {all_points} chunks")
    target.optimize()
    return done


def _copy_records(source: Database, target: Database) -> dict[str, int]:
    rows: dict[str, int] = {}
    with source.session() as reading, target.session() as writing:
        for record in RECORDS:
            table: Any = record.__table__
            existing = _keys(writing, table) if record in SHARED else set()
            new = (row for row in _all_rows(reading, table) if tuple(row[key.name] for key in table.primary_key) not in existing)
            rows[table.name] = _insert(writing, table, new)
        # Within the transaction, so that a copy that lost a row is not kept.
        for record in TABLES:
            _require_equal(f"rows of {record.__tablename__}", *(_count(session, record) for session in (reading, writing)))
    return rows


def _count(session: Session, record: type[Record]) -> int:
    return session.scalar(select(func.count()).select_from(record)) or 0


def _all_rows(session: Session, table: Table) -> Iterator[dict[str, Any]]:
    for row in session.execute(select(table)).mappings():
        # A lease on a row does not apply to its copy.
        yield {**row, "lease_owner": None, "lease_expires_at": None} if "lease_owner" in row else dict(row)


def _keys(session: Session, table: Table) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in session.execute(select(*table.primary_key))}


def _insert(session: Session, table: Table, rows: Iterator[dict[str, Any]]) -> int:
    count = 0
    while batch := list(islice(rows, BATCH_SIZE)):
        session.execute(table.insert(), batch)
        count += len(batch)
    return count


def _compare(source: Index, target: Index, tenants: Sequence[tuple[str, str]]) -> int:
    """Compare counts, some points, and searches that should find these points; return how many searches were compared."""
    searches = 0
    for space, tenant in tenants:
        where = {TENANT: tenant}
        _require_equal(f"chunks of {tenant}", source.count(space, where), target.count(space, where))
        samples = (_sample(index, space, where, max(1, SAMPLES // len(tenants))) for index in (source, target))
        for original, copy in zip(*samples, strict=True):
            _compare_points(original, copy)
            _compare_searches(source, target, space, tenant, original)
            searches += 1
    return searches


def _sample(index: Index, space: str, where: dict[str, str], number: int) -> list[Point]:
    return next(index.scroll(space, where, number), [])


def _compare_searches(source: Index, target: Index, space: str, tenant: str, sample: Point) -> None:
    by_vector, by_keyword = Query(sample.vector, None), Query(None, sample.keywords)
    only = sample.fields[ATTACHMENT]
    _compare_vector_hits(*(index.search(space, tenant, by_vector, None, MAX_VECTOR_HITS)[0] for index in (source, target)))
    _compare_keyword_hits(
        *(index.search(space, tenant, by_keyword, None, MAX_KEYWORD_HITS, attachment_id=only)[1] for index in (source, target))
    )


def _compare_points(original: Point, copy: Point) -> None:
    has_same_terms = set(original.keywords.indices) == set(copy.keywords.indices)
    is_same = (original.id, original.fields) == (copy.id, copy.fields)
    if not is_same or not has_same_terms or not _are_close(original.vector, copy.vector):
        raise TandemError(f"The chunk {original.id} differs between source and target; the copy cannot be used.")


def _are_close(original: Sequence[float], copy: Sequence[float]) -> bool:
    return len(original) == len(copy) and max(abs(a - b) for a, b in zip(original, copy, strict=True)) < TOLERANCE


def _compare_vector_hits(source: list[Hit], target: list[Hit]) -> None:
    """Compare cosines rank by rank: of hits with equal scores, either may come first."""
    _require_equal("vector hits", len(source), len(target))
    for one, other in zip(source, target, strict=True):
        if abs(one.score - other.score) > TOLERANCE:
            raise TandemError(
                f"A search scores {one.score:.4f} in the source and {other.score:.4f} in the target; the copy cannot be used."
            )


def _compare_keyword_hits(source: list[Hit], target: list[Hit]) -> None:
    """Compare which chunks of one file have a term of the sample, unless there are more than were requested.

    Neither scores nor ranks are compared: they depend on how rare a term is in the whole index, and a server may hold more than this.
    """
    _require_equal("keyword hits", len(source), len(target))
    if len(source) < MAX_KEYWORD_HITS and {hit.id for hit in source} != {hit.id for hit in target}:
        raise TandemError("A keyword search finds different chunks in the target; the copy cannot be used.")


def _require_equal(what: str, source: int | None, target: int | None) -> None:
    if source != target:
        raise TandemError(f"The source has {source} {what}, the target {target}; the copy cannot be used.")
