from typing import Any

import pytest
from openai import OpenAI

from services.retrieval.catalog.records import Attachment
from services.retrieval.lifecycle.delete import SHARED_CHUNKS
from tests.retrieval_harness import RetrievalHarness

TEXT = "The seal of the pump is turquoise."


def upload(client: OpenAI, name: str = "a.txt", text: str = TEXT) -> str:
    return client.files.create(file=(name, text.encode()), purpose="assistants").id


def attach(client: OpenAI, file_id: str, on_duplicate: str | None = None, **terms: Any) -> Any:
    extra = {"on_duplicate": on_duplicate} if on_duplicate else {}
    return client.vector_stores.files.create("vs_1", file_id=file_id, extra_body=extra, **terms)


def look(client: OpenAI, file_id: str) -> Any:
    return client.vector_stores.files.retrieve(file_id, vector_store_id="vs_1")


def found(client: OpenAI, query: str = "turquoise seal", **options: Any) -> list[str]:
    return [hit.file_id for hit in client.vector_stores.search("vs_1", query=query, **options).data]


def work(harness: RetrievalHarness) -> int:
    worker, done = harness.worker(), 0
    while worker.work_once():
        done += 1
    return done


def indexed(client: OpenAI, harness: RetrievalHarness, count: int = 2) -> list[str]:
    """Attach files of the same content; return their ids. The first has the points."""
    ids = [upload(client, f"{number}.txt") for number in range(count)]
    for id in ids:
        attach(client, id)
    work(harness)
    return ids


def test_content_that_is_in_the_store_is_not_indexed_again_and_the_response_says_so(client: OpenAI, harness: RetrievalHarness) -> None:
    first, second = upload(client), upload(client, "copy.txt")
    assert attach(client, first).duplicate_of is None
    work(harness)
    copy = attach(client, second)
    assert (copy.status, copy.duplicate_of, copy.chunk_count, copy.usage_bytes, copy.stage) == ("completed", first, 1, 0, "completed")
    assert work(harness) == 0 and len(harness.embedder.embedded) == 1 and harness.index.count("words", {}) == 1
    assert found(client) == [first]
    assert look(client, second).duplicate_of == first
    assert client.vector_stores.retrieve("vs_1").file_counts.completed == 2


def test_a_duplicate_of_a_file_in_progress_completes_with_it(client: OpenAI, harness: RetrievalHarness) -> None:
    first, second = upload(client), upload(client)
    attach(client, first)
    copy = attach(client, second)
    assert (copy.status, copy.stage, copy.duplicate_of) == ("in_progress", "queued", first)
    assert work(harness) == 1
    assert (look(client, second).status, look(client, second).percent, look(client, second).chunk_count) == ("completed", 100, 1)


def test_a_duplicate_of_an_unreadable_file_fails_with_the_same_reason(client: OpenAI, harness: RetrievalHarness) -> None:
    first, second = upload(client, "a.pdf"), upload(client, "b.pdf")
    attach(client, first)
    attach(client, second)
    assert work(harness) == 1
    failed = look(client, second)
    assert failed.status == "failed" and failed.last_error == look(client, first).last_error
    assert failed.duplicate_of is None
    assert attach(client, second).status == "in_progress" and work(harness) == 1


def test_files_of_one_batch_are_duplicates_of_each_other(client: OpenAI, harness: RetrievalHarness) -> None:
    ids = [upload(client), upload(client), upload(client, "other.txt", "Something else."), upload(client)]
    client.vector_stores.file_batches.create("vs_1", file_ids=ids)
    assert [look(client, id).duplicate_of for id in ids] == [None, ids[0], None, ids[0]]
    assert work(harness) == 2
    assert {look(client, id).status for id in ids} == {"completed"}


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("a.md", {}),
        ("b.txt", {"attributes": {"kind": "other"}}),
        ("b.txt", {"chunking_strategy": {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0}}}),
        ("b.txt", {"on_duplicate": "keep_both"}),
    ],
)
def test_the_same_content_with_other_options_is_indexed_by_itself(
    client: OpenAI, harness: RetrievalHarness, name: str, terms: dict[str, Any]
) -> None:
    first, second = upload(client), upload(client, name)
    attach(client, first)
    assert attach(client, second, **terms).duplicate_of is None
    assert work(harness) == 2
    assert sorted(found(client)) == sorted([first, second])


def test_a_duplicate_gets_the_points_when_its_original_is_deleted(client: OpenAI, harness: RetrievalHarness) -> None:
    first, second, third = indexed(client, harness, 3)
    answer: Any = client.vector_stores.files.delete(first, vector_store_id="vs_1")
    assert answer.removed == {"files": 1, "chunks": 0, "note": SHARED_CHUNKS}
    assert found(client) == [second], "no gap, and nothing waits for a worker"
    assert work(harness) == 0 and len(harness.embedder.embedded) == 1
    assert (look(client, second).duplicate_of, look(client, third).duplicate_of) == (None, second)
    assert [each.id for each in client.vector_stores.files.list("vs_1", order="asc")] == [second, third]
    client.files.delete(second)
    assert found(client) == [third] and client.vector_stores.search("vs_1", query="seal").data[0].filename == "2.txt"
    last: Any = client.files.delete(third)
    assert last.removed == {"files": 1, "chunks": 1, "note": None} and harness.index.count("words", {}) == 0


