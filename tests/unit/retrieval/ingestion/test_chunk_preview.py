from typing import Any

import pytest
from openai import APIStatusError, OpenAI

from tests.retrieval_harness import RetrievalHarness

TEXT = "# Guide\n\n" + "\n\n".join(f"Paragraph {i} says a few words. It has a second sentence." for i in range(40))


def request_preview(client: OpenAI, **body: Any) -> dict[str, Any]:
    response: Any = client.post("/chunks/preview", body=body, cast_to=object)
    return dict(response)


def test_a_preview_shows_the_chunks_that_a_file_would_have(harness: RetrievalHarness, client: OpenAI) -> None:
    file_id = harness.attach(TEXT, "guide.md")
    strategy = {"type": "markdown", "markdown": {"max_chunk_size_tokens": 60, "chunk_overlap_tokens": 0}}
    preview = request_preview(client, file_id=file_id, chunking_strategy=strategy, limit=3, offset=2)
    assert preview["chunking_strategy"] == strategy
    assert preview["embedding_model"] == "words"
    assert [each["position"] for each in preview["data"]] == [2, 3, 4]
    for each in preview["data"]:
        assert each["text"] == TEXT[each["start"] : each["end"]]
        assert each["embedded_text"] == f"Guide\n{each['text']}"
        assert each["tokens"] == len(harness.embedder.token_offsets(each["text"]))
        assert each["heading_path"] == ["Guide"]
    assert preview["has_more"] is True
    assert preview["total_tokens"] == len(harness.embedder.token_offsets(TEXT))
    assert preview["largest_chunk_tokens"] <= 60
    assert harness.embedder.embedded == []


def test_a_preview_of_a_text_is_parsed_by_its_filename_and_pages_to_the_end(client: OpenAI) -> None:
    whole = request_preview(client, text=TEXT, filename="guide.md", limit=100)
    assert whole["chunking_strategy"]["type"] == "markdown"
    assert (whole["has_more"], whole["total_chunks"]) == (False, len(whole["data"]))
    last = request_preview(client, text=TEXT, filename="guide.md", offset=whole["total_chunks"] - 1)
    assert (last["data"], last["has_more"]) == (whole["data"][-1:], False)
    assert request_preview(client, text=TEXT)["data"][0]["heading_path"] == []


def test_a_preview_that_is_not_possible_is_refused_with_the_reason(client: OpenAI) -> None:
    def refused(status: int, **body: Any) -> str:
        with pytest.raises(APIStatusError) as caught:
            request_preview(client, **body)
        assert caught.value.status_code == status
        return caught.value.message

    assert "either 'file_id' or 'text'" in refused(400)
    assert "either 'file_id' or 'text'" in refused(400, text="a", file_id="file-1")
    assert "There is no file 'file-1'" in refused(404, file_id="file-1")
    assert "2000000" in refused(400, text="a" * 2_000_001)
    assert "Files ending in '.exe' are not supported" in refused(400, text="a", filename="a.exe")
    assert "'a.txt' cannot be read. The file" in refused(400, text=" ", filename="a.txt")
    assert "accepts at most 200000" in refused(413, text="word " * 50_000, chunking_strategy={"type": "semantic"})
