"""With much to index in one store, a small file of another store is searchable soon: counted in work done before it, not in seconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openai import OpenAI
from sqlalchemy import func, select

from services.retrieval.catalog.records import Attachment, File, Store
from services.retrieval.chunk import AUTO
from services.retrieval.embedding.spaces import model_name, space_name
from services.retrieval.ingestion.pipeline import BATCH_SIZE, PREFETCH
from services.retrieval.wiring import MIGRATIONS
from shared.records.database import Database, migrate
from shared.records.projects import Project
from tests.integration.retrieval_service import READY_SECONDS, Process, model_folder
from tests.serving import wait_until

THREADS = 4  # the default
WORDS = "Note {number} of {name}: the sensor was read, its value lay between the marks, and nobody wrote more about that day. "


def queue_files(folder: Path, contents: list[str]) -> Database:
    """Write the records and the bytes of files that wait in the store `vs_busy`; return the database."""
    database = Database(f"sqlite:///{folder / 'retrieval.db'}")
    migrate(database, MIGRATIONS)
    space = space_name(model_folder())
    (folder / "files").mkdir()
    with database.session() as session:
        session.merge(Project(id="default", created_at=1))
        session.flush()
        session.add(Store(id="vs_busy", project_id="default", name="", embedding_model=model_name(model_folder()), space=space))
        for number, text in enumerate(contents):
            id = f"file-{number}"
            (folder / "files" / id).write_text(text)
            session.add(File(id=id, project_id="default", filename=f"{number}.txt", purpose="assistants", bytes=len(text), sha256=id))
            keys = {"id": f"vsf_{number}", "vector_store_id": "vs_busy", "file_id": id, "space": space, "sha256": id}
            session.add(Attachment(**keys, chunking=AUTO.model_dump(), created_at=float(number)))
    return database


def chunks_done(database: Database) -> int:
    with database.session() as session:
        return session.scalar(select(func.sum(Attachment.chunks_done)).where(Attachment.vector_store_id == "vs_busy")) or 0


@contextmanager
def running(folder: Path) -> Iterator[OpenAI]:
    service = Process(folder)
    try:
        service.wait_until_ready()
        with OpenAI(base_url=f"{service.url}/v1", api_key="none", max_retries=0) as client:
            yield client
    finally:
        service.popen.terminate()
        service.popen.wait(30)


def chunks_before_a_small_file(folder: Path, contents: list[str]) -> int:
    """Return how many chunks of the busy store were indexed between attaching a small file to another store and finding it."""
    database = queue_files(folder, contents)
    with running(folder) as client:
        wait_until(lambda: chunks_done(database) > 0, READY_SECONDS)
        small = client.files.create(file=("small.txt", b"The seal of the pump is turquoise."), purpose="assistants").id
        before = chunks_done(database)
        store = client.vector_stores.create(file_ids=[small]).id
        wait_until(lambda: bool(client.vector_stores.search(store, query="seal").data), READY_SECONDS)
        after = chunks_done(database)
        assert client.vector_stores.retrieve("vs_busy").file_counts.in_progress > 0
    database.close()
    return after - before


def test_a_small_file_does_not_wait_for_five_thousand_files_of_another_store(tmp_path: Path) -> None:
    contents = ["".join(WORDS.format(number=number, name=f"file {file}") for number in range(15)) for file in range(5000)]
    assert chunks_before_a_small_file(tmp_path, contents) <= 60


def test_a_small_file_does_not_wait_for_files_of_thousands_of_chunks(tmp_path: Path) -> None:
    contents = ["".join(WORDS.format(number=number, name=f"file {file}") for number in range(20_000)) for file in range(THREADS)]
    assert chunks_before_a_small_file(tmp_path, contents) <= THREADS * (PREFETCH + 1) * BATCH_SIZE
