"""How long indexing a file took: measured by a clock that the test holds, stored with the file, and summed up for its store."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI
from sqlalchemy import event

from services.retrieval.catalog.records import Attachment
from services.retrieval.ingestion.index_file import IngestDependencies, index_file
from services.retrieval.ingestion.lease import Lease, claim_lease
from services.retrieval.ingestion.pipeline import Check
from services.retrieval.ingestion.worker import IngestWorker
from services.retrieval.parse import Document
from services.retrieval.parse.read import read_document
from tests.fake_index import INDEX_DOWN
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.ingestion.interruption import LONG_TEXT

pytestmark = pytest.mark.usefixtures("one_batch_at_a_time")
PARSING, BATCH, PAUSE = 5.0, 2.0, 1000.0


@dataclass
class Clock:
    """A clock that stands still unless a test moves it."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now

    def move(self, seconds: float) -> None:
        """Let this much time pass."""
        self.now += seconds


@pytest.fixture
def clock(harness: RetrievalHarness) -> Clock:
    """A clock on which each batch takes its time to embed."""
    clock = Clock()
    harness.embedder.before_batch = lambda: clock.move(BATCH)
    return clock


def timed(harness: RetrievalHarness, clock: Clock) -> IngestDependencies:
    """Return dependencies with this clock, on which parsing takes its time."""

    def parse(path: Path, filename: str, check: Check = lambda: None) -> Document:
        clock.move(PARSING)
        return read_document(path, filename)

    return replace(harness.ingest_dependencies(parse), clock=clock)


def work(harness: RetrievalHarness, clock: Clock) -> None:
    worker = IngestWorker(timed(harness, clock), "me")
    while worker.work_once():
        pass


def make_due(harness: RetrievalHarness) -> None:
    with harness.database.session() as session:
        session.query(Attachment).update({"not_before": None})


def claim(harness: RetrievalHarness) -> Lease:
    lease = claim_lease(harness.database, "me")
    assert lease is not None
    return lease


def upload(client: OpenAI, name: str, text: str = "The seal is turquoise.") -> str:
    return client.files.create(file=(name, text.encode()), purpose="assistants").id


def look(client: OpenAI, file_id: str) -> float | None:
    return _read(client.vector_stores.files.retrieve(file_id, vector_store_id="vs_1"))


def look_at_store(client: OpenAI, store_id: str = "vs_1") -> float | None:
    return _read(client.vector_stores.retrieve(store_id))


def _read(resource: Any) -> float | None:
    seconds: float | None = resource.model_extra["indexing_seconds"]
    return seconds


def test_the_seconds_are_those_of_all_turns_without_the_time_between_them(harness: RetrievalHarness, clock: Clock) -> None:
    file_id = harness.attach(LONG_TEXT)
    pauses = 0
    for _ in index_file(claim(harness), timed(harness, clock), lambda: False):
        clock.move(PAUSE)
        pauses += 1
    done = harness.attachment(file_id)
    assert done.status == "completed" and pauses >= 2
    assert done.indexing_seconds == PARSING + BATCH * (pauses + 1)
    assert clock.now == done.indexing_seconds + PAUSE * pauses


def test_files_that_take_turns_share_the_time_of_their_worker(harness: RetrievalHarness, clock: Clock) -> None:
    other = harness.add_store("vs_2")
    ids = harness.attach(LONG_TEXT), harness.attach(LONG_TEXT + " More.", store_id=other)
    work(harness, clock)
    seconds = [harness.attachment(ids[0]).indexing_seconds or 0, harness.attachment(ids[1], other).indexing_seconds or 0]
    assert sum(seconds) == clock.now
    assert min(seconds) > PARSING


def test_an_attempt_that_was_given_up_is_not_counted(harness: RetrievalHarness, clock: Clock) -> None:
    file_id = harness.attach("one two three")

    def fail() -> None:
        clock.move(PAUSE)
        harness.index.failure = INDEX_DOWN

    harness.embedder.before_batch = fail
    work(harness, clock)
    assert harness.attachment(file_id).status == "in_progress" and harness.attachment(file_id).indexing_seconds is None
    harness.index.failure = None
    harness.embedder.before_batch = lambda: clock.move(BATCH)
    make_due(harness)
    work(harness, clock)
    assert harness.attachment(file_id).indexing_seconds == PARSING + BATCH


