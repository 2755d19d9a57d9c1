from typing import Any

from openai import OpenAI

from tests.retrieval_harness import RetrievalHarness


def test_files_attached_without_a_strategy_get_the_stores(harness: RetrievalHarness, client: OpenAI) -> None:
    named: Any = {"type": "sentence", "sentence": {"max_chunk_size_tokens": 50, "chunk_overlap_tokens": 10}}
    other: Any = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0}}
    files = [harness.attach(f"Text {i}.", store_id="vs_1") for i in range(4)]
    store = client.vector_stores.create(file_ids=files[:1], chunking_strategy=named)
    assert store.to_dict()["chunking_strategy"] == named
    client.vector_stores.files.create(store.id, file_id=files[1])
    client.vector_stores.files.create(store.id, file_id=files[2], chunking_strategy=other)
    client.vector_stores.files.create(store.id, file_id=files[3], chunking_strategy={"type": "auto"})
    strategies: list[Any] = [
        client.vector_stores.files.retrieve(file, vector_store_id=store.id).to_dict()["chunking_strategy"] for file in files
    ]
    assert strategies[:2] == [{"type": "other", "strategy": named}] * 2
    assert strategies[2] == other
    assert strategies[3]["strategy"]["type"] == "markdown"
    assert client.vector_stores.create().to_dict()["chunking_strategy"] == {"type": "auto"}
