import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openai import APIStatusError, OpenAI

from services.retrieval.attach import attach_file
from services.retrieval.catalog import reembeddings
from services.retrieval.index.points import TENANT
from services.retrieval.reembed import settle
from services.retrieval.relabel import relabel
from services.retrieval.remove import remove_file, remove_from_store, remove_store
from shared.contracts.reembeddings import Reembedding
from shared.contracts.search import SearchRequest
from shared.contracts.vector_stores import VectorStoreFileCreate
from tests.unit.retrieval.sdk import open_sdk
from tests.unit.retrieval.stand_ins import Office

STATIC = {"type": "static", "static": {"max_chunk_size_tokens": 16, "chunk_overlap_tokens": 0}}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def client(office: Office) -> Iterator[OpenAI]:
    with open_sdk(office) as opened:
        yield opened


def work(office: Office) -> None:
    worker = office.worker()
    while worker.work_once():
        pass


def move(client: OpenAI, **asked: Any) -> Reembedding:
    return Reembedding.model_validate(client.post("/vector_stores/vs_1/reembed", body=asked, cast_to=object))


def read(client: OpenAI, moved: Reembedding, verb: str = "") -> Reembedding:
    path = f"/vector_stores/vs_1/reembeddings/{moved.id}"
    answer = client.post(f"{path}/{verb}", cast_to=object) if verb else client.get(path, cast_to=object)
    return Reembedding.model_validate(answer)


def found(office: Office, query: str = "turquoise seal") -> list[str]:
    return [hit.filed.file_id for hit in office.searcher.search(office.store(), SearchRequest(query=query))]


def points(office: Office, space: str, tenant: str) -> int:
    return office.index.count(space, {TENANT: tenant})


def test_a_store_answers_from_the_old_vectors_until_all_new_ones_are_there(office: Office, client: OpenAI) -> None:
    first, second = office.put("The seal is turquoise."), office.put("The valve is orange.")
    work(office)
    moved = move(client, embedding_model="letters")
    assert (moved.status, moved.file_counts.in_progress, moved.target.embedding_model) == ("in_progress", 2, "letters")
    office.worker().work_once()
    halfway = read(client, moved)
    assert (halfway.status, halfway.percent, halfway.file_counts.completed) == ("in_progress", 50.0, 1)
    assert office.store().space == "words"
    assert set(found(office)) == {first, second}
    work(office)
    assert (read(client, moved).status, read(client, moved).percent) == ("completed", 100.0)
    assert (office.store().space, office.store().embedding_model) == ("letters", "letters")
    assert set(found(office)) == {first, second}
    listed = client.get("/vector_stores/vs_1/reembeddings", cast_to=object)
    assert [each["id"] for each in listed["data"]] == [moved.id]  # type: ignore[index]


def test_chunking_can_move_alone_and_is_the_stores_from_then_on(office: Office, client: OpenAI) -> None:
    file_id = office.put(" ".join(f"word{number}" for number in range(100)))
    work(office)
    before = office.look(file_id).chunk_count
    moved = move(client, chunking_strategy=STATIC)
    work(office)
    assert read(client, moved).status == "completed"
    assert office.look(file_id).chunk_count > before
    assert office.store().chunking is not None
    assert points(office, "words", "vs_1.1") == office.look(file_id).chunk_count


def test_confirming_removes_the_old_points(office: Office, client: OpenAI) -> None:
    office.put("The seal is turquoise.")
    work(office)
    moved = move(client, embedding_model="letters")
    work(office)
    assert points(office, "words", "vs_1") == 1
    assert read(client, moved, "confirm").status == "confirmed"
    work(office)
    assert points(office, "words", "vs_1") == 0
    assert len(found(office)) == 1


def test_going_back_is_at_once_and_loses_nothing_that_came_since(office: Office, client: OpenAI) -> None:
    old = office.put("The seal is turquoise.")
    work(office)
    moved = move(client, embedding_model="letters")
    work(office)
    new = office.put("Another seal is turquoise too.")
    work(office)
    assert set(found(office)) == {old, new}
    assert read(client, moved, "rollback").status == "rolled_back"
    assert (office.store().space, found(office)) == ("words", [old])
    work(office)
    assert set(found(office)) == {old, new}
    assert points(office, "letters", "vs_1.1") == 0


