import threading
from collections.abc import Sequence

import pytest

from services.retrieval.catalog.records import Attachment
from services.retrieval.index import Point
from services.retrieval.index.points import TENANT
from services.retrieval.ingestion import index_file, pipeline
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.ingestion.interruption import LONG_TEXT


def records_before_each_upsert(harness: RetrievalHarness, monkeypatch: pytest.MonkeyPatch) -> list[Attachment]:
    """Index a long file; return its record as it was before each batch was stored."""
    file_id, upsert = harness.attach(LONG_TEXT), harness.index.upsert
    records: list[Attachment] = []

    def recording_upsert(space: str, points: Sequence[Point]) -> None:
        records.append(harness.attachment(file_id))
        upsert(space, points)

    monkeypatch.setattr(harness.index, "upsert", recording_upsert)
    harness.worker().work_once()
    assert harness.attachment(file_id).chunk_count == harness.count_points(**{TENANT: "vs_1"})
    return records


def test_a_file_becomes_searchable(harness: RetrievalHarness) -> None:
    file_id = harness.attach("# Pump\n\nThe seal is turquoise.", "pump.md")
    assert harness.attachment(file_id).stage == "queued"
    assert harness.worker().work_once()
    done = harness.attachment(file_id)
    assert (done.status, done.stage, done.percent, done.chunk_count, done.error) == ("completed", "completed", 100.0, 1, None)
    assert done.usage_bytes > 4 * 64
    for mode in ("vector", "keyword", "hybrid"):
        hit = harness.search("Which color has the seal? turquoise", search_mode=mode)[0]
        assert (hit.file.filename, hit.chunk.title, hit.chunk.heading_path) == ("pump.md", "Pump", ["Pump"])
        assert hit.chunk.text == "# Pump\n\nThe seal is turquoise."
        assert 0 < hit.score <= 1
    assert not harness.worker().work_once()


@pytest.mark.usefixtures("one_batch_at_a_time")
def test_a_long_file_reports_its_progress(harness: RetrievalHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    percents = [each.percent for each in records_before_each_upsert(harness, monkeypatch)]
    assert len(set(percents)) > 2 and percents == sorted(percents)


@pytest.mark.usefixtures("one_batch_at_a_time")
def test_chunks_are_counted_and_their_total_is_known_with_the_last_batch(
    harness: RetrievalHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = records_before_each_upsert(harness, monkeypatch)
    total = harness.count_points()
    assert [each.chunks_done for each in records] == list(range(0, total, pipeline.BATCH_SIZE))
    assert [each.chunk_count for each in records] == [0] * (len(records) - 1) + [total]


def test_batches_are_embedded_ahead_and_stored_in_order(harness: RetrievalHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_file, "REPORT_INTERVAL_SECONDS", 0.0)
    together, turn, calls = threading.Barrier(pipeline.PREFETCH + 1), threading.Lock(), iter(range(100))

    def meet() -> None:
        with turn:
            number = next(calls)
        if number <= pipeline.PREFETCH:
            together.wait(10)

    harness.embedder.before_batch = meet
    percents = [each.percent for each in records_before_each_upsert(harness, monkeypatch)]
    assert percents == sorted(percents)
    assert "Paragraph 1999 " in harness.search("Paragraph 1999")[0].chunk.text


def test_each_stage_is_reported_immediately_and_further_progress_at_intervals(
    harness: RetrievalHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_file, "REPORT_INTERVAL_SECONDS", 3600.0)
    records = records_before_each_upsert(harness, monkeypatch)
    assert len(records) > 2 and {(each.stage, each.percent) for each in records} == {("indexing", records[0].percent)}
