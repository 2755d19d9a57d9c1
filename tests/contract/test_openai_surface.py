"""Files, vector stores, their files and their batches, checked against the installed `openai` package: every method, every parameter of its
types, every field of its responses. These tests fail with a version of the package that has more.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openai.types
import openai.types.vector_stores
import pytest
from openai import OpenAI
from openai.resources import files as files_resource
from openai.resources import vector_stores as stores_resource
from openai.types import (
    FileCreateParams,
    FileListParams,
    VectorStoreCreateParams,
    VectorStoreListParams,
    VectorStoreUpdateParams,
)
from openai.types import vector_stores as of_stores

from tests.pdf import make_pdf
from tests.retrieval_harness import RetrievalHarness
from tests.sdk_types import check, field_paths, sent_paths
from tests.unit.retrieval.sdk import open_sdk

STATIC = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 10}}
AUTO = {"type": "auto"}
PAGE = {"limit": 2, "order": "asc"}
EXPIRY = {"anchor": "last_active_at", "days": 7}
NOT_ENDPOINTS = {"with_raw_response", "with_streaming_response"}
TEXT = b"# Seals\n\nThe seal is turquoise.\n"


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[RetrievalHarness]:
    opened = RetrievalHarness(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def client(harness: RetrievalHarness) -> Iterator[OpenAI]:
    worker = harness.worker()
    worker.start()
    with open_sdk(harness, worker) as client:
        yield client
    worker.stop()


def upload(client: OpenAI, content: bytes = TEXT) -> str:
    return client.files.create(file=("seals.md", content), purpose="assistants").id


Call = Callable[..., Any]


def examples(client: OpenAI) -> dict[Any, tuple[Call, list[dict[str, Any]]]]:
    """Return, for every type of parameters, the call that accepts them, and examples that together send all of them."""
    first, second, third, fourth = (upload(client, TEXT + bytes([65 + number])) for number in range(4))
    store = client.vector_stores.create(file_ids=[first, second]).id
    batch = client.vector_stores.file_batches.create(store, file_ids=[first, second]).id
    client.vector_stores.file_batches.poll(batch, vector_store_id=store)
    stores, in_store, batches = (
        client.vector_stores.with_raw_response,
        client.vector_stores.files.with_raw_response,
        client.vector_stores.file_batches.with_raw_response,
    )
    later = client.vector_stores.create().id
    cursors = [{"after": first}, {"before": second}]
    kind = {"attributes": {"kind": "seal", "year": 2024.5, "open": True}}
    both = {**kind, "chunking_strategy": STATIC}
    new = {"name": "n", "description": "d", "file_ids": [first], "metadata": {"a": "b"}, "expires_after": EXPIRY}
    upload_fields = {"file": ("a.md", TEXT), "purpose": "user_data", "expires_after": {"anchor": "created_at", "seconds": 3600}}
    return {
        FileCreateParams: (client.files.with_raw_response.create, [upload_fields]),
        FileListParams: (client.files.with_raw_response.list, [{**PAGE, "after": first, "purpose": "assistants"}]),
        VectorStoreCreateParams: (stores.create, [{**new, "chunking_strategy": STATIC}, {"file_ids": [first], "chunking_strategy": AUTO}]),
        VectorStoreListParams: (stores.list, [{**PAGE, "after": "vs_1"}, {"before": later, "order": "asc"}]),
        VectorStoreUpdateParams: (
            lambda **options: stores.update(store, **options),
            [{"name": "m", "metadata": {"c": "d"}, "expires_after": EXPIRY}, {"name": None, "metadata": None, "expires_after": None}],
        ),
        of_stores.FileCreateParams: (
            lambda **options: in_store.create(store, **options),
            [{"file_id": third, **both}, {"file_id": fourth, "attributes": None, "chunking_strategy": AUTO}],
        ),
        of_stores.FileUpdateParams: (
            lambda **options: in_store.update(first, **options),
            [{"vector_store_id": store, **kind}, {"vector_store_id": store, "attributes": None}],
        ),
        of_stores.FileListParams: (
            lambda **options: in_store.list(store, **options),
            [{**PAGE, "filter": "completed", **cursor} for cursor in cursors],
        ),
        of_stores.FileBatchCreateParams: (
            lambda **options: batches.create("vs_1", **options),
            [{"file_ids": [first], **both}, {"files": [{"file_id": second, **both}]}],
        ),
        of_stores.FileBatchListFilesParams: (
            lambda **options: batches.list_files(batch, **options),
            [{"vector_store_id": store, **PAGE, "filter": "completed", **cursor} for cursor in cursors],
        ),
    }


def test_every_parameter_of_the_sdks_types_is_accepted(client: OpenAI) -> None:
    results = examples(client)
    all_params = {getattr(module, name) for module in (openai.types, of_stores) for name in dir(module) if name.endswith("Params")}
    covered = {each for each in all_params if each.__module__.startswith(("openai.types.vector_store", "openai.types.file_"))}
    assert covered - {openai.types.VectorStoreSearchParams} == set(results), "the SDK has calls that are not tested here"
    for params, (call, options) in results.items():
        # Each example sends one strategy of the union, which has only `type` and `static`.
        assert {path for each in options for path in sent_paths(each)} == field_paths(params), params
        for each in options:
            check(call(**each))


def endpoints(resource: Any) -> set[str]:
    return {name for name in vars(resource) if not name.startswith("_")} - NOT_ENDPOINTS


def test_every_method_of_the_sdk_works(client: OpenAI) -> None:
    results: dict[str, Any] = {}
    files, stores = client.files.with_raw_response, client.vector_stores.with_raw_response
    results["files.create"] = file = check(files.create(file=("seals.md", TEXT), purpose="assistants")).id
    results["files.retrieve"] = check(files.retrieve(file))
    results["files.list"] = check(files.list())
    results["files.content"] = client.files.content(file)
    assert results["files.content"].read() == results["files.content"].content == TEXT
    with pytest.warns(DeprecationWarning):
        results["files.retrieve_content"] = client.files.retrieve_content(file)
    assert results["files.retrieve_content"] == TEXT.decode()
    results["files.wait_for_processing"] = client.files.wait_for_processing(file)
    results["create"] = store = check(stores.create(name="seals")).id
    results["retrieve"], results["list"] = check(stores.retrieve(store)), check(stores.list())
    results["update"] = check(stores.update(store, name="new"))
    call_store_files(client, results, store, file)
    call_batches(client, results, store, file)
    results["search"] = check(stores.search(store, query="seal"))
    results["delete"] = check(stores.delete(store))
    results["files.delete"] = check(files.delete(file))
    assert {"object": "file", "deleted": True}.items() <= results["files.delete"].to_dict().items()
    expected = {f"files.{name}" for name in endpoints(files_resource.Files)}
    expected |= endpoints(stores_resource.VectorStores) - {"files", "file_batches"}
    expected |= {f"stores.files.{name}" for name in endpoints(stores_resource.Files)}
    expected |= {f"stores.batches.{name}" for name in endpoints(stores_resource.FileBatches)}
    assert set(results) == expected


def call_store_files(client: OpenAI, results: dict[str, Any], store: str, file: str) -> None:
    files, raw, at = client.vector_stores.files, client.vector_stores.files.with_raw_response, "stores.files."
    new: Any = ("other.md", TEXT + b"New.")
    results[at + "create"] = check(raw.create(store, file_id=file))
    results[at + "poll"] = files.poll(file, vector_store_id=store, poll_interval_ms=10)
    results[at + "create_and_poll"] = files.create_and_poll(file, vector_store_id=store)
    results[at + "upload"] = files.upload(vector_store_id=store, file=new)
    results[at + "upload_and_poll"] = files.upload_and_poll(vector_store_id=store, file=("more.md", b"More."), attributes={"a": 1})
    assert [results[at + name].status for name in ("poll", "create_and_poll", "upload_and_poll")] == ["completed"] * 3
    results[at + "retrieve"] = check(raw.retrieve(file, vector_store_id=store))
    results[at + "update"] = check(raw.update(file, vector_store_id=store, attributes={"kind": "seal"}))
    results[at + "list"] = check(raw.list(store))
    results[at + "content"] = check(raw.content(file, vector_store_id=store))
    results[at + "delete"] = check(raw.delete(results[at + "upload"].id, vector_store_id=store))


def call_batches(client: OpenAI, results: dict[str, Any], store: str, file: str) -> None:
    batches, raw, at = client.vector_stores.file_batches, client.vector_stores.file_batches.with_raw_response, "stores.batches."
    two: Any = [("one.md", b"One."), ("two.md", b"Two.")]
    results[at + "create"] = batch = check(raw.create(store, file_ids=[file]))
    results[at + "create_and_poll"] = batches.create_and_poll(store, files=[{"file_id": file}])
    results[at + "upload_and_poll"] = done = batches.upload_and_poll(store, files=two, file_ids=[file], poll_interval_ms=10)
    assert (done.status, done.file_counts.completed) == ("completed", 3)
    results[at + "poll"] = batches.poll(batch.id, vector_store_id=store)
    results[at + "retrieve"] = check(raw.retrieve(batch.id, vector_store_id=store))
    results[at + "cancel"] = check(raw.cancel(batch.id, vector_store_id=store))
    results[at + "list_files"] = check(raw.list_files(done.id, vector_store_id=store))


def test_the_content_of_a_file_is_returned_whole_or_page_by_page(client: OpenAI) -> None:
    text = "# Seals\n\n" + " ".join(f"Seal {number} is turquoise." for number in range(400))
    pdf = make_pdf(["one seal", "another seal", "the last seal"])
    for name, content, parts in (("a.md", text.encode(), [text]), ("a.pdf", pdf, ["one seal\n\n", "another seal\n\n", "the last seal"])):
        file = client.vector_stores.files.upload_and_poll(vector_store_id="vs_1", file=(name, content))
        page = client.vector_stores.files.content(file.id, vector_store_id="vs_1")
        assert [part.text for part in page] == parts and {part.type for part in page} == {"text"}
        assert page.object == "vector_store.file_content.page"
    failed = client.vector_stores.files.upload_and_poll(vector_store_id="vs_1", file=("a.bin", b"\x00"))
    with pytest.raises(openai.BadRequestError, match="its status is 'failed'"):
        client.vector_stores.files.content(failed.id, vector_store_id="vs_1")
