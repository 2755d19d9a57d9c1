"""A desk of `stand_ins` over real servers: PostgreSQL instead of SQLite, a Qdrant server instead of the index in process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from services.retrieval.catalog.records import Store
from services.retrieval.index.server import ServerIndex
from services.retrieval.search.search import Searcher
from services.retrieval.wiring import MIGRATIONS
from shared.records.database import Database, migrate
from shared.web.auth import open_authenticator
from tests.integration.qdrant import QdrantServer
from tests.unit.retrieval.stand_ins import Office


@contextmanager
def office_over(path: Path, database_url: str | None = None, server: QdrantServer | None = None) -> Iterator[Office]:
    """Open an office over an empty database and a server, whose spaces `words` and `letters` are emptied; None: as it comes."""
    office = Office(path)
    if database_url is not None:
        _put_records(office, database_url)
    if server is not None:
        _put_index(office, ServerIndex(server.url, server.key))
    office.searcher = Searcher(office.embedders, office.bm25, office.index, office.database)
    yield office
    if server is not None:
        _empty(office)
    office.close()


def _put_records(office: Office, url: str) -> None:
    office.database.close()
    office.database = Database(url)
    migrate(office.database, MIGRATIONS)
    open_authenticator(office.database, {}, None)
    with office.database.session() as session:
        session.add(Store(id="vs_1", project_id="default", name="", embedding_model="words", space="words"))


def _put_index(office: Office, index: Any) -> None:
    office.index.close()
    office.index = index
    _empty(office)


def _empty(office: Office) -> None:
    for space in ("words", "letters"):
        office.index.delete(space, {})
