import threading
import time
from typing import Any

import pytest
from openai import APIStatusError, OpenAI

from services.retrieval.catalog import reembeddings
from services.retrieval.catalog.records import Attachment
from services.retrieval.contracts.reembeddings import Reembedding
from services.retrieval.contracts.vector_stores import VectorStoreFileCreate
from services.retrieval.index.points import TENANT
from services.retrieval.lifecycle.attach import attach_file
from services.retrieval.lifecycle.cancel import cancel_file
from services.retrieval.lifecycle.delete import delete_file_everywhere, delete_from_store, delete_store
from services.retrieval.lifecycle.reembed import advance_reembeddings
from services.retrieval.lifecycle.update_attributes import update_attributes
from tests.retrieval_harness import RetrievalHarness

STATIC = {"type": "static", "static": {"max_chunk_size_tokens": 16, "chunk_overlap_tokens": 0}}


def start(client: OpenAI, **request: Any) -> Reembedding:
    return Reembedding.model_validate(client.post("/vector_stores/vs_1/reembed", body=request, cast_to=object))


def read(client: OpenAI, started: Reembedding, verb: str = "") -> Reembedding:
    path = f"/vector_stores/vs_1/reembeddings/{started.id}"
    response = client.post(f"{path}/{verb}", cast_to=object) if verb else client.get(path, cast_to=object)
    return Reembedding.model_validate(response)


def search(harness: RetrievalHarness, query: str = "turquoise seal") -> list[str]:
    return [hit.file.file_id for hit in harness.search(query)]


def points(harness: RetrievalHarness, space: str, tenant: str) -> int:
    return harness.index.count(space, {TENANT: tenant})


def test_a_store_is_searched_by_its_old_vectors_until_all_new_ones_exist(harness: RetrievalHarness, client: OpenAI) -> None:
    first, second = harness.attach("The seal is turquoise."), harness.attach("The valve is orange.")
    harness.work()
    started = start(client, embedding_model="letters")
    assert (started.status, started.file_counts.in_progress, started.target.embedding_model) == ("in_progress", 2, "letters")
    harness.worker().work_once()
    halfway = read(client, started)
    assert (halfway.status, halfway.percent, halfway.file_counts.completed) == ("in_progress", 50.0, 1)
    assert harness.store().space == "words"
    assert set(search(harness)) == {first, second}
    harness.work()
    assert (read(client, started).status, read(client, started).percent) == ("completed", 100.0)
    assert (harness.store().space, harness.store().embedding_model) == ("letters", "letters")
    assert set(search(harness)) == {first, second}
    listed = client.get("/vector_stores/vs_1/reembeddings", cast_to=object)
    assert [each["id"] for each in listed["data"]] == [started.id]  # type: ignore[index]


def test_only_the_chunking_can_change_and_becomes_the_stores_default(harness: RetrievalHarness, client: OpenAI) -> None:
    file_id = harness.attach(" ".join(f"word{number}" for number in range(100)))
    harness.work()
    before = harness.attachment(file_id).chunk_count
    started = start(client, chunking_strategy=STATIC)
    harness.work()
    assert read(client, started).status == "completed"
    assert harness.attachment(file_id).chunk_count > before
    assert harness.store().chunking is not None
    assert points(harness, "words", "vs_1.1") == harness.attachment(file_id).chunk_count


def test_confirming_deletes_the_old_points(harness: RetrievalHarness, client: OpenAI) -> None:
    harness.attach("The seal is turquoise.")
    harness.work()
    started = start(client, embedding_model="letters")
    harness.work()
    assert points(harness, "words", "vs_1") == 1
    assert read(client, started, "confirm").status == "confirmed"
    harness.work()
    assert points(harness, "words", "vs_1") == 0
    assert len(search(harness)) == 1


def test_a_rollback_is_immediate_and_loses_no_file_attached_since(harness: RetrievalHarness, client: OpenAI) -> None:
    old = harness.attach("The seal is turquoise.")
    harness.work()
    started = start(client, embedding_model="letters")
    harness.work()
    new = harness.attach("Another seal is turquoise too.")
    harness.work()
    assert set(search(harness)) == {old, new}
    assert read(client, started, "rollback").status == "rolled_back"
    assert (harness.store().space, search(harness)) == ("words", [old])
    harness.work()
    assert set(search(harness)) == {old, new}
    assert points(harness, "letters", "vs_1.1") == 0
    ended = read(client, started)
    assert (ended.percent, ended.file_counts.completed, ended.file_counts.total) == (100.0, 2, 2), "as it was when it was rolled back"


