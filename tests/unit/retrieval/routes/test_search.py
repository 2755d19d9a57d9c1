"""Search as the stock `openai` SDK sends it, with and without the extensions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import OpenAI

from tests.retrieval_harness import RetrievalHarness


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[RetrievalHarness]:
    opened = RetrievalHarness(tmp_path)
    for text in ("The seal is turquoise.", "The valve is orange."):
        opened.attach(text)
        opened.work()
    yield opened
    opened.close()


def search(client: OpenAI, **extra: Any) -> dict[str, Any]:
    answer = client.vector_stores.with_raw_response.search("vs_1", query="turquoise seal", extra_body=extra)
    body: dict[str, Any] = answer.http_response.json()
    return body


def test_a_plain_search_has_openais_shape(client: OpenAI) -> None:
    page = client.vector_stores.search(
        "vs_1",
        query=["turquoise seal", "orange valve"],
        filters={"type": "or", "filters": [{"type": "ne", "key": "a", "value": 1}, {"type": "in", "key": "b", "value": ["c"]}]},
        max_num_results=2,
        ranking_options={"ranker": "auto", "score_threshold": 0.1},
        rewrite_query=False,
    )
    assert [hit.content[0].text for hit in page] in (
        ["The seal is turquoise.", "The valve is orange."],
        ["The valve is orange.", "The seal is turquoise."],
    )


def test_extensions_that_were_not_requested_are_null(client: OpenAI) -> None:
    hit = search(client)["data"][0]
    assert (hit["scores"], hit["context"], hit["chunks"]) == (None, None, None)
    assert search(client)["explanation"] is None


def test_hits_have_the_requested_extensions(client: OpenAI) -> None:
    body = search(client, explain=True, context_window=1, group_by_file=True, explain_file="file-x")
    hit = body["data"][0]
    assert hit["scores"]["vector"]["rank"] == 1 and hit["scores"]["rerank"] is None
    assert hit["score"] == hit["scores"]["fused"]["score"]
    assert hit["context"] == {"start": 0, "end": 22, "first_position": 0, "last_position": 0}
    assert [place["position"] for place in hit["chunks"]] == [0]
    assert (body["explanation"]["file_id"], body["explanation"]["reason"]) == ("file-x", "no_such_file")


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({"filters": {"type": "gt", "key": "year", "value": "2024"}}, "must be a number"),
        ({"rewrite_query": True}, "RETRIEVAL_REWRITE_URL"),
        ({"rerank": {"top_k": 5}}, "RETRIEVAL_RERANK_MODEL"),
        ({"search_mode": "vector", "fusion": {"type": "rrf"}}, "requires 'search_mode'"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
def test_a_search_that_is_not_possible_is_refused_with_the_reason(client: OpenAI, extra: dict[str, Any], words: str) -> None:
    with pytest.raises(openai.BadRequestError, match=words):
        search(client, **extra)


def test_a_store_of_another_project_is_not_searched(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="vs_other"):
        search(client, vector_store_ids=["vs_other"])
