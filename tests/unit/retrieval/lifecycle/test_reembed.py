import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openai import APIStatusError, OpenAI

from services.retrieval.catalog import reembeddings
from services.retrieval.catalog.records import Attachment
from services.retrieval.index.points import TENANT
from services.retrieval.lifecycle.attach import attach_file
from services.retrieval.lifecycle.cancel import cancel_file
from services.retrieval.lifecycle.delete import remove_file, remove_from_store, remove_store
from services.retrieval.lifecycle.reembed import settle
from services.retrieval.lifecycle.update_attributes import relabel
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
    told = read(client, moved)
    assert (told.percent, told.file_counts.completed, told.file_counts.total) == (100.0, 2, 2), "as it was when it went back"


def test_cancelling_leaves_the_store_as_it_was(office: Office, client: OpenAI) -> None:
    office.put("The seal is turquoise.")
    office.put("The valve is orange.")
    work(office)
    moved = move(client, embedding_model="letters")
    office.worker().work_once()
    assert read(client, moved, "cancel").status == "cancelled"
    work(office)
    told = read(client, moved)
    assert (told.percent, told.file_counts.completed, told.file_counts.total) == (50.0, 1, 2)
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


def upload(client: OpenAI, text: str, name: str = "a.txt") -> str:
    return client.files.create(file=(name, text.encode()), purpose="assistants").id


def attach(client: OpenAI, file_id: str, **extra: Any) -> Any:
    return client.vector_stores.files.create("vs_1", file_id=file_id, extra_body=extra)


def shadow(office: Office, file_id: str) -> Attachment:
    """Return what a re-embedding has made of a file so far."""
    with office.database.session() as session:
        rows = session.query(Attachment).filter(Attachment.file_id == file_id, Attachment.edition > 0, Attachment.status != "deleting")
        return rows.one()


def work_on_until(office: Office, file_id: str, edition: int) -> None:
    """Work until the file is indexed in that edition; nothing else has to be."""
    worker = office.worker()
    while worker.work_once():
        with office.database.session() as session:
            rows = session.query(Attachment).filter(Attachment.file_id == file_id, Attachment.edition == edition)
            if [row.status for row in rows] == ["completed"]:
                return
    raise AssertionError("it was not indexed")


def test_cancelling_a_file_reaches_what_is_made_of_it_for_the_new_edition(office: Office, client: OpenAI) -> None:
    kept = office.put("The seal is turquoise.")
    work(office)
    late = office.put("Another seal is turquoise too.")
    moved = move(client, embedding_model="letters")
    assert shadow(office, late).status == "in_progress"
    cancel_file(office.database, "default", "vs_1", late)
    assert shadow(office, late).status == "cancelled"
    work(office)
    assert read(client, moved).status == "completed"
    assert office.letters.embedded == ["The seal is turquoise."]
    assert office.look(late).status == "cancelled" and found(office) == [kept]
    assert points(office, "letters", "vs_1.1") == 1


def test_a_batch_that_is_cancelled_reaches_the_new_edition_too(office: Office, client: OpenAI) -> None:
    ids = [upload(client, f"Seal {number} is turquoise.") for number in range(3)]
    batch = client.vector_stores.file_batches.create("vs_1", file_ids=ids)
    moved = move(client, embedding_model="letters")
    client.vector_stores.file_batches.cancel(batch.id, vector_store_id="vs_1")
    assert read(client, moved).status == "completed", "nothing is left to be done"
    assert office.letters.embedded == [] and {office.look(id).status for id in ids} == {"cancelled"}


@pytest.mark.parametrize("end", ["failed", "cancelled"])
def test_a_file_that_is_attached_once_more_while_the_store_moves_is_indexed_in_both(office: Office, client: OpenAI, end: str) -> None:
    kept, again = office.put("The seal is turquoise."), office.put("Another seal is turquoise too.")
    if end == "cancelled":
        cancel_file(office.database, "default", "vs_1", again)
    else:
        office.folder.place(again).rename(office.path / "aside")
    work(office)
    assert office.look(again).status == end
    moved = move(client, embedding_model="letters")
    assert shadow(office, again).status == end
    if end == "failed":
        (office.path / "aside").rename(office.folder.place(again))
    attach_file(office.database, office.embedders, "default", "vs_1", VectorStoreFileCreate(file_id=again))
    work(office)
    assert read(client, moved).status == "completed"
    assert set(found(office)) == {kept, again} and points(office, "letters", "vs_1.1") == 2
    read(client, moved, "rollback")
    assert set(found(office)) == {kept, again}