def test_canceling_leaves_the_store_as_it_was(harness: RetrievalHarness, client: OpenAI) -> None:
    harness.attach("The seal is turquoise.")
    harness.attach("The valve is orange.")
    harness.work()
    started = start(client, embedding_model="letters")
    harness.worker().work_once()
    assert read(client, started, "cancel").status == "cancelled"
    harness.work()
    ended = read(client, started)
    assert (ended.percent, ended.file_counts.completed, ended.file_counts.total) == (50.0, 1, 2)
    assert points(harness, "letters", "vs_1.1") == 0
    assert (harness.store().space, len(search(harness))) == ("words", 2)
    again = start(client, embedding_model="letters")
    harness.work()
    assert read(client, again).status == "completed"


def test_changes_to_files_during_a_reembedding_apply_to_both_editions(harness: RetrievalHarness, client: OpenAI) -> None:
    kept, detached, deleted = (harness.attach(f"The {colour} seal is turquoise.") for colour in ("red", "blue", "green"))
    harness.work()
    started = start(client, embedding_model="letters")
    harness.worker().work_once()
    delete_from_store(harness.database, harness.index, "vs_1", detached)
    delete_file_everywhere(harness.database, harness.index, harness.folder, deleted)
    update_attributes(harness.database, harness.index, "vs_1", kept, {"year": 2024})
    new = harness.attach("A new seal is turquoise.")
    harness.work()
    advance_reembeddings(harness.database)
    harness.work()
    assert read(client, started).status == "completed"
    assert set(search(harness)) == {kept, new}
    assert harness.attachment(kept).attributes == {"year": 2024}
    assert points(harness, "letters", "vs_1.1") == 2


def test_a_reembedding_fails_if_an_indexed_file_can_no_longer_be_indexed(harness: RetrievalHarness, client: OpenAI) -> None:
    lost, bad = harness.attach("The seal is turquoise."), harness.attach(b"", "empty.txt")
    harness.work()
    assert harness.attachment(bad).status == "failed"
    harness.folder.delete(lost)
    started = start(client, embedding_model="letters")
    harness.work()
    failed = read(client, started)
    assert failed.status == "failed"
    assert failed.error is not None
    assert lost in failed.error.message
    assert bad not in failed.error.message
    assert harness.store().space == "words"


def test_a_store_has_one_reembedding_at_a_time(harness: RetrievalHarness, client: OpenAI) -> None:
    harness.attach("The seal is turquoise.")
    harness.work()
    started = start(client, embedding_model="letters")
    with pytest.raises(APIStatusError, match="already"):
        start(client, embedding_model="words")
    with pytest.raises(APIStatusError, match="'completed'"):
        read(client, started, "confirm")
    with pytest.raises(APIStatusError, match="There is no embedding model"):
        start(client, embedding_model="ada")
    harness.work()
    with pytest.raises(APIStatusError, match="'in_progress'"):
        read(client, started, "cancel")


def test_an_empty_store_is_reembedded_immediately(client: OpenAI, harness: RetrievalHarness) -> None:
    assert start(client, embedding_model="letters").status == "completed"
    assert harness.store().space == "letters"


def test_deleting_a_store_deletes_its_reembeddings_and_every_edition(harness: RetrievalHarness, client: OpenAI) -> None:
    harness.attach("The seal is turquoise.")
    harness.work()
    start(client, embedding_model="letters")
    harness.work()
    delete_store(harness.database, harness.index, "vs_1")
    assert (points(harness, "words", "vs_1"), points(harness, "letters", "vs_1.1")) == (0, 0)
    with harness.database.session() as session:
        assert reembeddings.find_in_progress_ids(session) == []


def test_files_attached_during_the_switch_are_indexed_in_the_new_edition(harness: RetrievalHarness, client: OpenAI) -> None:
    harness.attach("The seal is turquoise.")
    harness.work()
    started = start(client, embedding_model="letters")
    files: list[str] = []

    def attach() -> None:
        for number in range(20):
            file = client.files.create(file=(f"{number}.txt", f"Seal {number} is turquoise.".encode()), purpose="assistants")
            attach_file(harness.database, harness.embedders, "default", "vs_1", VectorStoreFileCreate(file_id=file.id))
            files.append(file.id)

    thread = threading.Thread(target=attach)
    thread.start()
    while thread.is_alive():
        harness.work()
    thread.join()
    harness.work()
    advance_reembeddings(harness.database)
    harness.work()
    assert read(client, started).status == "completed"
    assert harness.store().edition == 1
    assert {harness.attachment(file_id).status for file_id in files} == {"completed"}
    assert points(harness, "letters", "vs_1.1") == 21


