"""The retrieval service as the stock `openai` SDK sees it: the real embedder, the index in process, SQLite."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from services.retrieval.ingestion.worker import MAX_IDLE_SECONDS
from tests.integration.retrieval_service import running, settings_in
from tests.serving import wait_until

MANUAL = b"# Pump P-7\n\nA pump for cold water.\n\n## Seal\n\nThe seal is turquoise and lasts nine years.\n"
LETTER = b"Dear customer, your order of twelve brass valves was shipped on Tuesday."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[OpenAI]:
    with running(settings_in(folder, max_file_bytes=100_000)) as client:
        yield client


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def upload(client: OpenAI, name: str = "manual.md", content: bytes = MANUAL) -> str:
    return client.files.create(file=(name, content), purpose="assistants").id


def test_files_live_as_in_the_sdk(client: OpenAI) -> None:
    file = client.files.create(file=("naïve 文.md", MANUAL), purpose="user_data")
    assert (file.bytes, file.filename, file.purpose, file.status) == (len(MANUAL), "naïve 文.md", "user_data", "processed")
    assert client.files.retrieve(file.id) == file
    answer = client.files.with_raw_response.content(file.id)
    assert answer.content == MANUAL
    assert "attachment" in answer.headers["content-disposition"]
    assert file.id in [each.id for each in client.files.list(purpose="user_data")]
    assert client.files.delete(file.id).deleted
    with pytest.raises(openai.NotFoundError, match=file.id):
        client.files.retrieve(file.id)


def test_lists_are_paged_by_the_sdk(client: OpenAI) -> None:
    ids = [upload(client, f"{number}.md") for number in range(5)]
    store = client.vector_stores.create(file_ids=ids)
    assert [each.id for each in client.files.list(limit=2, order="asc")][-5:] == ids
    assert sorted(each.id for each in client.vector_stores.files.list(store.id, limit=2)) == sorted(ids)
    assert store.id in [each.id for each in client.vector_stores.list(limit=1)]


def test_a_file_that_is_too_large_is_refused_and_leaves_nothing(client: OpenAI, folder: Path) -> None:
    before = set((folder / "files").iterdir())
    with pytest.raises(openai.APIStatusError, match="RETRIEVAL_MAX_FILE_BYTES") as caught:
        upload(client, content=b"x" * 150_000)
    assert caught.value.status_code == 413
    assert set((folder / "files").iterdir()) == before


def test_a_wrong_purpose_is_refused(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="fine-tune"):
        client.files.create(file=("a.txt", b"a"), purpose="nonsense")  # type: ignore[arg-type]


def test_documents_are_found_with_their_place(client: OpenAI) -> None:
    store = client.vector_stores.create(name="manuals", metadata={"team": "pumps"})
    manual = client.vector_stores.files.upload_and_poll(
        vector_store_id=store.id, file=("manual.md", MANUAL), attributes={"kind": "manual", "year": 2024}
    )
    letter = client.vector_stores.files.create_and_poll(upload(client, "letter.txt", LETTER), vector_store_id=store.id)
    assert (manual.status, letter.status, manual.last_error) == ("completed", "completed", None)
    for mode in ("hybrid", "vector", "keyword"):
        hits = client.vector_stores.search(store.id, query="What colour is the seal?", extra_body={"search_mode": mode}).data
        assert hits[0].filename == "manual.md" and 0 < hits[0].score <= 1
        assert "turquoise" in hits[0].content[0].text
        assert hits[0].attributes == {"kind": "manual", "year": 2024}
        place = hits[0].to_dict()["chunk"]
        assert isinstance(place, dict) and place["title"] == "Pump P-7" and place["start"] == 0
    only = {"type": "and", "filters": [{"type": "eq", "key": "kind", "value": "manual"}, {"type": "eq", "key": "year", "value": 2024}]}
    found = client.vector_stores.search(store.id, query="valves and seals", filters=only)  # type: ignore[arg-type]
    assert {hit.filename for hit in found.data} == {"manual.md"}
    none = client.vector_stores.search(store.id, query="seal", ranking_options={"score_threshold": 0.99})
    assert none.data == []
    seen = client.vector_stores.retrieve(store.id)
    assert (seen.status, seen.file_counts.completed, seen.metadata) == ("completed", 2, {"team": "pumps"})
    assert seen.usage_bytes > 0


def test_a_store_is_changed_field_by_field(client: OpenAI) -> None:
    store = client.vector_stores.create(name="one", metadata={"a": "b"})
    assert client.vector_stores.update(store.id, name="two").metadata == {"a": "b"}
    changed = client.vector_stores.update(store.id, metadata={"c": "d"}, expires_after={"anchor": "last_active_at", "days": 7})
    assert (changed.name, changed.metadata) == ("two", {"c": "d"})
    assert changed.expires_at is not None and changed.last_active_at is not None
    assert changed.expires_at - changed.last_active_at == 7 * 86400


def test_files_that_failed_can_be_listed(client: OpenAI) -> None:
    store = client.vector_stores.create()
    failed = client.vector_stores.files.upload_and_poll(vector_store_id=store.id, file=("a.bin", b"\x00\x01"))
    assert [each.id for each in client.vector_stores.files.list(store.id, filter="failed")] == [failed.id]
    assert client.vector_stores.retrieve(store.id).file_counts.failed == 1


@pytest.mark.parametrize(
    ("name", "content", "code", "words"),
    [
        ("a.bin", b"\x00\x01", "unsupported_file", "Supported formats: pdf"),
        ("image.png", b"\x89PNG\r\n\x1a\n", "unsupported_file", "PNG"),
        ("empty.txt", b"", "invalid_file", "no text"),
        ("broken.pdf", b"%PDF-1.4 and no more", "invalid_file", "not a PDF, or is damaged"),
        ("broken.docx", b"PK\x03\x04 and no more", "invalid_file", "Upload it again"),
    ],
)
def test_the_code_of_a_failed_file_says_whose_fault_it_is(client: OpenAI, name: str, content: bytes, code: str, words: str) -> None:
    store = client.vector_stores.create()
    failed = client.vector_stores.files.upload_and_poll(vector_store_id=store.id, file=(name, content))
    assert failed.status == "failed" and failed.last_error is not None
    assert failed.last_error.code == code and words in failed.last_error.message


def test_a_batch_of_which_some_files_fail_is_completed_and_counts_them(client: OpenAI) -> None:
    store = client.vector_stores.create()
    files: Any = [("good.md", MANUAL), ("letter.txt", LETTER), ("bad.bin", b"\x00")]
    batch = client.vector_stores.file_batches.upload_and_poll(store.id, files=files)
    assert (batch.status, batch.file_counts.completed, batch.file_counts.failed, batch.file_counts.total) == ("completed", 2, 1, 3)
    listed = client.vector_stores.file_batches.list_files(batch.id, vector_store_id=store.id, limit=1, order="asc")
    assert sorted(file.status for file in listed) == ["completed", "completed", "failed"]
    failed = client.vector_stores.file_batches.list_files(batch.id, vector_store_id=store.id, filter="failed")
    assert [file.last_error.code for file in failed if file.last_error] == ["unsupported_file"]


@pytest.mark.anyio
async def test_the_asynchronous_client_uploads_polls_pages_and_searches(client: OpenAI) -> None:
    async with AsyncOpenAI(base_url=client.base_url, api_key="none", max_retries=0) as later:
        store = (await later.vector_stores.create()).id
        manual = await later.vector_stores.files.upload_and_poll(vector_store_id=store, file=("manual.md", MANUAL))
        files: Any = [("letter.txt", LETTER), ("note.txt", b"A note on bearings.")]
        batch = await later.vector_stores.file_batches.upload_and_poll(store, files=files)
        assert (manual.status, batch.status, batch.file_counts.completed) == ("completed", "completed", 2)
        again = await later.vector_stores.file_batches.create_and_poll(store, files=[{"file_id": manual.id}])
        assert (again.status, again.file_counts.total) == ("completed", 1)
        assert manual.id in [file.id async for file in later.vector_stores.files.list(store, limit=1)]
        assert len([file async for file in later.vector_stores.file_batches.list_files(batch.id, vector_store_id=store, limit=1)]) == 2
        assert manual.id in [file.id async for file in later.files.list(limit=2)]
        assert store in [each.id async for each in later.vector_stores.list(limit=1)]
        parts = later.vector_stores.files.content(manual.id, vector_store_id=store)
        assert [part.text async for part in parts] == [MANUAL.decode().strip()]
        hits = [hit async for hit in later.vector_stores.search(store, query=["turquoise seal", "brass valves"])]
        assert {hit.filename for hit in hits[:2]} == {"manual.md", "letter.txt"}
        assert (await later.vector_stores.delete(store)).deleted


def test_files_and_stores_say_when_they_end(client: OpenAI) -> None:
    file = client.files.create(file=("a.md", MANUAL), purpose="user_data", expires_after={"anchor": "created_at", "seconds": 3600})
    assert file.expires_at == file.created_at + 3600
    for_a_batch = client.files.create(file=("a.jsonl", b"{}"), purpose="batch")
    assert for_a_batch.expires_at == for_a_batch.created_at + 30 * 86400
    store = client.vector_stores.create(expires_after={"anchor": "last_active_at", "days": 1})
    assert store.last_active_at is not None and store.expires_at == store.last_active_at + 86400
    assert client.vector_stores.update(store.id, expires_after=None).expires_at is None
    wrong: Any
    for wrong in ({"anchor": "created_at", "days": 1}, {"anchor": "last_active_at", "days": 0}, {"anchor": "last_active_at", "days": 366}):
        with pytest.raises(openai.BadRequestError, match="expires_after"):
            client.vector_stores.create(expires_after=wrong)
    for wrong in ({"anchor": "last_active_at", "seconds": 3600}, {"anchor": "created_at", "seconds": 1}):
        with pytest.raises(openai.BadRequestError, match="expires_after"):
            client.files.create(file=("a.md", MANUAL), purpose="user_data", expires_after=wrong)


@pytest.mark.parametrize(
    ("attributes", "where", "limit"),
    [
        ({str(number): 1 for number in range(17)}, "attributes", "at most 16 keys; got 17"),
        ({"k" * 65: 1}, "attributes." + "k" * 65, "1 to 64 characters; got 65"),
        ({"key": "v" * 513}, "attributes.key", "at most 512 characters"),
        ({"key": [1]}, "attributes.key", "must be a string, a boolean, or a number; got a list"),
    ],
)
def test_attributes_beyond_a_limit_are_refused_wherever_they_are_sent(client: OpenAI, attributes: Any, where: str, limit: str) -> None:
    store, file = client.vector_stores.create().id, upload(client)
    in_store = client.vector_stores.files
    in_store.create(store, file_id=file)
    for call, prefix in (
        (lambda: in_store.create(store, file_id=file, attributes=attributes), ""),
        (lambda: in_store.update(file, vector_store_id=store, attributes=attributes), ""),
        (lambda: client.vector_stores.file_batches.create(store, files=[{"file_id": file, "attributes": attributes}]), "files[0]."),
    ):
        with pytest.raises(openai.BadRequestError, match=limit) as caught:
            call()
        assert caught.value.param == prefix + where


def test_attributes_come_back_as_they_were_sent(client: OpenAI) -> None:
    sent: Any = {"whole": 2024, "part": 0.5, "true": True, "text": "1"}
    store, file = client.vector_stores.create().id, upload(client)
    shown = client.vector_stores.files.with_raw_response.create(store, file_id=file, attributes=sent)
    assert '"attributes":{"whole":2024,"part":0.5,"true":true,"text":"1"}' in shown.text
    client.vector_stores.files.poll(file, vector_store_id=store)
    for key, value, found in (("whole", 2024, 1), ("whole", 2024.0, 1), ("whole", "2024", 0), ("true", 1, 0), ("text", 1, 0)):
        only: Any = {"type": "eq", "key": key, "value": value}
        assert len(client.vector_stores.search(store, query="seal", filters=only).data) == found, (key, value)


def test_a_duplicate_with_its_own_attributes_is_found_by_them_immediately(client: OpenAI) -> None:
    store = client.vector_stores.create().id
    batch = client.vector_stores.file_batches.upload_and_poll(store, files=[(f"{n}.txt", b"The seal is turquoise.") for n in range(3)])
    assert batch.file_counts.completed == 3
    files = [file.id for file in client.vector_stores.files.list(store)]
    for number, file in enumerate(files):
        client.vector_stores.files.update(file, vector_store_id=store, attributes={"number": number})

    def found(number: int) -> list[str]:
        only: Any = {"type": "eq", "key": "number", "value": number}
        return [hit.file_id for hit in client.vector_stores.search(store, query="seal", filters=only).data]

    wait_until(lambda: [found(number) for number in range(3)] == [[file] for file in files], MAX_IDLE_SECONDS / 2)


def test_a_chunk_longer_than_the_models_window_is_embedded_whole(client: OpenAI) -> None:
    store = client.vector_stores.create()
    text = "The weather was mild and nothing happened. " * 120 + "The submarine is painted orange."
    client.vector_stores.files.upload_and_poll(
        vector_store_id=store.id,
        file=("log.txt", text.encode()),
        chunking_strategy={"type": "static", "static": {"max_chunk_size_tokens": 4000, "chunk_overlap_tokens": 0}},
    )
    plain = client.vector_stores.search(store.id, query="orange submarine", extra_body={"search_mode": "vector"}).data
    assert len(plain) == 1 and plain[0].content[0].text == text
    assert plain[0].score > 0.1


@pytest.mark.parametrize("how", ["from the store", "the file", "the store"])
def test_what_was_deleted_never_comes_back(client: OpenAI, how: str) -> None:
    store = client.vector_stores.create()
    file = client.vector_stores.files.upload_and_poll(vector_store_id=store.id, file=("manual.md", MANUAL))
    assert client.vector_stores.search(store.id, query="turquoise seal").data
    if how == "from the store":
        client.vector_stores.files.delete(file.id, vector_store_id=store.id)
        assert client.files.content(file.id).content == MANUAL
    elif how == "the file":
        client.files.delete(file.id)
    else:
        client.vector_stores.delete(store.id)
        with pytest.raises(openai.NotFoundError):
            client.vector_stores.search(store.id, query="turquoise seal")
        return
    assert client.vector_stores.search(store.id, query="turquoise seal").data == []
    assert client.vector_stores.retrieve(store.id).file_counts.total == 0


def test_errors_have_openais_envelope(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="vs_none") as caught:
        client.vector_stores.search("vs_none", query="a")
    assert caught.value.type == "invalid_request_error"
    store = client.vector_stores.create()
    with pytest.raises(openai.NotFoundError, match="file-none"):
        client.vector_stores.files.create(store.id, file_id="file-none")
    with pytest.raises(openai.BadRequestError, match="query"):
        client.vector_stores.search(store.id, query="")
    with pytest.raises(openai.BadRequestError, match="chunk_overlap_tokens"):
        client.vector_stores.create(
            file_ids=[], chunking_strategy={"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 90}}
        )


def test_with_keys_set_no_call_sees_another_projects_anything(tmp_path: Path) -> None:
    common = {"keys": "red:red-secret,blue:blue-secret", "worker_key": "worker-secret"}
    with running(settings_in(tmp_path, common), key="red-secret") as red:
        blue = red.with_options(api_key="blue-secret")
        worker = red.with_options(api_key="worker-secret", default_headers={"X-Tandem-Project": "red"})
        for wrong in (red.with_options(api_key="wrong-secret"), red.with_options(api_key="worker-secret")):
            with pytest.raises(openai.AuthenticationError):
                wrong.files.list()
        assert httpx.get(f"{red.base_url}files").status_code == 401
        file, store = upload(red), red.vector_stores.create(name="red").id
        done = red.vector_stores.files.create_and_poll(file, vector_store_id=store)
        assert done.status == "completed"
        assert worker.files.content(file).content == MANUAL
        assert not list(blue.files.list()) and not list(blue.vector_stores.list())
        own = blue.vector_stores.create(name="blue").id
        for call in (
            lambda: blue.files.retrieve(file),
            lambda: blue.files.content(file),
            lambda: blue.files.delete(file),
            lambda: blue.vector_stores.retrieve(store),
            lambda: blue.vector_stores.update(store, name="mine"),
            lambda: blue.vector_stores.delete(store),
            lambda: blue.vector_stores.search(store, query="seal"),
            lambda: blue.vector_stores.files.list(store),
            lambda: blue.vector_stores.files.retrieve(file, vector_store_id=store),
            lambda: blue.vector_stores.files.delete(file, vector_store_id=store),
            lambda: blue.vector_stores.files.create(own, file_id=file),
            lambda: blue.vector_stores.create(file_ids=[file]),
        ):
            with pytest.raises(openai.NotFoundError):
                call()
        assert red.vector_stores.search(store, query="seal").data
