import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from services.retrieval.catalog import attachments, claims, files, stores
from services.retrieval.catalog.records import Attachment, Store
from services.retrieval.chunk import AUTO
from services.retrieval.index import Point
from services.retrieval.index.points import ATTACHMENT, TENANT
from services.retrieval.ingestion import pipeline
from services.retrieval.ingestion import worker as ingestion_worker
from services.retrieval.lifecycle.cancel import cancel_file
from services.retrieval.lifecycle.delete import remove_file, remove_from_store, remove_store
from services.retrieval.search import search as search_module
from services.retrieval.search.hits import Found
from shared.contracts.search import RankingOptions, SearchMode, SearchRequest
from shared.errors import Unavailable
from tests.fakes import wait_until
from tests.unit.retrieval.stand_ins import Office

LONG = "\n\n".join(f"Paragraph {number} is about topic{number % 7} and nothing else whatsoever." for number in range(2000))


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    # One portion after the other, each reported.
    monkeypatch.setattr(pipeline, "AHEAD", 0)
    monkeypatch.setattr(ingestion_worker, "PACE_SECONDS", 0.0)
    opened = Office(tmp_path)
    yield opened
    opened.close()


def search(office: Office, query: str, mode: SearchMode = "hybrid", store: Store | None = None, **options: float) -> list[Found]:
    ranking = RankingOptions.model_validate(options)
    return office.searcher.search(store or office.store(), SearchRequest(query=query, search_mode=mode, ranking_options=ranking))


def points(office: Office, **where: str) -> int:
    return office.index.count("words", where)


def test_a_file_becomes_searchable(office: Office) -> None:
    file_id = office.put("# Pump\n\nThe seal is turquoise.", "pump.md")
    assert office.look(file_id).stage == "queued"
    assert office.worker().work_once()
    done = office.look(file_id)
    assert (done.status, done.stage, done.percent, done.chunk_count, done.error) == ("completed", "completed", 100.0, 1, None)
    assert done.usage_bytes > 4 * 64
    for mode in ("vector", "keyword", "hybrid"):
        hit = search(office, "Which colour has the seal? turquoise", mode)[0]
        assert (hit.filed.filename, hit.chunk.title, hit.chunk.heading_path) == ("pump.md", "Pump", ["Pump"])
        assert hit.chunk.text == "# Pump\n\nThe seal is turquoise."
        assert 0 < hit.score <= 1
    assert not office.worker().work_once()


def test_a_threshold_leaves_out_what_is_below_it(office: Office) -> None:
    office.put("The seal is turquoise.")
    office.worker().work_once()
    score = search(office, "turquoise seal")[0].score
    assert search(office, "turquoise seal", score_threshold=score - 0.01)
    assert search(office, "turquoise seal", score_threshold=score + 0.01) == []


