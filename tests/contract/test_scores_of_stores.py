"""Scores as a caller sees them, over HTTP, with the embedded index and the real BM25."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI

from services.retrieval.index.bm25 import Bm25
from services.retrieval.index.edge import EdgeIndex
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.sdk import open_sdk

DOCUMENTS = (
    "The seal of the pump is turquoise.",
    "A pump of the second series hums.",
    "The valve is orange; its seal is not.",
    "Nothing about any machine.",
)


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[RetrievalHarness]:
    harness = RetrievalHarness(tmp_path, index=EdgeIndex(tmp_path / "index"), bm25=Bm25())
    yield harness
    harness.close()


@pytest.fixture
def client(harness: RetrievalHarness) -> Iterator[OpenAI]:
    with open_sdk(harness) as client:
        yield client


def fill(harness: RetrievalHarness, store: str, *texts: str) -> None:
    for number, text in enumerate(texts):
        harness.attach(text, f"{number}.txt", store)
    harness.work()


def scores(client: OpenAI, store: str, query: str, **options: Any) -> dict[str, float]:
    hits = client.vector_stores.search(store, query=query, extra_body={"search_mode": "keyword", **options})
    return {hit.content[0].text: hit.score for hit in hits}


def test_300_files_put_into_another_store_change_no_score(harness: RetrievalHarness, client: OpenAI) -> None:
    harness.add_store("vs_2")
    fill(harness, "vs_1", *DOCUMENTS)
    queries = ("turquoise seal", "Which pumps hum?", "orange")
    before = [scores(client, "vs_1", query, search_mode=mode) for query in queries for mode in ("keyword", "hybrid")]
    fill(harness, "vs_2", *(f"The orange seal of pump {number} hums, and the turquoise valve too." for number in range(300)))
    harness.index.optimize()
    assert [scores(client, "vs_1", query, search_mode=mode) for query in queries for mode in ("keyword", "hybrid")] == before
    assert all(before)


def test_filters_change_no_score(harness: RetrievalHarness, client: OpenAI) -> None:
    fill(harness, "vs_1", *DOCUMENTS)
    files = {client.files.retrieve(file.id).filename: file.id for file in client.vector_stores.files.list("vs_1")}
    client.vector_stores.files.update(files["0.txt"], vector_store_id="vs_1", attributes={"kind": "manual"})
    everything = scores(client, "vs_1", "turquoise seal")
    filtered = scores(client, "vs_1", "turquoise seal", filters={"type": "eq", "key": "kind", "value": "manual"})
    assert filtered == {DOCUMENTS[0]: everything[DOCUMENTS[0]]}


def test_a_word_that_a_query_repeats_counts_more(harness: RetrievalHarness, client: OpenAI) -> None:
    fill(harness, "vs_1", "orange", "turquoise", "pump", "pump")
    assert scores(client, "vs_1", "orange turquoise")["orange"] == scores(client, "vs_1", "orange turquoise")["turquoise"]
    repeated = scores(client, "vs_1", "Is it orange, all orange, or turquoise?")
    assert list(repeated) == ["orange", "turquoise"]
    assert repeated["orange"] > 1.3 * repeated["turquoise"]
