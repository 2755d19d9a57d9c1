"""Large rows are read a few at a time, and a single one however large it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from shared.contracts.paging import PageRequest, Slice
from shared.records import MIGRATIONS, large_rows
from shared.records.database import Database
from shared.records.large_rows import count_bytes, read_fitting, split_by_size
from shared.records.pages import Listing, fetch_page
from shared.records.responses import StoredResponse
from tests.migrated import open_migrated

SIZE = count_bytes(StoredResponse.input, StoredResponse.body, StoredResponse.request)
TEXTS = (10, 10, 5000, 10, 950, 10)


@pytest.fixture(autouse=True)
def small_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_rows, "MAX_BYTES", 1000)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_migrated(tmp_path / "jobs.db", MIGRATIONS)
    with database.session() as session:
        for number, size in enumerate(TEXTS):
            row: dict[str, Any] = {"id": f"{number}", "project_id": "default", "created_at": 1, "input": [], "body": {"é": "x" * size}}
            session.add(StoredResponse(**row))
    yield database
    database.close()


def test_the_bytes_of_a_row_are_those_of_its_stored_json(database: Database) -> None:
    with database.session() as session:
        assert session.scalars(select(SIZE).where(StoredResponse.id == "0")).one() == len('[]{"\\u00e9": "0123456789"}')


def test_rows_are_read_together_until_they_are_large(database: Database) -> None:
    rows, read = select(StoredResponse.id).order_by(StoredResponse.id), list[list[str]]()
    with database.session() as session:
        while found := read_fitting(session, rows.where(StoredResponse.id > (read[-1][-1] if read else "")), SIZE, 2):
            read.append([row.id for row in found])
    assert read == [["0", "1"], ["2"], ["3", "4"], ["5"]]


def test_ids_are_split_by_the_size_of_their_rows() -> None:
    sizes = {"a": 1000, "b": 1, "c": 998, "d": 5000, "e": 400}
    assert list(split_by_size("abcdefg", sizes)) == ["a", "bc", "d", "efg"]
    assert list(split_by_size([], sizes)) == []


def fetch(database: Database, page: PageRequest) -> Slice[StoredResponse]:
    with database.session() as session:
        return fetch_page(session, Listing(select(StoredResponse), StoredResponse.id, (StoredResponse.id,), SIZE), page)


@pytest.mark.parametrize(
    ("page", "ids", "has_more"),
    [
        (PageRequest(20, "asc"), "01", True),
        (PageRequest(1, "asc"), "0", True),
        (PageRequest(20, "asc", after="1"), "2", True),
        (PageRequest(20, "asc", after="2"), "34", True),
        (PageRequest(20, "asc", after="4"), "5", False),
        (PageRequest(20, "asc", after="5"), "", False),
        (PageRequest(20, "asc", before="5"), "34", True),
        (PageRequest(20, "desc"), "54", True),
        (PageRequest(20, "desc", before="3"), "54", False),
    ],
)
def test_a_page_ends_before_it_has_too_many_bytes(database: Database, page: PageRequest, ids: str, has_more: bool) -> None:
    shown = fetch(database, page)
    assert ("".join(row.id for row in shown.rows), shown.has_more) == (ids, has_more)