def test_cancelling_leaves_the_store_as_it_was(office: Office, client: OpenAI) -> None:
    office.put("The seal is turquoise.")
    office.put("The valve is orange.")
    work(office)
    moved = move(client, embedding_model="letters")
    office.worker().work_once()
    assert read(client, moved, "cancel").status == "cancelled"
    work(office)
    assert points(office, "letters", "vs_1.1") == 0
    assert (office.store().space, len(found(office))) == ("words", 2)
    again = move(client, embedding_model="letters")
    work(office)
    assert read(client, again).status == "completed"


def test_what_happens_to_files_meanwhile_happens_in_both_editions(office: Office, client: OpenAI) -> None:
    kept, gone, deleted = (office.put(f"The {colour} seal is turquoise.") for colour in ("red", "blue", "green"))
    work(office)
    moved = move(client, embedding_model="letters")
    office.worker().work_once()
    remove_from_store(office.database, office.index, "vs_1", gone)
    remove_file(office.database, office.index, office.folder, deleted)
    relabel(office.database, office.index, "vs_1", kept, {"year": 2024})
    new = office.put("A new seal is turquoise.")
    work(office)
    settle(office.database)
    work(office)
    assert read(client, moved).status == "completed"
    assert set(found(office)) == {kept, new}
    assert office.look(kept).attributes == {"year": 2024}
    assert points(office, "letters", "vs_1.1") == 2


def test_a_file_that_cannot_be_indexed_any_more_keeps_the_store_where_it_is(office: Office, client: OpenAI) -> None:
    lost, bad = office.put("The seal is turquoise."), office.put(b"", "empty.txt")
    work(office)
    assert office.look(bad).status == "failed"
    office.folder.delete(lost)
    moved = move(client, embedding_model="letters")
    work(office)
    failed = read(client, moved)
    assert failed.status == "failed"
    assert failed.error is not None
    assert lost in failed.error.message
    assert bad not in failed.error.message
    assert office.store().space == "words"


def test_a_store_moves_once_at_a_time(office: Office, client: OpenAI) -> None:
    office.put("The seal is turquoise.")
    work(office)
    moved = move(client, embedding_model="letters")
    with pytest.raises(APIStatusError, match="already"):
        move(client, embedding_model="words")
    with pytest.raises(APIStatusError, match="'completed'"):
        read(client, moved, "confirm")
    with pytest.raises(APIStatusError, match="not configured"):
        move(client, embedding_model="ada")
    work(office)
    with pytest.raises(APIStatusError, match="'in_progress'"):
        read(client, moved, "cancel")


def test_an_empty_store_moves_at_once(client: OpenAI, office: Office) -> None:
    assert move(client, embedding_model="letters").status == "completed"
    assert office.store().space == "letters"


def test_deleting_a_store_deletes_its_moves_and_every_edition(office: Office, client: OpenAI) -> None:
    office.put("The seal is turquoise.")
    work(office)
    move(client, embedding_model="letters")
    work(office)
    remove_store(office.database, office.index, "vs_1")
    assert (points(office, "words", "vs_1"), points(office, "letters", "vs_1.1")) == (0, 0)
    with office.database.session() as session:
        assert reembeddings.moving(session) == []


def test_files_attached_while_it_switches_are_never_left_behind(office: Office, client: OpenAI) -> None:
    office.put("The seal is turquoise.")
    work(office)
    moved = move(client, embedding_model="letters")
    files: list[str] = []

    def attach() -> None:
        for number in range(20):
            file = client.files.create(file=(f"{number}.txt", f"Seal {number} is turquoise.".encode()), purpose="assistants")
            attach_file(office.database, office.embedders, "default", "vs_1", VectorStoreFileCreate(file_id=file.id))
            files.append(file.id)

    thread = threading.Thread(target=attach)
    thread.start()
    while thread.is_alive():
        work(office)
    thread.join()
    work(office)
    settle(office.database)
    work(office)
    assert read(client, moved).status == "completed"
    assert office.store().edition == 1
    assert {office.look(file_id).status for file_id in files} == {"completed"}
    assert points(office, "letters", "vs_1.1") == 21
