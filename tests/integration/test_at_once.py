"""Many callers at the same time, over SQLite and PostgreSQL: duplicates, replacements, deletions, cancellations, and a store that moves."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import openai
import pytest
from openai import OpenAI

from services.retrieval.catalog.records import Attachment, File
from services.retrieval.ingestion.worker_pool import WorkerPool
from services.retrieval.lifecycle.reembed import advance_reembeddings
from tests.integration.server_harness import server_harness
from tests.retrieval_harness import RetrievalHarness
from tests.serving import wait_until
from tests.unit.retrieval.sdk import open_sdk

THREADS = 8
ROUNDS = 6
T = TypeVar("T")


@pytest.fixture(params=["sqlite", "postgres"])
def harness(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RetrievalHarness]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    with server_harness(tmp_path, url) as opened:
        yield opened


@pytest.fixture
def client(harness: RetrievalHarness) -> Iterator[OpenAI]:
    with open_sdk(harness) as opened:
        yield opened


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Make all calls at the same moment, each in a thread of its own; return what they return, in their order."""
    ready = threading.Barrier(len(calls))

    def call(each: Callable[[], T]) -> T:
        ready.wait(10)
        return each()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(call, calls))


def upload(client: OpenAI, text: str, name: str = "a.txt") -> str:
    return client.files.create(file=(name, text.encode()), purpose="assistants").id


def attach(client: OpenAI, file_id: str, policy: str = "reuse") -> Any:
    return client.vector_stores.files.create("vs_1", file_id=file_id, extra_body={"on_duplicate": policy})


def ids_in(client: OpenAI) -> list[str]:
    return [file.id for file in client.vector_stores.files.list("vs_1", limit=100)]


def work(harness: RetrievalHarness, owner: str = "me") -> None:
    worker = harness.worker(owner)
    while worker.work_once():
        pass


def assert_whole(harness: RetrievalHarness) -> None:
    """Check that nothing waits, that nothing is left of deleted files, and that the index has exactly the chunks of the records."""
    with harness.database.session() as session:
        rows, files = session.query(Attachment).all(), {file.id for file in session.query(File)}
    assert {row.file_id for row in rows} <= files
    assert {row.status for row in rows} <= {"completed", "cancelled", "failed"}
    live = {(row.edition, row.file_id) for row in rows if row.status == "completed" and row.duplicate_of is None}
    assert all((row.edition, row.duplicate_of) in live for row in rows if row.duplicate_of)
    for space in ("words", "letters"):
        mine = [row for row in rows if row.space == space and row.status == "completed" and row.duplicate_of is None]
        assert harness.index.count(space, {}) == sum(row.chunk_count for row in mine)


def test_of_files_with_the_same_content_attached_together_one_is_embedded(harness: RetrievalHarness, client: OpenAI) -> None:
    for number in range(ROUNDS):
        ids = [upload(client, f"The seal of pump {number} is turquoise.", f"{name}.txt") for name in range(THREADS)]
        attached = at_once([partial(attach, client, file_id) for file_id in ids])
        originals = {each.id for each in attached if each.duplicate_of is None}
        assert len(originals) == 1 and {each.duplicate_of for each in attached} == {None, *originals}
    work(harness)
    assert len(harness.embedder.embedded) == ROUNDS
    assert client.vector_stores.retrieve("vs_1").file_counts.completed == ROUNDS * THREADS
    assert_whole(harness)


def test_simultaneous_batches_of_the_same_contents_are_embedded_once(harness: RetrievalHarness, client: OpenAI) -> None:
    batches = [[upload(client, f"The seal of pump {number} is turquoise.") for number in range(12)] for _ in range(THREADS)]
    orders = [batch[::-1] if turn % 2 else batch for turn, batch in enumerate(batches)]
    at_once([partial(client.vector_stores.file_batches.create, "vs_1", file_ids=ids) for ids in orders])
    work(harness)
    assert len(harness.embedder.embedded) == 12
    assert client.vector_stores.retrieve("vs_1").file_counts.completed == 12 * THREADS
    assert_whole(harness)


def test_of_versions_that_replace_each_other_at_the_same_time_one_is_left(harness: RetrievalHarness, client: OpenAI) -> None:
    for number in range(ROUNDS):
        ids = [upload(client, f"In version {number}.{each} the seal is turquoise.", "manual.txt") for each in range(THREADS)]
        at_once([partial(attach, client, file_id, "replace") for file_id in ids])
        at_once([partial(work, harness, f"worker {each}") for each in range(4)])
        [left] = ids_in(client)
        assert left in ids
    assert_whole(harness)


def test_files_with_the_same_content_are_each_indexed_with_keep_both(harness: RetrievalHarness, client: OpenAI) -> None:
    ids = [upload(client, "The seal is turquoise.") for _ in range(THREADS)]
    at_once([partial(attach, client, file_id, "keep_both") for file_id in ids])
    work(harness)
    assert harness.index.count("words", {}) == THREADS
    assert_whole(harness)


