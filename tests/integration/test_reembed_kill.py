"""The service killed while a store moves to another embedder, in process and over PostgreSQL and a Qdrant server.

In the middle of a file; then on PostgreSQL in the very transaction that switches the store, which can be held up there, on SQLite right
after it.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI
from sqlalchemy import select, update

from services.retrieval.catalog.records import Attachment, Reembedding, Store, tenant
from services.retrieval.index import Index
from services.retrieval.index.edge import EdgeIndex
from services.retrieval.index.points import ATTACHMENT, TENANT
from services.retrieval.index.server import ServerIndex
from shared.records.database import Database
from tests.integration.qdrant import QdrantServer
from tests.integration.retrieval_service import READY_SECONDS, Process
from tests.integration.tiny_models import make_embedder
from tests.serving import wait_until

CHUNKING = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0}}
NOTE = "Note {number} of {name}: the sensor was read, its value lay between the marks, and nobody wrote more about that day.\n\n"
# Notes in each file, in the order in which they are indexed: long enough to be met in the middle, with others before and after it.
FILES = {"north": 40, "south": 1000, "east": 40}
EVERYTHING = {f"{name}.txt" for name in FILES}


class Service:
    """The service on its places, started, killed and started again."""

    def __init__(self, folder: Path, variables: dict[str, str]) -> None:
        self._folder, self._variables = folder, variables
        self.database = Database(variables.get("RETRIEVAL_DATABASE_URL", f"sqlite:///{folder / 'retrieval.db'}"))

    def start(self) -> None:
        self._process = Process(self._folder, self._variables)
        self.client = OpenAI(base_url=f"{self._process.url}/v1", api_key="none", max_retries=0)
        self._process.wait_until_ready()

    def signal(self, number: int) -> None:
        os.kill(self._process.popen.pid, number)

    def kill(self) -> None:
        """Kill it, and let its leases expire."""
        self.signal(signal.SIGKILL)
        self.close()
        with self.database.session() as session:
            session.execute(update(Attachment).where(Attachment.lease_owner.is_not(None)).values(lease_expires_at=0.0))

    def close(self) -> None:
        self.client.close()
        self._process.popen.terminate()
        self._process.popen.wait(30)

    @property
    def is_on_servers(self) -> bool:
        return self.database.url.get_backend_name() == "postgresql"

    def rows(self) -> list[Attachment]:
        """All attachments, also those that are being removed."""
        with self.database.session() as session:
            return list(session.scalars(select(Attachment)))

    def moved(self) -> list[Attachment]:
        """What the first re-embedding has made so far."""
        return [row for row in self.rows() if row.edition == 1]

    def edition(self) -> int:
        with self.database.session() as session:
            return session.scalars(select(Store.edition)).one()

    @contextmanager
    def index(self) -> Iterator[Index]:
        """The index, once the service is closed."""
        url, key = (self._variables.get(f"RETRIEVAL_QDRANT_{name}") for name in ("URL", "API_KEY"))
        index: Any = ServerIndex(url, key) if url else EdgeIndex(self._folder / "index")
        with closing(index):
            yield index


@pytest.fixture(params=["in-process", "servers"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    variables = {"RETRIEVAL_EMBEDDING_MODELS": f"tiny={make_embedder(tmp_path)}", "RETRIEVAL_INGEST_THREADS": "1"}
    if request.param == "servers":
        server: QdrantServer = request.getfixturevalue("qdrant_server")
        variables |= {"RETRIEVAL_DATABASE_URL": request.getfixturevalue("postgres_url")}
        variables |= {"RETRIEVAL_QDRANT_URL": server.url, "RETRIEVAL_QDRANT_API_KEY": server.key}
    service = Service(tmp_path, variables)
    service.start()
    try:
        yield service
    finally:
        service.close()
        service.database.close()


def fill(client: OpenAI) -> str:
    """Return the id of a store whose files are indexed by the small embedder."""
    store = client.vector_stores.create(extra_body={"embedding_model": "tiny"}).id
    contents = {name: "".join(NOTE.format(number=each, name=name) for each in range(number)) for name, number in FILES.items()}
    ids = [client.files.create(file=(f"{name}.txt", text.encode()), purpose="assistants").id for name, text in contents.items()]
    client.vector_stores.file_batches.create(store, file_ids=ids, chunking_strategy=CHUNKING)  # type: ignore[arg-type]
    wait_until(lambda: client.vector_stores.retrieve(store).status == "completed", READY_SECONDS)
    return store


def move(client: OpenAI, store: str) -> str:
    """Begin to move the store to the other embedder; return the path of the re-embedding."""
    body = {"embedding_model": "all-MiniLM-L6-v2", "chunking_strategy": CHUNKING}
    moved: Any = client.post(f"/vector_stores/{store}/reembed", body=body, cast_to=object)
    return f"/vector_stores/{store}/reembeddings/{moved['id']}"


def read_status(client: OpenAI, path: str) -> str:
    moved: Any = client.get(path, cast_to=object)
    return str(moved["status"])


def found(client: OpenAI, store: str) -> set[str]:
    return {hit.filename for name in FILES for hit in client.vector_stores.search(store, query=f"note of {name}", max_num_results=50)}


def is_killed_halfway(service: Service) -> bool:
    """Kill the service if one file is embedded again and another partly; the process is paused during the check."""
    if not is_halfway(service):
        return False
    service.signal(signal.SIGSTOP)
    if is_there := is_halfway(service):
        service.kill()
    else:
        service.signal(signal.SIGCONT)
    return is_there


def is_halfway(service: Service) -> bool:
    """Return whether one file is completely embedded again, and another partly."""
    rows = service.moved()
    return "completed" in {row.status for row in rows} and any(row.status == "in_progress" and row.chunks_done > 0 for row in rows)


def kill_where_it_switches(service: Service) -> None:
    """On PostgreSQL hold the row that the switch writes last, wait until every file is done, and kill; else kill right after it."""
    if not service.is_on_servers:
        wait_until(lambda: service.edition() == 1, READY_SECONDS)
        service.kill()
        return
    with service.database.session() as session:
        session.execute(select(Reembedding).with_for_update())
        wait_until(lambda: {row.status for row in service.moved()} == {"completed"}, READY_SECONDS)
        service.kill()
    assert service.edition() == 0


@pytest.mark.timeout(400)
def test_a_store_that_moves_survives_kills_and_keeps_answering(service: Service) -> None:
    store = fill(service.client)
    assert found(service.client, store) == EVERYTHING
    path = move(service.client, store)
    wait_until(lambda: is_killed_halfway(service), READY_SECONDS)

    service.start()
    assert found(service.client, store) == EVERYTHING
    kill_where_it_switches(service)

    service.start()
    assert found(service.client, store) == EVERYTHING
    wait_until(lambda: read_status(service.client, path) == "completed", READY_SECONDS)
    assert service.edition() == 1 and found(service.client, store) == EVERYTHING

    service.client.post(f"{path}/rollback", cast_to=object)
    assert service.edition() == 0 and found(service.client, store) == EVERYTHING
    again = move(service.client, store)
    wait_until(lambda: read_status(service.client, again) == "completed", READY_SECONDS)
    service.client.post(f"{again}/confirm", cast_to=object)
    assert service.edition() == 2 and found(service.client, store) == EVERYTHING
    wait_until(lambda: len(service.rows()) == len(FILES), READY_SECONDS)
    service.close()
    assert_index_has_exactly(service, store)


def assert_index_has_exactly(service: Service, store: str) -> None:
    """Compare the points of every edition the store ever had with the records, of which only those of the last one are left."""
    rows = service.rows()
    assert {(row.status, row.edition) for row in rows} == {("completed", 2)}
    [space] = {row.space for row in rows}
    with service.index() as index, service.database.session() as session:
        [spaces] = {(move.space, move.from_space) for move in session.scalars(select(Reembedding))}
        assert all(index.count(space, {ATTACHMENT: row.id}) == row.chunk_count > 0 for row in rows)
        assert index.count(space, {TENANT: tenant(store, 2)}) == sum(row.chunk_count for row in rows)
        assert [index.count(each, {TENANT: tenant(store, edition)}) for each in spaces for edition in (0, 1)] == [0] * 4
