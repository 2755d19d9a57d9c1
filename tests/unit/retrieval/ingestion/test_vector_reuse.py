import pytest

from services.retrieval.catalog import stores
from services.retrieval.catalog.records import Attachment, Store
from services.retrieval.index.points import ATTACHMENT, to_stored_chunk
from services.retrieval.ingestion import vector_reuse as module
from tests.retrieval_harness import RetrievalHarness

PARTS = [" ".join(f"word{part}x{number}" for number in range(150)) + "." for part in range(400)]


def index(harness: RetrievalHarness, parts: list[str], filename: str = "manual.txt", store_id: str = "vs_1") -> tuple[str, int]:
    """Index a file of these paragraphs; return its id and how many chunks were embedded for it."""
    before = len(harness.embedder.embedded)
    file_id = harness.attach("\n\n".join(parts), filename, store_id)
    assert harness.worker().work_once()
    assert harness.attachment(file_id, store_id).status == "completed"
    return file_id, len(harness.embedder.embedded) - before


def test_a_new_version_embeds_only_the_chunks_whose_text_changed(harness: RetrievalHarness) -> None:
    old, count = index(harness, PARTS)
    assert count == harness.attachment(old).chunk_count > 64
    new, embedded = index(harness, [*PARTS[:-1], "The seal is orange."])
    assert 1 <= embedded <= 4
    assert harness.attachment(new).chunk_count > 64


def test_reused_vectors_are_those_that_embedding_would_give(harness: RetrievalHarness) -> None:
    index(harness, PARTS)
    new, _ = index(harness, ["An introduction.", *PARTS[3:]])
    for points in harness.index.scroll("words", {ATTACHMENT: harness.attachment(new).id}):
        for point in points:
            chunk = to_stored_chunk(point.fields).chunk
            assert point.vector == pytest.approx(harness.embedder.embed_query(chunk.in_context), abs=1e-5)


def test_a_file_with_another_name_or_in_another_store_is_embedded_completely(harness: RetrievalHarness) -> None:
    _, count = index(harness, PARTS[:9])
    assert index(harness, PARTS[:9], "other.txt")[1] == count
    with harness.database.session() as session:
        stores.add(session, Store(id="vs_2", project_id="default", name="", embedding_model="words", space="words"))
    assert index(harness, PARTS[:9], store_id="vs_2")[1] == count
    assert index(harness, PARTS[:9])[1] == 0


def test_the_number_of_vectors_in_memory_is_limited(harness: RetrievalHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_VECTORS", 100)
    _, count = index(harness, PARTS)
    _, embedded = index(harness, PARTS)
    assert count - 400 < embedded < count, "it stops after the first batch over the limit"


def test_vectors_of_a_version_with_another_chunking_strategy_are_not_reused(harness: RetrievalHarness) -> None:
    old, count = index(harness, PARTS[:9])
    with harness.database.session() as session:
        session.get_one(Attachment, harness.attachment(old).id).chunking = {"type": "other"}
    assert index(harness, PARTS[:9])[1] == count
