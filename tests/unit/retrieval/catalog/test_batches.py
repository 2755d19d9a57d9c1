from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import openai
import pytest
from openai import OpenAI
from sqlalchemy import event

from services.retrieval.catalog import files
from services.retrieval.catalog.records import File
from shared.records.database import Database
from tests.retrieval_harness import RetrievalHarness


def upload(client: OpenAI, count: int) -> list[str]:
    texts = [f"Pump {number} is turquoise.".encode() for number in range(count)]
    return [client.files.create(file=(f"{number}.txt", text), purpose="assistants").id for number, text in enumerate(texts)]


def test_the_options_of_a_batch_apply_to_each_of_its_files(client: OpenAI, harness: RetrievalHarness) -> None:
    ids = upload(client, 4)
    static = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 10}}
    client.vector_stores.file_batches.create("vs_1", file_ids=ids[:2], attributes={"kind": "pump"}, chunking_strategy=static)  # type: ignore[arg-type]
    client.vector_stores.file_batches.create(
        "vs_1",
        files=[{"file_id": ids[2], "attributes": {"kind": "valve"}}, {"file_id": ids[3], "chunking_strategy": static}],  # type: ignore[typeddict-item]
        attributes={"kind": "is not used"},
    )
    seen = [client.vector_stores.files.retrieve(id, vector_store_id="vs_1") for id in ids]
    assert [each.attributes for each in seen] == [{"kind": "pump"}, {"kind": "pump"}, {"kind": "valve"}, None]
    assert [each.chunking_strategy == seen[0].chunking_strategy for each in seen] == [True, True, False, True]


def test_a_batch_counts_its_files_by_status(client: OpenAI, harness: RetrievalHarness) -> None:
    ids = upload(client, 3)
    bad = client.files.create(file=("a.bin", b"\x00"), purpose="assistants").id
    batch = client.vector_stores.file_batches.create("vs_1", file_ids=[*ids, bad, ids[0]])
    assert batch.status == "in_progress" and batch.file_counts.to_dict() == counts(in_progress=4)
    harness.work()
    batch = client.vector_stores.file_batches.poll(batch.id, vector_store_id="vs_1")
    assert batch.status == "completed" and batch.file_counts.to_dict() == counts(completed=3, failed=1)
    assert [each.id for each in client.vector_stores.files.list("vs_1", order="asc")] == [*ids, bad]
    listed = client.vector_stores.file_batches.list_files
    assert [each.id for each in listed(batch.id, vector_store_id="vs_1", filter="failed")] == [bad]
    assert [each.id for each in listed(batch.id, vector_store_id="vs_1", order="asc", limit=2)] == [*ids, bad]
    only = client.vector_stores.file_batches.create("vs_1", file_ids=[client.files.create(file=("b.bin", b"\x00"), purpose="evals").id])
    harness.work()
    assert client.vector_stores.file_batches.retrieve(only.id, vector_store_id="vs_1").status == "failed"


def counts(**values: int) -> dict[str, int]:
    return {**dict.fromkeys(("in_progress", "completed", "failed", "cancelled"), 0), **values, "total": sum(values.values())}


def test_canceling_a_batch_keeps_the_files_that_are_indexed(client: OpenAI, harness: RetrievalHarness) -> None:
    ids = upload(client, 3)
    batch = client.vector_stores.file_batches.create("vs_1", file_ids=ids)
    harness.worker().work_once()
    cancelled = client.vector_stores.file_batches.cancel(batch.id, vector_store_id="vs_1")
    assert cancelled.status == "cancelled" and cancelled.file_counts.to_dict() == counts(completed=1, cancelled=2)
    assert not harness.worker().work_once()
    done = client.vector_stores.file_batches.create("vs_1", file_ids=ids[:1])
    assert client.vector_stores.file_batches.cancel(done.id, vector_store_id="vs_1").status == "completed"


def test_a_batch_is_attached_completely_or_not_at_all(client: OpenAI) -> None:
    ids = upload(client, 2)
    with pytest.raises(openai.NotFoundError, match="file-x"):
        client.vector_stores.file_batches.create("vs_1", file_ids=[*ids, "file-x"])
    assert client.vector_stores.retrieve("vs_1").file_counts.total == 0
    wrongs: list[dict[str, Any]] = [
        {},
        {"file_ids": []},
        {"file_ids": ids, "files": [{"file_id": ids[0]}]},
        {"files": [{"file_id": ids[0]}] * 2},
    ]
    for wrong in wrongs:
        with pytest.raises(openai.BadRequestError, match="file"):
            client.vector_stores.file_batches.create("vs_1", **wrong)
    with pytest.raises(openai.NotFoundError, match="vsfb_x"):
        client.vector_stores.file_batches.retrieve("vsfb_x", vector_store_id="vs_1")


@contextmanager
def counted_statements(database: Database) -> Iterator[list[str]]:
    """Collect the statements that are sent to the database; one for many rows counts once."""
    statements: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", count)
    yield statements
    event.remove(database.engine, "before_cursor_execute", count)


def test_two_thousand_files_are_attached_with_a_limited_number_of_statements(client: OpenAI, harness: RetrievalHarness) -> None:
    about = {"project_id": "default", "filename": "a.txt", "purpose": "assistants", "bytes": 1, "sha256": ""}
    ids = [f"file-{number:04}" for number in range(2000)]
    with harness.database.session() as session:
        for id in ids:
            files.add(session, File(id=id, **about))
    with counted_statements(harness.database) as statements:
        batch = client.vector_stores.file_batches.create("vs_1", file_ids=ids, attributes={"kind": "pump"})
    assert batch.file_counts.in_progress == 2000
    assert len(statements) < 100, statements
    assert client.vector_stores.file_batches.cancel(batch.id, vector_store_id="vs_1").file_counts.cancelled == 2000
    with pytest.raises(openai.BadRequestError, match="file_ids"):
        client.vector_stores.file_batches.create("vs_1", file_ids=[*ids, "file-x"])
