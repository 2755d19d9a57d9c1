from collections.abc import Iterator
from pathlib import Path

import pytest

from services.retrieval.catalog import stores
from services.retrieval.catalog.records import Attachment, Store
from services.retrieval.index.points import ATTACHMENT, from_fields
from services.retrieval.ingestion import vector_reuse as module
from tests.unit.retrieval.stand_ins import Office

PARTS = [" ".join(f"word{part}x{number}" for number in range(150)) + "." for part in range(400)]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(tmp_path)
    yield opened
    opened.close()


def index(office: Office, parts: list[str], filename: str = "manual.txt", store_id: str = "vs_1") -> tuple[str, int]:
    """Index a file of these paragraphs; return its id and how many chunks were embedded for it."""
    before = len(office.embedder.embedded)
    file_id = office.put("\n\n".join(parts), filename, store_id)
    assert office.worker().work_once()
    assert office.look(file_id, store_id).status == "completed"
    return file_id, len(office.embedder.embedded) - before


def test_a_new_version_embeds_only_the_chunks_whose_text_changed(office: Office) -> None:
    old, count = index(office, PARTS)
    assert count == office.look(old).chunk_count > 64
    new, embedded = index(office, [*PARTS[:-1], "The seal is orange."])
    assert 1 <= embedded <= 4
    assert office.look(new).chunk_count > 64


def test_reused_vectors_are_those_that_embedding_would_give(office: Office) -> None:
    index(office, PARTS)
    new, _ = index(office, ["An introduction.", *PARTS[3:]])
    for points in office.index.scroll("words", {ATTACHMENT: office.look(new).id}):
        for point in points:
            chunk = from_fields(point.fields).chunk
            assert point.vector == pytest.approx(office.embedder.embed_query(chunk.in_context), abs=1e-5)


def test_what_has_neither_name_nor_store_in_common_is_embedded_whole(office: Office) -> None:
    _, count = index(office, PARTS[:9])
    assert index(office, PARTS[:9], "other.txt")[1] == count
    with office.database.session() as session:
        stores.add(session, Store(id="vs_2", project_id="default", name="", embedding_model="words", space="words"))
    assert index(office, PARTS[:9], store_id="vs_2")[1] == count
    assert index(office, PARTS[:9])[1] == 0


def test_no_more_vectors_are_held_than_memory_is_meant_for(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 100)
    _, count = index(office, PARTS)
    _, embedded = index(office, PARTS)
    assert count - 400 < embedded < count, "it stops at the first portion over the limit"


def test_a_version_that_was_cut_by_another_strategy_lends_no_vectors(office: Office) -> None:
    old, count = index(office, PARTS[:9])
    with office.database.session() as session:
        session.get_one(Attachment, office.look(old).id).chunking = {"type": "other"}
    assert index(office, PARTS[:9])[1] == count