def upload(client: OpenAI, text: str, name: str = "a.txt") -> str:
    return client.files.create(file=(name, text.encode()), purpose="assistants").id


def attach(client: OpenAI, file_id: str, **extra: Any) -> Any:
    return client.vector_stores.files.create("vs_1", file_id=file_id, extra_body=extra)


def copy_of(harness: RetrievalHarness, file_id: str) -> Attachment:
    """Return the copy of a file in the new edition."""
    with harness.database.session() as session:
        rows = session.query(Attachment).filter(Attachment.file_id == file_id, Attachment.edition > 0, Attachment.status != "deleting")
        return rows.one()


def work_until_indexed(harness: RetrievalHarness, file_id: str, edition: int) -> None:
    """Work until the file is indexed in that edition; other files may not be."""
    worker = harness.worker()
    while worker.work_once():
        with harness.database.session() as session:
            rows = session.query(Attachment).filter(Attachment.file_id == file_id, Attachment.edition == edition)
            if [row.status for row in rows] == ["completed"]:
                return
    raise AssertionError("the file was not indexed")


def test_canceling_a_file_cancels_its_copy_in_the_new_edition(harness: RetrievalHarness, client: OpenAI) -> None:
    kept = harness.attach("The seal is turquoise.")
    harness.work()
    late = harness.attach("Another seal is turquoise too.")
    started = start(client, embedding_model="letters")
    assert copy_of(harness, late).status == "in_progress"
    cancel_file(harness.database, "default", "vs_1", late)
    assert copy_of(harness, late).status == "cancelled"
    harness.work()
    assert read(client, started).status == "completed"
    assert harness.letters.embedded == ["The seal is turquoise."]
    assert harness.attachment(late).status == "cancelled" and search(harness) == [kept]
    assert points(harness, "letters", "vs_1.1") == 1


def test_canceling_a_batch_cancels_its_copies_in_the_new_edition(harness: RetrievalHarness, client: OpenAI) -> None:
    ids = [upload(client, f"Seal {number} is turquoise.") for number in range(3)]
    batch = client.vector_stores.file_batches.create("vs_1", file_ids=ids)
    started = start(client, embedding_model="letters")
    client.vector_stores.file_batches.cancel(batch.id, vector_store_id="vs_1")
    assert read(client, started).status == "completed", "nothing is left to do"
    assert harness.letters.embedded == [] and {harness.attachment(id).status for id in ids} == {"cancelled"}


@pytest.mark.parametrize("end", ["failed", "cancelled"])
def test_a_file_attached_again_during_a_reembedding_is_indexed_in_both_editions(
    harness: RetrievalHarness, client: OpenAI, end: str
) -> None:
    kept, again = harness.attach("The seal is turquoise."), harness.attach("Another seal is turquoise too.")
    if end == "cancelled":
        cancel_file(harness.database, "default", "vs_1", again)
    else:
        harness.folder.path_of(again).rename(harness.path / "aside")
    harness.work()
    assert harness.attachment(again).status == end
    started = start(client, embedding_model="letters")
    assert copy_of(harness, again).status == end
    if end == "failed":
        (harness.path / "aside").rename(harness.folder.path_of(again))
    attach_file(harness.database, harness.embedders, "default", "vs_1", VectorStoreFileCreate(file_id=again))
    harness.work()
    assert read(client, started).status == "completed"
    assert set(search(harness)) == {kept, again} and points(harness, "letters", "vs_1.1") == 2
    read(client, started, "rollback")
    assert set(search(harness)) == {kept, again}


@pytest.mark.parametrize("kind", ["file in store", "file"])
def test_deleting_the_last_file_that_is_not_reembedded_yet_completes_the_reembedding(
    harness: RetrievalHarness, client: OpenAI, kind: str
) -> None:
    kept, last = harness.attach("The seal is turquoise."), harness.attach("Another seal is turquoise too.")
    harness.work()
    started = start(client, embedding_model="letters")
    work_until_indexed(harness, kept, 1)
    if kind == "file":
        client.files.delete(last)
    else:
        client.vector_stores.files.delete(last, vector_store_id="vs_1")
    assert read(client, started).status == "completed"
    assert search(harness) == [kept]