def seen_while_storing(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[Attachment]:
    """Index a long file; return what a caller saw of it before each portion was stored."""
    file_id, upsert = office.put(LONG), office.index.upsert
    seen: list[Attachment] = []

    def watched(space: str, points: Sequence[Point]) -> None:
        seen.append(office.look(file_id))
        upsert(space, points)

    monkeypatch.setattr(office.index, "upsert", watched)
    office.worker().work_once()
    assert office.look(file_id).chunk_count == points(office, **{TENANT: "vs_1"})
    return seen


def test_a_long_file_reports_stages_and_percent_on_the_way(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    percents = [each.percent for each in seen_while_storing(office, monkeypatch)]
    assert len(set(percents)) > 2 and percents == sorted(percents)


def test_portions_are_embedded_while_the_first_is_waited_for_and_stored_in_order(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "AHEAD", 2)
    together, turn, calls = threading.Barrier(3), threading.Lock(), iter(range(100))

    def meet() -> None:
        with turn:
            number = next(calls)
        if number < 3:
            together.wait(10)

    office.embedder.pause = meet
    percents = [each.percent for each in seen_while_storing(office, monkeypatch)]
    assert percents == sorted(percents)
    assert "Paragraph 1999 " in search(office, "Paragraph 1999")[0].chunk.text


def test_each_stage_is_reported_at_once_and_the_rest_at_a_pace(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingestion_worker, "PACE_SECONDS", 3600.0)
    seen = seen_while_storing(office, monkeypatch)
    assert len(seen) > 2 and {(each.stage, each.percent) for each in seen} == {("indexing", seen[0].percent)}


@pytest.mark.parametrize(
    ("filename", "content", "code", "message"),
    [
        ("a.exe", b"MZ", "unsupported_file", "supported are"),
        ("a.pdf", b"nothing", "invalid_file", "the file is plain text"),
        ("a.txt", b"   ", "invalid_file", "no text"),
    ],
)
def test_a_file_that_cannot_be_read_fails_with_a_reason(office: Office, filename: str, content: bytes, code: str, message: str) -> None:
    file_id = office.put(content, filename)
    office.worker().work_once()
    failed = office.look(file_id)
    assert failed.status == "failed" and failed.error is not None
    assert failed.error["code"] == code and message in failed.error["message"]


def test_a_bug_fails_one_file_and_not_the_worker(office: Office) -> None:
    def explode() -> None:
        raise ZeroDivisionError("bug")

    bad, worker = office.put("one two"), office.worker()
    office.embedder.pause = explode
    worker.work_once()
    assert office.look(bad).error == {"code": "server_error", "message": "ZeroDivisionError: bug"}
    office.embedder.pause = lambda: None
    good = office.put("three four")
    worker.work_once()
    assert office.look(good).status == "completed"


def test_what_was_indexed_of_a_failed_file_is_gone(office: Office) -> None:
    def explode(_: str) -> None:
        raise ZeroDivisionError("bug")

    file_id = ingest_while(office, explode)
    assert office.look(file_id).status == "failed" and points(office) == 0


def test_a_failed_file_burdens_no_search_and_is_cancelled_at_once_when_it_begins_again(office: Office) -> None:
    file_id = office.put(b"", "empty.txt")
    office.worker().work_once()
    with office.database.session() as session:
        assert attachments.unfinished(session, "vs_1") == []
        terms = attachments.Terms(None, AUTO.model_dump(), chunking_is_default=True)
        attachments.attach(session, stores.find(session, "default", "vs_1"), files.find(session, "default", file_id), terms)
    assert cancel_file(office.database, "default", "vs_1", file_id)[0].status == "cancelled"


def test_a_file_fails_only_when_what_was_indexed_of_it_is_gone(office: Office) -> None:
    def explode(_: str) -> None:
        office.index.away = True
        raise ZeroDivisionError("bug")

    file_id = ingest_while(office, explode)
    waiting = office.look(file_id)
    assert (waiting.status, waiting.stage, points(office)) == ("in_progress", "queued", 64)
    assert waiting.error is not None and "RETRIEVAL_QDRANT_URL" in waiting.error["message"]
    office.index.away = False
    office.folder.delete(file_id)
    wait_until(office.worker().work_once)
    assert office.look(file_id).status == "failed" and points(office) == 0


def test_a_worker_that_slept_through_its_lease_and_the_removal_of_the_file_leaves_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id, upsert = office.put(LONG), office.index.upsert

    def sleep_first(space: str, portion: Sequence[Point]) -> None:
        with office.database.session() as session:
            claims.free_all(session)
        assert remove_file(office.database, office.index, office.folder, file_id).note is None
        upsert(space, portion)
        assert points(office) > 0

    monkeypatch.setattr(office.index, "upsert", sleep_first)
    office.worker().work_once()
    assert points(office) == 0
    with office.database.session() as session:
        assert session.query(Attachment).count() == 0


def test_a_worker_that_lost_its_lease_removes_nothing_of_its_successors(office: Office) -> None:
    def lose(file_id: str) -> None:
        with office.database.session() as session:
            session.get_one(Attachment, office.look(file_id).id).lease_owner = "successor"
        raise ZeroDivisionError("bug")

    file_id = ingest_while(office, lose)
    assert office.look(file_id).status == "in_progress" and points(office) > 0


def test_chunks_of_an_unfinished_file_do_not_crowd_out_finished_ones(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "CANDIDATES", 10)
    finished = office.put("A seal that is about topic3, among other things that lie far off the question.")
    office.worker().work_once()
    found: list[str] = []
    ingest_while(office, lambda _: found.extend(hit.filed.file_id for hit in search(office, "about topic3 and nothing else")))
    assert found == [finished]


def test_an_error_that_nobody_thought_of_does_not_end_the_worker(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    worker, claim = office.worker(), claims.claim
    failures = iter([ZeroDivisionError("bug")])

    def claim_later(*args: Any) -> Attachment | None:
        for error in failures:
            raise error
        return claim(*args)

    monkeypatch.setattr(claims, "claim", claim_later)
    with pytest.raises(Unavailable, match="not running"):
        worker.check()
    file_id = office.put("one two three")
    worker.start()
    try:
        wait_until(lambda: office.look(file_id).status == "completed")
        worker.check()
    finally:
        worker.stop()


def test_an_index_that_is_away_is_waited_for_and_the_row_says_so(office: Office) -> None:
    file_id, worker = office.put("one two three"), office.worker()
    office.index.away = True
    worker.start()
    try:
        wait_until(lambda: office.look(file_id).error is not None)
        waiting = office.look(file_id)
        assert waiting.status == "in_progress" and waiting.error is not None
        assert "RETRIEVAL_QDRANT_URL" in waiting.error["message"]
        assert office.embedder.embedded == []
        office.index.away = False
        wait_until(lambda: office.look(file_id).status == "completed")
        assert office.look(file_id).error is None
    finally:
        worker.stop()


def test_work_that_a_killed_process_left_half_done_is_done_once(office: Office) -> None:
    file_id = office.put(LONG)

    class Killed(BaseException):
        """What ends a thread as a kill ends a process: nothing after it runs."""

    portions = 0

    def die() -> None:
        nonlocal portions
        portions += 1
        if portions == 2:
            raise Killed

    office.embedder.pause = die
    with pytest.raises(Killed):
        office.worker("dead").work_once()
    half = points(office, **{TENANT: "vs_1"})
    assert half > 0 and office.look(file_id).status == "in_progress"
    assert not office.worker("next").work_once()
    with office.database.session() as session:
        claims.free_all(session)
    assert office.worker("next").work_once()
    done = office.look(file_id)
    assert done.status == "completed" and done.chunk_count == points(office, **{TENANT: "vs_1"}) > half


def test_a_file_that_kills_every_process_is_given_up(office: Office) -> None:
    file_id = office.put("one")
    for _ in range(ingestion_worker.MAX_ATTEMPTS):
        with office.database.session() as session:
            assert claims.claim(session, "dead", -1)
    office.worker().work_once()
    failed = office.look(file_id)
    assert failed.error is not None and "died while working on this file" in failed.error["message"]


def test_stopping_gives_the_work_back_and_the_next_process_finishes_it(office: Office) -> None:
    file_id, first = office.put(LONG), office.worker("first")
    reached, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        reached.set()
        go_on.wait(10)

    office.embedder.pause = wait
    first.start()
    assert reached.wait(10)
    stopping = threading.Thread(target=first.stop)
    stopping.start()
    wait_until(first._stopping.is_set)
    go_on.set()
    stopping.join(10)
    row = office.look(file_id)
    assert (row.status, row.stage, row.lease_owner) == ("in_progress", "queued", None)
    assert office.worker("second").work_once()
    assert office.look(file_id).status == "completed"


def ingest_while(office: Office, happening: Callable[[str], object]) -> str:
    """Ingest a long file; when its second portion is due, let something happen."""
    file_id = office.put(LONG)
    portions = 0

    def interrupt() -> None:
        nonlocal portions
        portions += 1
        if portions == 2:
            happening(file_id)

    office.embedder.pause = interrupt
    office.worker().work_once()
    office.embedder.pause = lambda: None
    return file_id


@pytest.mark.parametrize("kind", ["file in store", "store", "file"])
def test_what_is_removed_while_it_is_being_indexed_leaves_nothing(office: Office, kind: str) -> None:
    removals: dict[str, Callable[[str], object]] = {
        "file in store": lambda file_id: remove_from_store(office.database, office.index, "vs_1", file_id),
        "store": lambda _: remove_store(office.database, office.index, "vs_1"),
        "file": lambda file_id: remove_file(office.database, office.index, office.folder, file_id),
    }
    store = office.store()
    file_id = ingest_while(office, removals[kind])
    assert search(office, "topic3", store=store) == []
    worker = office.worker()
    while worker.work_once():
        pass
    assert points(office) == 0
    with office.database.session() as session:
        assert session.query(Attachment).count() == 0
    assert office.folder.place(file_id).exists() == (kind != "file")


def test_what_is_attached_again_while_its_removal_is_under_way_is_whole(office: Office) -> None:
    again: list[str] = []

    def replace(file_id: str) -> None:
        remove_from_store(office.database, office.index, "vs_1", file_id)
        again.append(office.put(LONG))

    ingest_while(office, replace)
    worker = office.worker()
    while worker.work_once():
        pass
    done = office.look(again[0])
    assert done.status == "completed" and done.chunk_count == points(office) == points(office, **{ATTACHMENT: done.id})


def test_removal_while_the_index_is_away_hides_at_once_and_finishes_later(office: Office) -> None:
    file_id = office.put("The seal is turquoise.")
    office.worker().work_once()
    office.index.away = True
    remove_file(office.database, office.index, office.folder, file_id)
    assert search(office, "turquoise") == []
    worker = office.worker()
    worker.start()
    try:
        office.index.away = False
        wait_until(lambda: points(office) == 0)
    finally:
        worker.stop()


def test_what_is_removed_is_gone_from_the_index_when_the_removal_returns(office: Office) -> None:
    kept, gone = office.put("The seal is turquoise."), office.put("The valve is turquoise.")
    worker = office.worker()
    while worker.work_once():
        pass
    remove_from_store(office.database, office.index, "vs_1", gone)
    assert points(office) == 1
    assert [hit.filed.file_id for hit in search(office, "turquoise")] == [kept]
    remove_store(office.database, office.index, "vs_1")
    assert points(office) == 0
    assert office.folder.place(kept).exists()
