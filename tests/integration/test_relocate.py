"""Moving up from one machine to a real PostgreSQL and a real Qdrant server."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from deploy.local import migrate as command
from services.retrieval.catalog import reembeddings
from services.retrieval.catalog.records import Store
from services.retrieval.index import Index, Point, SparseVector
from services.retrieval.index.bm25 import Bm25
from services.retrieval.index.edge import EdgeIndex
from services.retrieval.index.points import TENANT
from services.retrieval.index.server import ServerIndex
from services.retrieval.lifecycle.relocate import Installation, relocate
from services.retrieval.search.search import Searcher
from services.retrieval.wiring import MIGRATIONS
from shared.contracts.search import SearchRequest
from shared.errors import Conflict, TandemError
from shared.ids import new_id
from shared.records.database import Database, migrate
from shared.web.auth import open_authenticator
from tests.fake_embedder import WordEmbedder
from tests.integration.qdrant import QdrantServer
from tests.retrieval_harness import RetrievalHarness


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[RetrievalHarness]:
    # Tests share the Qdrant server, and scores count the documents of a whole space, so each test has a space of its own.
    embedder = WordEmbedder()
    embedder.space = new_id("words-")
    opened = RetrievalHarness(tmp_path, index=EdgeIndex(tmp_path / "index"), embedder=embedder, bm25=Bm25())
    for number in range(30):
        opened.attach(f"Pump number {number} has a turquoise seal and stands in hall {number % 7}.")
    opened.attach(b"", "empty.txt")
    opened.work()
    yield opened
    opened.close()


@pytest.fixture
def server(qdrant_server: QdrantServer) -> Iterator[ServerIndex]:
    index = ServerIndex(qdrant_server.url, qdrant_server.key)
    yield index
    index.close()


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    opened = Database(postgres_url)
    migrate(opened, MIGRATIONS)
    open_authenticator(opened, {}, None)
    yield opened
    opened.close()


def test_everything_is_found_again_after_moving_up(harness: RetrievalHarness, server: ServerIndex, database: Database) -> None:
    shares: list[float] = []
    copied = relocate(Installation(harness.database, harness.index), Installation(database, server), lambda share, _: shares.append(share))
    assert (copied.points, copied.rows["vector_store_files"], copied.rows["projects"]) == (30, 31, 0)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    there = Searcher(harness.embedders, harness.bm25, server, database)
    for query in ("turquoise seal in hall 3", "pump number 12"):
        request = SearchRequest(query=query)
        here = {hit.file.file_id: hit.score for hit in harness.search(query)}
        moved = {hit.file.file_id: hit.score for hit in there.search("default", ["vs_1"], request).hits}
        assert moved == pytest.approx(here, abs=0.01)
    with database.session() as session:
        assert reembeddings.find_in_progress_ids(session) == []


def test_a_target_in_use_is_refused(harness: RetrievalHarness, server: ServerIndex, database: Database) -> None:
    source, target = Installation(harness.database, harness.index), Installation(database, server)
    relocate(source, target, lambda *_: None)
    with pytest.raises(Conflict, match="already"):
        relocate(source, target, lambda *_: None)


def test_chunks_that_are_alike_or_no_best_match_of_themselves_are_moved_up(
    harness: RetrievalHarness, server: ServerIndex, database: Database
) -> None:
    harness.attach("This page is left blank. Please turn over.\n\n" * 200, "blank.txt")
    harness.attach("\n\n".join(f"# Pump {number}\n\nA pump, pump, pump of hall {number}." for number in range(60)), "pumps.md")
    harness.work()
    copied = relocate(Installation(harness.database, harness.index), Installation(database, server), lambda *_: None)
    assert copied.points == harness.index.count(harness.embedder.space, {TENANT: "vs_1"}) > 50


class Changing:
    """An index that stores something else than it receives."""

    def __init__(self, index: Index, change: Callable[[Point], Point]) -> None:
        self._index = index
        self._change = change

    def upsert(self, space: str, points: list[Point]) -> None:
        self._index.upsert(space, [self._change(point) for point in points])

    def __getattr__(self, name: str) -> object:
        return getattr(self._index, name)


@pytest.mark.parametrize(
    "change",
    [
        lambda point: replace(point, vector=point.vector[::-1]),
        lambda point: replace(point, keywords=SparseVector([1], [1.0])),
        lambda point: replace(point, fields={**point.fields, "text": "other"}),
    ],
    ids=["vector", "keywords", "text"],
)
def test_a_copy_whose_points_differ_is_reported(
    harness: RetrievalHarness, server: ServerIndex, database: Database, change: Callable[[Point], Point]
) -> None:
    changing: Index = Changing(server, change)  # type: ignore[assignment]
    with pytest.raises(TandemError, match="differs between source and target"):
        relocate(Installation(harness.database, harness.index), Installation(database, changing), lambda *_: None)


class Losing:
    """An index that loses a point."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def upsert(self, space: str, points: list[Point]) -> None:
        self._index.upsert(space, points[1:])

    def __getattr__(self, name: str) -> object:
        return getattr(self._index, name)


def test_a_copy_that_lost_something_is_reported(harness: RetrievalHarness, server: ServerIndex, database: Database) -> None:
    losing: Index = Losing(server)  # type: ignore[assignment]
    with pytest.raises(TandemError, match="has 30 chunks of vs_1, the target 29"):
        relocate(Installation(harness.database, harness.index), Installation(database, losing), lambda *_: None)


@pytest.mark.parametrize(
    ("database", "qdrant", "problem"),
    [
        ("", "http://127.0.0.1:1", "DATABASE must be"),
        ("postgresql+psycopg://h/n", "", "QDRANT must be"),
        ("postgresql+psycopg://h/n", "http://h", "nothing to copy"),
    ],
)
def test_source_and_target_are_checked_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database: str, qdrant: str, problem: str
) -> None:
    monkeypatch.setenv("TANDEM_DATA", str(tmp_path / "nowhere"))
    assert command.main(["--database", database, "--qdrant", qdrant]) == 2
    assert problem in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()


def test_the_command_reports_what_it_copied_and_refuses_a_running_service(
    harness: RetrievalHarness,
    qdrant_server: QdrantServer,
    server: ServerIndex,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with harness.database.session() as session:
        session.execute(update(Store).values(name="pumps"))
    monkeypatch.setenv("TANDEM_DATA", str(harness.path))
    monkeypatch.setenv("RETRIEVAL_QDRANT_API_KEY", qdrant_server.key)
    arguments = ["--database", postgres_url, "--qdrant", qdrant_server.url]
    assert command.main(arguments) == 1
    assert "in use by another process" in capsys.readouterr().err
    harness.index.close()
    assert command.main(arguments) == 0
    assert "30 chunks" in capsys.readouterr().out
