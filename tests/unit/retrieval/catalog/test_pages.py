import openai
import pytest
from openai import OpenAI


def upload(client: OpenAI, count: int) -> list[str]:
    return [client.files.create(file=(f"{number}.txt", b"text"), purpose="assistants").id for number in range(count)]


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_every_list_can_be_deleted_while_it_is_paged(client: OpenAI, order: str) -> None:
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


def test_deleting_a_file_keeps_its_place_in_the_lists_of_stores_and_batches(client: OpenAI) -> None:
    ids = upload(client, 5)
    batch = client.vector_stores.file_batches.create("vs_1", file_ids=ids)
    client.files.delete(ids[2])
    rest = client.vector_stores.files.list("vs_1", order="asc", after=ids[2])
    assert [file.id for file in rest] == ids[3:]
    before = client.vector_stores.file_batches.list_files(batch.id, vector_store_id="vs_1", order="asc", before=ids[2], limit=1)
    assert [file.id for file in before.data] == ids[1:2] and before.has_more


def test_a_page_names_its_ends_and_whether_more_follows(client: OpenAI) -> None:
    ids = upload(client, 3)
    page = client.files.list(limit=2, order="asc")
    assert page.to_dict() | {"data": None} == {"object": "list", "data": None, "first_id": ids[0], "last_id": ids[1], "has_more": True}
    back = client.files.with_raw_response.list(limit=1, order="asc", extra_query={"before": ids[2]}).parse()
    assert [file.id for file in back.data] == [ids[1]] and back.has_more
    empty = client.vector_stores.files.list("vs_1")
    assert empty.to_dict() == {"object": "list", "data": [], "first_id": None, "last_id": None, "has_more": False}


def test_a_cursor_of_another_list_is_refused(client: OpenAI) -> None:
    ids = upload(client, 2)
    client.vector_stores.files.create("vs_1", file_id=ids[0])
    client.vector_stores.files.delete(ids[0], vector_store_id="vs_1")
    other = client.vector_stores.create().id
    for id in (*ids, "file-x"):
        with pytest.raises(openai.BadRequestError, match="List again without"):
            client.vector_stores.files.list(other, after=id)