@pytest.mark.parametrize("wholly", [True, False], ids=["files", "files-in-the-store"])
def test_originals_and_duplicates_deleted_together_leave_no_chunks(harness: RetrievalHarness, client: OpenAI, wholly: bool) -> None:
    for number in range(ROUNDS):
        ids = [upload(client, f"The seal of pump {number} is turquoise.") for _ in range(THREADS)]
        for file_id in ids:
            attach(client, file_id)
        if number % 2:
            work(harness)
        going = ids[: number + 2]
        in_store = client.vector_stores.files
        delete: Any = client.files.delete if wholly else partial(in_store.delete, vector_store_id="vs_1")
        answers: list[Any] = at_once([partial(delete, file_id) for file_id in going])
        assert [answer.removed["files"] for answer in answers] == [1] * len(going)
        work(harness)
        assert set(ids_in(client)).isdisjoint(going) and set(ids[number + 2 :]) <= set(ids_in(client))
    assert_whole(harness)


def test_a_store_that_moves_back_and_forth_under_load_keeps_answering_and_ends_complete(harness: RetrievalHarness, client: OpenAI) -> None:
    kept = {upload(client, f"The seal of pump {number} is turquoise.") for number in range(4)}
    for file_id in kept:
        attach(client, file_id)
    work(harness)
    pool = WorkerPool(harness.ingest_dependencies(), "pool", 3)
    over, problems = threading.Event(), list[str]()
    threads = [
        threading.Thread(target=run, args=(over, problems)) for run in (searching(harness, kept), churning(client), churning(client))
    ]
    pool.start()
    for thread in threads:
        thread.start()
    try:
        for turn in range(ROUNDS):
            move_once(harness, client, "letters" if harness.store().space == "words" else "words", ("confirm", "rollback")[turn % 2])
    finally:
        over.set()
        for thread in threads:
            thread.join(60)
        pool.stop()
    assert problems == []
    work(harness)
    assert kept <= set(ids_in(client))
    assert_whole(harness)


def move_once(harness: RetrievalHarness, client: OpenAI, model: str, verb: str) -> None:
    moved: Any = client.post("/vector_stores/vs_1/reembed", body={"embedding_model": model}, cast_to=object)
    path = f"/vector_stores/vs_1/reembeddings/{moved['id']}"

    def has_switched() -> bool:
        advance_reembeddings(harness.database)
        return bool(read()["status"] == "completed")

    def read() -> Any:
        return client.get(path, cast_to=object)

    wait_until(has_switched, 60)
    client.post(f"{path}/{verb}", cast_to=object)


def searching(harness: RetrievalHarness, kept: set[str]) -> Callable[[threading.Event, list[str]], None]:
    def run(over: threading.Event, problems: list[str]) -> None:
        while not over.is_set():
            hits = harness.search("turquoise seal", max_num_results=50)
            found = {hit.file.file_id for hit in hits}
            if not kept <= found:
                problems.append(f"{len(kept - found)} of {len(kept)} were not found")

    return run


def outcome(call: Callable[[], Any]) -> int:
    """Return the status of a call."""
    try:
        call()
    except openai.APIStatusError as error:
        return error.status_code
    return 200


@pytest.mark.parametrize("kind", ["file", "file in a store", "store"])
def test_of_eight_deletions_one_succeeds(client: OpenAI, harness: RetrievalHarness, kind: str) -> None:
    for number in range(ROUNDS):
        store = harness.add_store(f"vs_{number + 10}")
        file_id = upload(client, f"The seal of pump {number} is turquoise.")
        client.vector_stores.files.create(store, file_id=file_id)
        work(harness)
        deletions: dict[str, Callable[[], Any]] = {
            "file": partial(client.files.delete, file_id),
            "file in a store": partial(client.vector_stores.files.delete, file_id, vector_store_id=store),
            "store": partial(client.vector_stores.delete, store),
        }
        statuses = at_once([partial(outcome, deletions[kind])] * THREADS)
        assert sorted(statuses) == [200, *[404] * (THREADS - 1)]
    assert harness.count_points() == 0


def test_a_store_that_is_updated_while_it_is_deleted_is_updated_or_not_found(client: OpenAI, harness: RetrievalHarness) -> None:
    for number in range(ROUNDS):
        store = harness.add_store(f"vs_{number + 10}")
        update = partial(outcome, partial(client.vector_stores.update, store, name="new"))
        *updates, deletion = at_once([*[update] * (THREADS - 1), partial(outcome, partial(client.vector_stores.delete, store))])
        assert deletion == 200
        assert set(updates) <= {200, 404}


def churning(client: OpenAI) -> Callable[[threading.Event, list[str]], None]:
    """Attach, cancel, attach again and delete files in a loop."""

    def run(over: threading.Event, problems: list[str]) -> None:
        turn = 0
        while not over.is_set():
            turn += 1
            try:
                churn(client, turn)
            except openai.APIStatusError as error:
                problems.append(f"{error.status_code}: {error.message}")

    return run


def churn(client: OpenAI, turn: int) -> None:
    ids = [upload(client, f"The valve of pump {turn % 5} is orange.") for _ in range(2)]
    for file_id in ids:
        attach(client, file_id)
    if turn % 2:
        with suppress(openai.ConflictError):  # it was indexed already
            client.post(f"/vector_stores/vs_1/files/{ids[0]}/cancel", cast_to=object)
        attach(client, ids[0])
    for file_id in ids:
        if turn % 3:
            client.files.delete(file_id)
        else:
            client.vector_stores.files.delete(file_id, vector_store_id="vs_1")
