from typing import Any

import pytest
from openai import APIStatusError, OpenAI

from tests.retrieval_harness import RetrievalHarness

TEXT = "# Guide\n\n" + "\n\n".join(f"Paragraph {i} says a few words. It has a second sentence." for i in range(40))


def ask(client: OpenAI, **body: Any) -> dict[str, Any]:
    answer: Any = client.post("/chunks/preview", body=body, cast_to=object)
    return dict(answer)


def test_a_preview_shows_the_chunks_that_a_file_would_have(harness: RetrievalHarness, client: OpenAI) -> None:
    file_id = harness.attach(TEXT, "guide.md")
    strategy = {"type": "markdown", "markdown": {"max_chunk_size_tokens": 60, "chunk_overlap_tokens": 0}}
    shown = ask(client, file_id=file_id, chunking_strategy=strategy, limit=3, offset=2)
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


def test_a_preview_of_a_text_reads_it_as_its_name_says_and_pages_to_the_end(client: OpenAI) -> None:
    whole = ask(client, text=TEXT, filename="guide.md", limit=100)
    assert whole["chunking_strategy"]["type"] == "markdown"
    assert (whole["has_more"], whole["total_chunks"]) == (False, len(whole["data"]))
    last = ask(client, text=TEXT, filename="guide.md", offset=whole["total_chunks"] - 1)
    assert (last["data"], last["has_more"]) == (whole["data"][-1:], False)
    assert ask(client, text=TEXT)["data"][0]["heading_path"] == []


def test_a_preview_that_cannot_be_is_refused_with_what_would_be_right(client: OpenAI) -> None:
    def refused(status: int, **body: Any) -> str:
        with pytest.raises(APIStatusError) as caught:
            ask(client, **body)
        assert caught.value.status_code == status
        return caught.value.message

    assert "either 'file_id' or 'text'" in refused(400)
    assert "either 'file_id' or 'text'" in refused(400, text="a", file_id="file-1")
    assert "There is no file 'file-1'" in refused(404, file_id="file-1")
    assert "2000000" in refused(400, text="a" * 2_000_001)
    assert refused(400, text="a", filename="a.exe").count("a.exe") == 1
    assert "'a.txt' cannot be read. The file" in refused(400, text=" ", filename="a.txt")
    assert "accepts at most 200000" in refused(413, text="word " * 50_000, chunking_strategy={"type": "semantic"})
