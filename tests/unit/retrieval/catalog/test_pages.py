import openai
import pytest
from openai import OpenAI

from services.retrieval.catalog import attachments, files
from shared.contracts.paging import PageRequest
from shared.errors import InvalidRequest
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.catalog.attaching import add_file, attach


def upload(client: OpenAI, count: int) -> list[str]:
    return [client.files.create(file=(f"{number}.txt", b"text"), purpose="assistants").id for number in range(count)]


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_every_list_can_be_deleted_while_it_is_read_page_by_page(client: OpenAI, order: str) -> None:
    how = {"limit": 3, "order": order}
    ids = upload(client, 8)
    client.vector_stores.file_batches.create("vs_1", file_ids=ids)
    for file in client.vector_stores.files.list("vs_1", **how):  # type: ignore[arg-type]
        client.vector_stores.files.delete(file.id, vector_store_id="vs_1")
    assert not list(client.vector_stores.files.list("vs_1"))
    for uploaded in client.files.list(**how):  # type: ignore[arg-type]
        client.files.delete(uploaded.id)
    assert not list(client.files.list())
    for _ in range(8):
        client.vector_stores.create()
    for store in client.vector_stores.list(**how):  # type: ignore[arg-type]
        client.vector_stores.delete(store.id)
    assert not list(client.vector_stores.list())


def test_a_deleted_file_keeps_its_position_in_the_lists_of_stores_and_batches(client: OpenAI) -> None:
    ids = upload(client, 5)
    batch = client.vector_stores.file_batches.create("vs_1", file_ids=ids)
    client.files.delete(ids[2])
    rest = client.vector_stores.files.list("vs_1", order="asc", after=ids[2])
    assert [file.id for file in rest] == ids[3:]
    before = client.vector_stores.file_batches.list_files(batch.id, vector_store_id="vs_1", order="asc", before=ids[2], limit=1)
    assert [file.id for file in before.data] == ids[1:2] and before.has_more


def test_a_page_has_its_first_and_last_id_and_whether_more_follows(client: OpenAI) -> None:
    ids = upload(client, 3)
    page = client.files.list(limit=2, order="asc")
    assert page.to_dict() | {"data": None} == {"object": "list", "data": None, "first_id": ids[0], "last_id": ids[1], "has_more": True}
    back = client.files.with_raw_response.list(limit=1, order="asc", extra_query={"before": ids[2]}).parse()
    assert [file.id for file in back.data] == [ids[1]] and back.has_more
    empty = client.vector_stores.files.list("vs_1")
    assert empty.to_dict() == {"object": "list", "data": [], "first_id": None, "last_id": None, "has_more": False}


def test_an_id_of_another_list_is_rejected_as_after(client: OpenAI) -> None:
    ids = upload(client, 2)
    client.vector_stores.files.create("vs_1", file_id=ids[0])
    client.vector_stores.files.delete(ids[0], vector_store_id="vs_1")
    other = client.vector_stores.create().id
    for id in (*ids, "file-x"):
        with pytest.raises(openai.BadRequestError, match="List again without"):
            client.vector_stores.files.list(other, after=id)


def test_pages_neither_lose_nor_repeat_rows(harness: RetrievalHarness) -> None:
    for number in range(25):
        add_file(harness, f"file-{number:02}", created_at=1000.0 + number // 3, purpose="evals" if number % 5 == 0 else "assistants")
    for order in ("asc", "desc"):
        seen: list[str] = []
        after: str | None = None
        more = True
        with harness.database.session() as session:
            while more:
                page = files.list_page(session, "default", None, PageRequest(4, order, after))
                seen += [file.id for file in page.rows]
                after, more = seen[-1], page.has_more
        expected = [f"file-{number:02}" for number in range(25)]
        assert seen == (expected if order == "asc" else expected[::-1])
    with harness.database.session() as session:
        assert [file.id for file in files.list_page(session, "default", "evals", PageRequest(2, "asc")).rows] == ["file-00", "file-05"]
        back = files.list_page(session, "default", None, PageRequest(3, "asc", before="file-10"))
        assert ([file.id for file in back.rows], back.has_more) == (["file-07", "file-08", "file-09"], True)


def test_after_may_name_a_row_that_no_longer_matches_the_filter(harness: RetrievalHarness) -> None:
    for number in range(4):
        attach(harness, add_file(harness, f"file-{number}"))
    with harness.database.session() as session:
        first = attachments.list_page(session, "vs_1", "in_progress", PageRequest(2, "asc"))
        first.rows[-1].status = "completed"
    with harness.database.session() as session:
        rest = attachments.list_page(session, "vs_1", "in_progress", PageRequest(2, "asc", first.rows[-1].file_id))
    assert [each.file_id for each in (*first.rows, *rest.rows)] == ["file-0", "file-1", "file-2", "file-3"]


def test_after_must_name_a_row_of_the_list(harness: RetrievalHarness) -> None:
    with harness.database.session() as session, pytest.raises(InvalidRequest, match="file-x"):
        files.list_page(session, "default", None, PageRequest(4, "asc", "file-x"))