def test_a_duplicate_of_a_reembedded_file_does_not_delay_the_reembedding(harness: RetrievalHarness, client: OpenAI) -> None:
    first = upload(client, "The seal is turquoise.")
    attach(client, first)
    other = harness.attach("The valve is orange.")
    harness.work()
    started = start(client, embedding_model="letters")
    work_until_indexed(harness, first, 1)
    copy = upload(client, "The seal is turquoise.")
    assert attach(client, copy).duplicate_of == first
    harness.work()
    assert read(client, started).status == "completed"
    assert (harness.attachment(copy).status, harness.attachment(copy).duplicate_of) == ("completed", first)
    assert set(search(harness)) == {first, other} and points(harness, "letters", "vs_1.1") == 2


def test_a_duplicate_attached_after_the_switch_exists_after_a_rollback(harness: RetrievalHarness, client: OpenAI) -> None:
    first = upload(client, "The seal is turquoise.")
    attach(client, first)
    harness.work()
    started = start(client, embedding_model="letters")
    harness.work()
    copy = upload(client, "The seal is turquoise.")
    attach(client, copy)
    read(client, started, "rollback")
    assert (harness.attachment(copy).status, harness.attachment(copy).duplicate_of) == ("completed", first)
    assert client.vector_stores.retrieve("vs_1").status == "completed"


def test_duplicates_with_another_chunking_in_the_new_edition_are_still_embedded_once(harness: RetrievalHarness, client: OpenAI) -> None:
    ids = [upload(client, "The seal is turquoise.") for _ in range(3)]
    for file_id in ids:
        attach(client, file_id)
    harness.work()
    started = start(client, embedding_model="letters", chunking_strategy=STATIC)
    harness.work()
    assert read(client, started).status == "completed" and harness.letters.embedded == ["The seal is turquoise."]
    assert [harness.attachment(id).duplicate_of for id in ids] == [None, ids[0], ids[0]]
    assert {harness.attachment(id).status for id in ids} == {"completed"}


@pytest.mark.parametrize("indexed_first", [0, 1])
def test_a_replaced_file_is_deleted_in_both_editions_whichever_is_indexed_first(
    harness: RetrievalHarness, client: OpenAI, indexed_first: int
) -> None:
    old = upload(client, "The seal is turquoise.", "manual.txt")
    attach(client, old)
    harness.work()
    new = upload(client, "The seal is orange.", "manual.txt")
    started = start(client, embedding_model="letters")
    attach(client, new, on_duplicate="replace")
    advance_reembeddings(harness.database)
    with harness.database.session() as session:
        later = session.query(Attachment).filter(Attachment.file_id == new, Attachment.edition == 1 - indexed_first)
        later.update({"not_before": time.time() + 60})
    work_until_indexed(harness, new, indexed_first)
    assert search(harness) == [new]
    with harness.database.session() as session:
        session.query(Attachment).update({"not_before": None})
    harness.work()
    assert read(client, started).status == "completed"
    assert search(harness) == [new] and points(harness, "letters", "vs_1.1") == 1
    read(client, started, "rollback")
    harness.work()
    assert search(harness) == [new] and points(harness, "words", "vs_1") == 1


def test_a_file_replaced_after_the_switch_is_replaced_after_a_rollback_too(harness: RetrievalHarness, client: OpenAI) -> None:
    old = upload(client, "The seal is turquoise.", "manual.txt")
    attach(client, old)
    harness.work()
    started = start(client, embedding_model="letters")
    harness.work()
    new = upload(client, "The seal is orange.", "manual.txt")
    attach(client, new, on_duplicate="replace")
    harness.work()
    read(client, started, "rollback")
    harness.work()
    assert search(harness) == [new] and points(harness, "words", "vs_1") == 1


def test_a_canceled_file_attached_again_after_the_switch_is_indexed_after_a_rollback(harness: RetrievalHarness, client: OpenAI) -> None:
    late = harness.attach("The seal is turquoise.")
    cancel_file(harness.database, "default", "vs_1", late)
    started = start(client, embedding_model="letters")
    assert read(client, started).status == "completed"
    attach_file(harness.database, harness.embedders, "default", "vs_1", VectorStoreFileCreate(file_id=late))
    harness.work()
    read(client, started, "rollback")
    harness.work()
    assert search(harness) == [late]