def test_deleting_a_duplicate_keeps_its_original(client: OpenAI, harness: RetrievalHarness) -> None:
    first, second = indexed(client, harness)
    answer: Any = client.files.delete(second)
    assert answer.removed == {"files": 1, "chunks": 0, "note": SHARED_CHUNKS}
    assert found(client) == [first] and harness.index.count("words", {}) == 1
    with harness.database.session() as session:
        assert session.query(Attachment).count() == 1


@pytest.mark.parametrize("end", ["removed", "cancelled"])
def test_a_duplicate_is_indexed_if_its_original_is_deleted_before_it_is_indexed(
    client: OpenAI, harness: RetrievalHarness, end: str
) -> None:
    ids = [upload(client, f"{number}.txt") for number in range(3)]
    batch = client.vector_stores.file_batches.create("vs_1", file_ids=ids[:1])
    for id in ids[1:]:
        attach(client, id)
    if end == "removed":
        client.vector_stores.files.delete(ids[0], vector_store_id="vs_1")
    else:
        client.vector_stores.file_batches.cancel(batch.id, vector_store_id="vs_1")
    assert (look(client, ids[1]).duplicate_of, look(client, ids[2]).duplicate_of) == (None, ids[1])
    work(harness)
    assert found(client) == [ids[1]] and look(client, ids[2]).status == "completed"


def test_a_duplicate_is_indexed_if_its_original_is_deleted_while_it_is_indexed(client: OpenAI, harness: RetrievalHarness) -> None:
    first, second = upload(client), upload(client)
    attach(client, first)
    attach(client, second)

    def remove() -> None:
        harness.embedder.before_batch = lambda: None
        client.files.delete(first)

    harness.embedder.before_batch = remove
    work(harness)
    assert found(client) == [second] and harness.index.count("words", {}) == 1


@pytest.mark.parametrize("changed", [0, 1])
def test_duplicates_whose_attributes_change_are_indexed_by_themselves(client: OpenAI, harness: RetrievalHarness, changed: int) -> None:
    ids = indexed(client, harness)
    client.vector_stores.files.update(ids[changed], vector_store_id="vs_1", attributes={"kind": "new"})
    assert look(client, ids[1]).duplicate_of is None
    assert work(harness) == 1
    only: Any = {"type": "eq", "key": "kind", "value": "new"}
    assert found(client, filters=only) == [ids[changed]] and sorted(found(client)) == sorted(ids)


def test_a_replaced_file_is_deleted_only_when_the_new_one_is_indexed(client: OpenAI, harness: RetrievalHarness) -> None:
    old, other = upload(client, "manual.txt"), upload(client, "other.txt", "The valve is turquoise.")
    for id in (old, other):
        attach(client, id)
    work(harness)
    new = upload(client, "manual.txt", "The seal of the pump is orange.")
    attach(client, new, "replace")
    seen: list[list[str]] = []
    harness.embedder.before_batch = lambda: seen.append(sorted(found(client)))
    work(harness)
    assert seen == [sorted([old, other])]
    assert sorted(found(client)) == sorted([new, other])
    assert sorted(each.id for each in client.vector_stores.files.list("vs_1")) == sorted([new, other])
    assert harness.index.count("words", {}) == 2


def test_a_file_replaces_the_same_content_under_other_names(client: OpenAI, harness: RetrievalHarness) -> None:
    indexed(client, harness)
    new = upload(client, "new.md")
    attach(client, new, "replace")
    work(harness)
    assert [each.id for each in client.vector_stores.files.list("vs_1")] == [new] == found(client)


def test_a_file_that_cannot_be_indexed_replaces_nothing(client: OpenAI, harness: RetrievalHarness) -> None:
    old = upload(client, "manual.pdf", "no PDF")
    attach(client, old)
    good = upload(client, "good.txt")
    attach(client, good)
    work(harness)
    attach(client, upload(client, "manual.pdf", "no PDF either"), "replace")
    work(harness)
    assert len(list(client.vector_stores.files.list("vs_1"))) == 3


def test_files_of_a_new_store_follow_its_duplicate_policy(client: OpenAI, harness: RetrievalHarness) -> None:
    ids = [upload(client), upload(client)]
    store = client.vector_stores.create(file_ids=ids, extra_body={"on_duplicate": "keep_both"}).id
    files: Any = client.vector_stores.files.list(store)
    assert [each.duplicate_of for each in files] == [None, None]
