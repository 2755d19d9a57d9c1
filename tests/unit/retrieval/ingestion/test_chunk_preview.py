from typing import Any

import pytest
from openai import APIStatusError, OpenAI

from tests.retrieval_harness import RetrievalHarness

TEXT = "# Guide\n\n" + "\n\n".join(f"Paragraph {i} says a few words. It has a second sentence." for i in range(40))


def ask(sdk: OpenAI, **body: Any) -> dict[str, Any]:
    answer: Any = sdk.post("/chunks/preview", body=body, cast_to=object)
    return dict(answer)


def test_a_preview_shows_the_chunks_that_a_file_would_have(harness: RetrievalHarness, sdk: OpenAI) -> None:
    file_id = harness.attach(TEXT, "guide.md")
    strategy = {"type": "markdown", "markdown": {"max_chunk_size_tokens": 60, "chunk_overlap_tokens": 0}}
    shown = ask(sdk, file_id=file_id, chunking_strategy=strategy, limit=3, offset=2)
    assert shown["chunking_strategy"] == strategy
    assert shown["embedding_model"] == "words"
    assert [each["position"] for each in shown["data"]] == [2, 3, 4]
    for each in shown["data"]:
        assert each["text"] == TEXT[each["start"] : each["end"]]
        assert each["embedded_text"] == f"Guide\n{each['text']}"
        assert each["tokens"] == len(harness.embedder.token_offsets(each["text"]))
        assert each["heading_path"] == ["Guide"]
    assert shown["has_more"] is True
    assert shown["total_tokens"] == len(harness.embedder.token_offsets(TEXT))
    assert shown["largest_chunk_tokens"] <= 60
    assert harness.embedder.embedded == []


def test_a_preview_of_a_text_reads_it_as_its_name_says_and_pages_to_the_end(sdk: OpenAI) -> None:
    whole = ask(sdk, text=TEXT, filename="guide.md", limit=100)
    assert whole["chunking_strategy"]["type"] == "markdown"
    assert (whole["has_more"], whole["total_chunks"]) == (False, len(whole["data"]))
    last = ask(sdk, text=TEXT, filename="guide.md", offset=whole["total_chunks"] - 1)
    assert (last["data"], last["has_more"]) == (whole["data"][-1:], False)
    assert ask(sdk, text=TEXT)["data"][0]["heading_path"] == []


def test_a_preview_that_cannot_be_is_refused_with_what_would_be_right(sdk: OpenAI) -> None:
    def refused(status: int, **body: Any) -> str:
        with pytest.raises(APIStatusError) as caught:
            ask(sdk, **body)
        assert caught.value.status_code == status
        return caught.value.message

    assert "either 'file_id' or 'text'" in refused(400)
    assert "either 'file_id' or 'text'" in refused(400, text="a", file_id="file-1")
    assert "There is no file 'file-1'" in refused(404, file_id="file-1")
    assert "2000000" in refused(400, text="a" * 2_000_001)
    assert "cannot be read" in refused(400, text="a", filename="a.exe")
    assert "takes at most 200000" in refused(413, text="word " * 50_000, chunking_strategy={"type": "semantic"})


def test_a_stores_strategy_is_that_of_files_attached_without_one(harness: RetrievalHarness, sdk: OpenAI) -> None:
    named: Any = {"type": "sentence", "sentence": {"max_chunk_size_tokens": 50, "chunk_overlap_tokens": 10}}
    other: Any = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0}}
    files = [harness.attach(f"Text {i}.", store_id="vs_1") for i in range(4)]
    store = sdk.vector_stores.create(file_ids=files[:1], chunking_strategy=named)
    assert store.to_dict()["chunking_strategy"] == named
    sdk.vector_stores.files.create(store.id, file_id=files[1])
    sdk.vector_stores.files.create(store.id, file_id=files[2], chunking_strategy=other)
    sdk.vector_stores.files.create(store.id, file_id=files[3], chunking_strategy={"type": "auto"})
    shown: list[Any] = [sdk.vector_stores.files.retrieve(file, vector_store_id=store.id).to_dict()["chunking_strategy"] for file in files]
    assert shown[:2] == [{"type": "other", "strategy": named}] * 2
    assert shown[2] == other
    assert shown[3]["strategy"]["type"] == "markdown"
    assert sdk.vector_stores.create().to_dict()["chunking_strategy"] == {"type": "auto"}


def test_a_search_of_children_returns_each_parent_once_with_its_best_child(harness: RetrievalHarness, sdk: OpenAI) -> None:
    text = "\n\n".join(f"Paragraph {i} is about turquoise seals. It says so in a second sentence." for i in range(30))
    file_id = harness.attach(text)
    sizes = {"max_chunk_size_tokens": 16, "chunk_overlap_tokens": 0, "parent_max_chunk_size_tokens": 100}
    strategy: Any = {"type": "parent_child", "parent_child": sizes}
    store = sdk.vector_stores.create(file_ids=[file_id], chunking_strategy=strategy)
    harness.work()
    hits = [hit.to_dict() for hit in sdk.vector_stores.search(store.id, query="turquoise seals", max_num_results=50)]
    spans = [(hit["chunk"]["parent_start"], hit["chunk"]["parent_end"]) for hit in hits]  # type: ignore[index]
    assert len(hits) > 3
    assert len(spans) == len(set(spans))
    for hit, (start, end) in zip(hits, spans, strict=True):
        place: Any = hit["chunk"]
        assert hit["content"] == [{"type": "text", "text": text[start:end]}]
        assert start <= place["start"] < place["end"] <= end
        assert place["end"] - place["start"] < end - start