def test_a_file_and_its_store_show_the_seconds(harness: RetrievalHarness, client: OpenAI, clock: Clock) -> None:
    assert look_at_store(client) == 0
    ids = [harness.attach("one two three"), harness.attach(b"MZ", "a.exe")]
    assert [look(client, id) for id in ids] == [None, None]
    work(harness, clock)
    # A file that failed has no seconds, and the store has the others.
    assert [look(client, id) for id in ids] == [PARSING + BATCH, None]
    assert look_at_store(client) == PARSING + BATCH
    waiting = harness.attach("four five six")
    assert look_at_store(client) == PARSING + BATCH
    work(harness, clock)
    assert look_at_store(client) == 2 * (PARSING + BATCH)
    client.vector_stores.files.delete(waiting, vector_store_id="vs_1")
    assert look_at_store(client) == PARSING + BATCH


def test_the_seconds_of_a_store_are_unknown_if_those_of_an_indexed_file_are(
    harness: RetrievalHarness, client: OpenAI, clock: Clock
) -> None:
    old, new = harness.attach("one two three"), harness.attach("four five six")
    harness.add_store("vs_2")
    harness.attach("seven", store_id="vs_2")
    work(harness, clock)
    with harness.database.session() as session:
        session.get_one(Attachment, harness.attachment(old).id).indexing_seconds = None  # as before it was measured
    assert (look(client, old), look(client, new)) == (None, PARSING + BATCH)
    assert look_at_store(client) is None
    assert {store.id: _read(store) for store in client.vector_stores.list()} == {"vs_1": None, "vs_2": PARSING + BATCH}


@pytest.mark.parametrize("attached", ["before the original was indexed", "after it"])
def test_a_duplicate_costs_nothing_and_takes_over_the_seconds_with_the_chunks(
    harness: RetrievalHarness, client: OpenAI, clock: Clock, attached: str
) -> None:
    def attach(name: str) -> str:
        file_id = upload(client, name)
        client.vector_stores.files.create("vs_1", file_id=file_id)
        return file_id

    original = attach("a.txt")
    if attached == "after it":
        work(harness, clock)
    copy = attach("b.txt")
    work(harness, clock)
    assert (look(client, original), look(client, copy)) == (PARSING + BATCH, 0)
    assert look_at_store(client) == PARSING + BATCH
    client.vector_stores.files.delete(original, vector_store_id="vs_1")
    assert look(client, copy) == look_at_store(client) == PARSING + BATCH


def test_a_duplicate_that_is_indexed_on_its_own_has_seconds_of_its_own(harness: RetrievalHarness, client: OpenAI, clock: Clock) -> None:
    ids = [upload(client, "a.txt"), upload(client, "b.txt")]
    for id in ids:
        client.vector_stores.files.create("vs_1", file_id=id)
    work(harness, clock)
    client.vector_stores.files.update(ids[1], vector_store_id="vs_1", attributes={"kind": "copy"})
    assert look(client, ids[1]) is None
    work(harness, clock)
    # Its text is read again; the vectors are those of the original.
    assert [look(client, id) for id in ids] == [PARSING + BATCH, PARSING]


def test_a_reembedding_has_seconds_of_its_own_and_going_back_restores_the_old_ones(
    harness: RetrievalHarness, client: OpenAI, clock: Clock
) -> None:
    file_id = harness.attach("one two three")
    work(harness, clock)
    path = "/vector_stores/vs_1/reembed"
    started: Any = client.post(path, body={"embedding_model": "letters"}, cast_to=object)
    assert look_at_store(client) == PARSING + BATCH
    work(harness, clock)
    assert harness.store().embedding_model == "letters"
    # The other embedder takes no time on this clock.
    assert look(client, file_id) == look_at_store(client) == PARSING
    client.post(f"/vector_stores/vs_1/reembeddings/{started['id']}/rollback", cast_to=object)
    assert look(client, file_id) == look_at_store(client) == PARSING + BATCH


def test_a_store_of_many_files_is_summed_up_in_one_statement(harness: RetrievalHarness, client: OpenAI) -> None:
    with harness.database.session() as session:
        fields = {"vector_store_id": "vs_1", "space": "words", "chunking": {}, "status": "completed", "indexing_seconds": 0.0005}
        session.add_all(Attachment(id=f"vsf_{number}", file_id=f"file-{number}", **fields) for number in range(1000))
    statements: list[str] = []

    def record(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(harness.database.engine, "before_cursor_execute", record)
    assert look_at_store(client) == 0.5
    assert sum("indexing_seconds" in statement for statement in statements) == 1