@pytest.mark.parametrize("kind", ["file in store", "file"])
def test_removing_the_last_file_that_is_not_embedded_anew_ends_the_move(office: Office, client: OpenAI, kind: str) -> None:
    kept, last = office.put("The seal is turquoise."), office.put("Another seal is turquoise too.")
    work(office)
    moved = move(client, embedding_model="letters")
    work_on_until(office, kept, 1)
    if kind == "file":
        client.files.delete(last)
    else:
        client.vector_stores.files.delete(last, vector_store_id="vs_1")
    assert read(client, moved).status == "completed"
    assert found(office) == [kept]


def test_a_duplicate_that_comes_when_its_like_is_embedded_anew_already_does_not_hold_up_the_move(office: Office, client: OpenAI) -> None:
    first = upload(client, "The seal is turquoise.")
    attach(client, first)
    other = office.put("The valve is orange.")
    work(office)
    moved = move(client, embedding_model="letters")
    work_on_until(office, first, 1)
    copy = upload(client, "The seal is turquoise.")
    assert attach(client, copy).duplicate_of == first
    work(office)
    assert read(client, moved).status == "completed"
    assert (office.look(copy).status, office.look(copy).duplicate_of) == ("completed", first)
    assert set(found(office)) == {first, other} and points(office, "letters", "vs_1.1") == 2


def test_a_duplicate_that_came_after_the_switch_is_there_when_the_store_goes_back(office: Office, client: OpenAI) -> None:
    first = upload(client, "The seal is turquoise.")
    attach(client, first)
    work(office)
    moved = move(client, embedding_model="letters")
    work(office)
    copy = upload(client, "The seal is turquoise.")
    attach(client, copy)
    read(client, moved, "rollback")
    assert (office.look(copy).status, office.look(copy).duplicate_of) == ("completed", first)
    assert client.vector_stores.retrieve("vs_1").status == "completed"


def test_duplicates_that_are_cut_differently_in_the_new_edition_are_still_embedded_once(office: Office, client: OpenAI) -> None:
    ids = [upload(client, "The seal is turquoise.") for _ in range(3)]
    for file_id in ids:
        attach(client, file_id)
    work(office)
    moved = move(client, embedding_model="letters", chunking_strategy=STATIC)
    work(office)
    assert read(client, moved).status == "completed" and office.letters.embedded == ["The seal is turquoise."]
    assert [office.look(id).duplicate_of for id in ids] == [None, ids[0], ids[0]]
    assert {office.look(id).status for id in ids} == {"completed"}


@pytest.mark.parametrize("indexed_first", [0, 1])
def test_what_a_file_replaces_goes_in_both_editions_wherever_it_is_indexed_first(
    office: Office, client: OpenAI, indexed_first: int
) -> None:
    old = upload(client, "The seal is turquoise.", "manual.txt")
    attach(client, old)
    work(office)
    new = upload(client, "The seal is orange.", "manual.txt")
    moved = move(client, embedding_model="letters")
    attach(client, new, on_duplicate="replace")
    settle(office.database)
    with office.database.session() as session:
        later = session.query(Attachment).filter(Attachment.file_id == new, Attachment.edition == 1 - indexed_first)
        later.update({"not_before": time.time() + 60})
    work_on_until(office, new, indexed_first)
    assert found(office) == [new]
    with office.database.session() as session:
        session.query(Attachment).update({"not_before": None})
    work(office)
    assert read(client, moved).status == "completed"
    assert found(office) == [new] and points(office, "letters", "vs_1.1") == 1
    read(client, moved, "rollback")
    work(office)
    assert found(office) == [new] and points(office, "words", "vs_1") == 1


def test_what_replaced_a_file_after_the_switch_replaces_it_after_going_back_too(office: Office, client: OpenAI) -> None:
    old = upload(client, "The seal is turquoise.", "manual.txt")
    attach(client, old)
    work(office)
    moved = move(client, embedding_model="letters")
    work(office)
    new = upload(client, "The seal is orange.", "manual.txt")
    attach(client, new, on_duplicate="replace")
    work(office)
    read(client, moved, "rollback")
    work(office)
    assert found(office) == [new] and points(office, "words", "vs_1") == 1


def test_a_file_that_was_mended_after_the_switch_is_indexed_when_the_store_goes_back(office: Office, client: OpenAI) -> None:
    late = office.put("The seal is turquoise.")
    cancel_file(office.database, "default", "vs_1", late)
    moved = move(client, embedding_model="letters")
    assert read(client, moved).status == "completed"
    attach_file(office.database, office.embedders, "default", "vs_1", VectorStoreFileCreate(file_id=late))
    work(office)
    read(client, moved, "rollback")
    work(office)
    assert found(office) == [late]
