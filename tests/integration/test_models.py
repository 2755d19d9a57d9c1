"""Embedders and rerankers with real models: the default one, and small ones made for the tests."""

import base64
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from openai import APIStatusError, BadRequestError, NotFoundError, OpenAI

from services.retrieval.embedding.embedder import Embedder
from services.retrieval.embedding.embedders import Embedders
from services.retrieval.embedding.loaded_models import LoadedModels
from services.retrieval.embedding.model_messages import EmbedTexts
from services.retrieval.search.rerank import Reranker
from shared.errors import DeadlineExceeded, Unavailable
from tests.integration.retrieval_service import model_folder, running, settings_in
from tests.integration.tiny_models import make_embedder, make_reranker


@pytest.fixture(scope="module")
def reranker(tmp_path_factory: pytest.TempPathFactory) -> str:
    return make_reranker(tmp_path_factory.mktemp("reranker"))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, reranker: str) -> Iterator[OpenAI]:
    tiny = make_embedder(tmp_path_factory.mktemp("embedder"), {"query": "query: ", "document": "passage: "})
    options: dict[str, Any] = {
        "embedding_models": f"tiny={tiny}",
        "matryoshka_models": "tiny",
        "rerank_model": reranker,
    }
    with running(settings_in(tmp_path_factory.mktemp("data"), **options)) as opened:
        yield opened


@pytest.fixture(scope="module")
def url(client: OpenAI) -> str:
    return str(client.base_url).removesuffix("/v1/")


def test_vectors_are_those_of_the_model(client: OpenAI) -> None:
    from sentence_transformers import SentenceTransformer

    texts = ["The seal is turquoise.", "Bananas"]
    made = client.embeddings.create(model="all-MiniLM-L6-v2", input=texts)
    expected = SentenceTransformer(str(model_folder())).encode(texts)
    for item, vector in zip(made.data, expected, strict=True):
        assert float(np.dot(item.embedding, vector)) > 0.999
    assert made.usage.prompt_tokens == made.usage.total_tokens > 5


def test_base64_is_the_same_vector_in_fewer_bytes(url: str) -> None:
    body = {"model": "tiny", "input": "one"}
    numbers = httpx.post(f"{url}/v1/embeddings", json=body).json()["data"][0]["embedding"]
    coded = httpx.post(f"{url}/v1/embeddings", json={**body, "encoding_format": "base64"}).json()["data"][0]["embedding"]
    assert struct.unpack("<32f", base64.b64decode(coded)) == pytest.approx(numbers)


def test_token_ids_are_their_text(client: OpenAI) -> None:
    from transformers import AutoTokenizer

    ids = AutoTokenizer.from_pretrained(model_folder())("the seal", add_special_tokens=False)["input_ids"]
    (text,) = client.embeddings.create(model="tiny", input="the seal").data
    (one,) = client.embeddings.create(model="tiny", input=ids).data
    (among,) = client.embeddings.create(model="tiny", input=[ids]).data
    assert one.embedding == among.embedding == text.embedding


def test_prompts_are_put_before_queries_and_passages_if_requested(client: OpenAI) -> None:
    def vector(text: str, kind: str | None = None) -> list[float]:
        return client.embeddings.create(model="tiny", input=text, extra_body={"input_type": kind} if kind else {}).data[0].embedding

    assert vector("seal", "query") == pytest.approx(vector("query: seal"), abs=1e-5)
    assert vector("seal", "passage") == pytest.approx(vector("passage: seal"), abs=1e-5)
    assert vector("seal", "query") != vector("seal")


def test_vectors_are_shortened_if_the_model_supports_it(client: OpenAI) -> None:
    whole = client.embeddings.create(model="tiny", input="seal").data[0].embedding
    cut = client.embeddings.create(model="tiny", input="seal", dimensions=8).data[0].embedding
    assert cut == pytest.approx(np.array(whole[:8]) / np.linalg.norm(whole[:8]), abs=1e-6)
    with pytest.raises(BadRequestError, match="must be 384"):
        client.embeddings.create(model="all-MiniLM-L6-v2", input="seal", dimensions=8)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"input": ""}, "'input' must not be empty"),
        ({"input": []}, "input"),
        ({"input": ["a", ""]}, r"'input\[1\]' must not be empty"),
        ({"input": ["a"] * 2049}, "1 to 2048"),
        ({"input": ["short", "long " * 100]}, r"input\[1\].* at most 62 tokens.* got 100"),
        ({"input": ["short", "long " * 10_000]}, r"input\[1\].* at most 62 tokens.* got more than 124"),
        ({"input": [10**9]}, "token id.*check_embedding_ctx_length=False"),
        ({"input": "a", "dimensions": 99}, "at most 32"),
        ({"input": "a", "encoding_format": "int8"}, "float"),
    ],
)
def test_an_input_that_cannot_be_embedded_is_rejected_with_the_limit(client: OpenAI, wrong: dict[str, Any], problem: str) -> None:
    with pytest.raises(BadRequestError, match=problem):
        client.embeddings.create(model="tiny", **wrong)


def test_an_unknown_model_is_a_404(client: OpenAI) -> None:
    with pytest.raises(NotFoundError, match="'all-MiniLM-L6-v2', 'tiny'"):
        client.embeddings.create(model="ada", input="a")


def test_a_store_keeps_the_embedder_it_was_made_with(client: OpenAI) -> None:
    store = client.vector_stores.create(extra_body={"embedding_model": "tiny"})
    file = client.vector_stores.files.upload_and_poll(vector_store_id=store.id, file=("seal.txt", b"The seal is turquoise."))
    assert (file.status, store.to_dict()["embedding_model"]) == ("completed", "tiny")
    for mode in ("vector", "hybrid"):
        (hit,) = client.vector_stores.search(store.id, query="turquoise seal", extra_body={"search_mode": mode}).data
        assert hit.file_id == file.id
    with pytest.raises(BadRequestError, match="no embedding model 'ada'"):
        client.vector_stores.create(extra_body={"embedding_model": "ada"})


def test_no_more_embedders_than_allowed_are_in_memory(tmp_path: Path) -> None:
    loaded_models = LoadedModels(max_models=1)
    sources = {name: make_embedder(tmp_path / name, width=width) for name, width in (("a", 16), ("b", 32))}
    embedders = Embedders([Embedder(source, "float32", 8, name, loaded_models=loaded_models) for name, source in sources.items()])
    for name in ("a", "b", "a"):
        assert len(embedders.find(name).embed_query("x")) == embedders.find(name).dimension
        assert [embedder.name for embedder in embedders if embedder.is_loaded] == [name]
    embedders.close()


@pytest.mark.parametrize("path", ["/v1/rerank", "/v2/rerank", "/rerank"])
def test_texts_are_ordered_by_relevance(url: str, path: str) -> None:
    body = {"query": "seal", "documents": ["one", {"text": "two"}, "three"], "top_n": 2}
    answer = httpx.post(f"{url}{path}", json=body).json()
    scores = [result["relevance_score"] for result in answer["results"]]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 2
    assert all(0 <= score <= 1 for score in scores)
    assert answer["results"][0]["document"]["text"] == ["one", "two", "three"][answer["results"][0]["index"]]
    assert answer["usage"]["total_tokens"] == 6
    bare = httpx.post(f"{url}/v1/rerank", json={**body, "return_documents": False}).json()
    assert [result["document"] for result in bare["results"]] == [None, None]


@pytest.mark.parametrize(
    ("body", "status"), [({"documents": []}, 400), ({"documents": ["a", ""]}, 400), ({"documents": ["a"], "model": "x"}, 404)]
)
def test_a_request_that_cannot_be_reranked_is_rejected(url: str, body: dict[str, Any], status: int) -> None:
    assert httpx.post(f"{url}/v1/rerank", json={"query": "q", **body}).status_code == status


def test_long_documents_and_queries_are_truncated_if_requested(url: str) -> None:
    def ask(query: str, documents: list[str], **options: int) -> tuple[list[float], int]:
        body = {"query": query, "documents": documents, **options}
        answer = httpx.post(f"{url}/v1/rerank", json=body).json()
        assert answer["usage"]["prompt_tokens"] == answer["usage"]["total_tokens"]
        scores = {result["index"]: result["relevance_score"] for result in answer["results"]}
        return [scores[index] for index in range(len(documents))], answer["usage"]["total_tokens"]

    long = ["the seal is turquoise", "twelve valves"]
    cut, tokens = ask("which seal", long, max_tokens_per_doc=2)
    assert tokens == 8
    assert cut == pytest.approx(ask("which seal", ["the seal", "twelve valves"])[0])
    assert cut[0] != pytest.approx(ask("which seal", long)[0][0], abs=1e-4)
    assert ask("which seal", long, max_tokens_per_query=1)[0] == pytest.approx(ask("which", long)[0])
    assert ask("which seal", long, max_tokens_per_doc=0, top_n=0) == ask("which seal", long)


def test_a_documents_other_fields_come_back_with_it(url: str) -> None:
    body = {"query": "seal", "documents": [{"text": "one", "id": 7}]}
    assert httpx.post(f"{url}/v1/rerank", json=body).json()["results"][0]["document"] == {"text": "one", "id": 7}


def test_a_search_is_reranked_by_the_cross_encoder(client: OpenAI, reranker: str) -> None:
    from sentence_transformers import CrossEncoder

    texts = ["The seal is turquoise.", "Twelve valves of brass.", "A seal of rubber", "The pump is for cold water."]
    store = client.vector_stores.create()
    done = client.vector_stores.file_batches.upload_and_poll(store.id, files=[(f"{n}.txt", t.encode()) for n, t in enumerate(texts)])
    assert done.file_counts.completed == len(texts)
    expected = CrossEncoder(reranker).predict([("turquoise seal", text) for text in texts]).tolist()
    extra = {"rerank": {"top_k": 4}, "explain": True}
    hits = client.vector_stores.search(store.id, query="turquoise seal", extra_body=extra).data
    assert [hit.content[0].text for hit in hits] == [text for _, text in sorted(zip(expected, texts, strict=True), reverse=True)]
    assert [hit.score for hit in hits] == pytest.approx(sorted(expected, reverse=True), abs=1e-5)
    assert hits[0].score - hits[-1].score > 0.01
    shown = [hit.to_dict()["scores"] for hit in hits]
    assert [(each["rerank"]["rank"], each["rerank"]["score"]) for each in shown] == [(n, hit.score) for n, hit in enumerate(hits, 1)]  # type: ignore[index]
    by_name: Any = {"ranker": "network", "score_threshold": sum(sorted(expected)[1:3]) / 2}
    assert len(client.vector_stores.search(store.id, query="turquoise seal", ranking_options=by_name).data) == 2


def test_a_search_whose_reranking_takes_too_long_is_a_504_that_names_the_setting(tmp_path: Path, reranker: str) -> None:
    embedder = make_embedder(tmp_path / "embedder")
    with running(settings_in(tmp_path, embedding_model=embedder, rerank_model=reranker, rerank_seconds=1e-9)) as client:
        store = client.vector_stores.create()
        client.vector_stores.files.upload_and_poll(vector_store_id=store.id, file=("seal.txt", b"The seal is turquoise."))
        with pytest.raises(APIStatusError, match="RETRIEVAL_RERANK_SECONDS") as caught:
            client.vector_stores.search(store.id, query="seal", extra_body={"rerank": {}})
        assert (caught.value.status_code, caught.value.code, caught.value.type) == (504, "timeout", "timeout_error")
        assert client.vector_stores.search(store.id, query="seal").data


class Clock:
    """A clock that the test holds."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class SlowReranker(Reranker):
    """Each batch takes 0.6 seconds of the clock."""

    def __init__(self, model: str, clock: Clock) -> None:
        super().__init__(model, batch_size=2, seconds=1, clock=clock)
        self.clock = clock
        self.batches = 0

    def _score(self, pairs: list[tuple[str, str]]) -> list[float]:
        self.batches += 1
        self.clock.now += 0.6
        return super()._score(pairs)


def test_no_batch_is_reranked_after_the_deadline(tmp_path: Path) -> None:
    reranker = SlowReranker(make_reranker(tmp_path), Clock())
    with pytest.raises(DeadlineExceeded, match="only 4 of 7 texts in 1 s"):
        reranker.score("q", ["text"] * 7, reranker.deadline())
    assert reranker.batches == 2


class SlowlyLoadedReranker(Reranker):
    """Loading the model takes a minute of the clock."""

    def __init__(self, model: str, clock: Clock) -> None:
        super().__init__(model, batch_size=8, seconds=5, clock=clock)
        self.clock = clock

    def _loaded(self) -> Any:
        if self._model is None:
            self.clock.now += 60
        return super()._loaded()


def test_loading_the_reranker_does_not_count(tmp_path: Path) -> None:
    reranker = SlowlyLoadedReranker(make_reranker(tmp_path), Clock())
    assert reranker.deadline() == 165.0
    assert len(reranker.score("q", ["text"], 165.0)) == 1


def test_a_classifier_is_rejected_as_a_reranker(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"RETRIEVAL_RERANK_MODEL.*3 output classes"):
        Reranker(make_reranker(tmp_path, labels=3), 1, 1).deadline()


@pytest.mark.parametrize(
    "extra", [{}, {"search_mode": "vector"}, {"fusion": {"type": "dbsf"}}, {"rerank": {"top_k": 8}}, {"diversity": 0.5}]
)
def test_stores_of_different_embedders_are_searched_together(client: OpenAI, extra: dict[str, Any]) -> None:
    """Cosines of the two are on different scales; each store keeps its own order, and the ranks decide between them."""
    texts = ["The seal is turquoise.", "Twelve valves of brass.", "Bananas are yellow."]
    stores = [client.vector_stores.create().id, client.vector_stores.create(extra_body={"embedding_model": "tiny"}).id]
    for store in stores:
        client.vector_stores.file_batches.upload_and_poll(store, files=[(f"{n}.txt", t.encode()) for n, t in enumerate(texts)])
    alone = [client.vector_stores.search(store, query="the turquoise seal", extra_body=extra).data for store in stores]
    body = {**extra, "vector_store_ids": stores[1:], "explain": True}
    hits = client.vector_stores.search(stores[0], query="the turquoise seal", extra_body=body).data
    assert len(hits) == 6 and all(0 <= hit.score <= 1 for hit in hits)
    for store, mine in zip(stores, alone, strict=True):
        shared = [hit.file_id for hit in hits if hit.to_dict()["vector_store_id"] == store]
        assert sorted(shared) == sorted(hit.file_id for hit in mine)
        if "diversity" not in extra:
            assert shared == [hit.file_id for hit in mine]
    if extra in ({}, {"search_mode": "vector"}):
        assert [hit.score for hit in hits] == pytest.approx([61 / (60 + rank) for rank in (1, 1, 2, 2, 3, 3)])
        assert hits[0].to_dict()["scores"]["fused"]["score"] == 1  # type: ignore[index]


def test_an_unloaded_embedder_is_still_healthy() -> None:
    embedder = Embedder(model_folder(), "float32", 8)
    with pytest.raises(Unavailable, match="still being loaded"):
        embedder.check()
    embedder.load()
    embedder.unload()
    embedder.check()
    assert len(embedder.embed_query("again")) == 384
    embedder.close()


def test_a_call_for_many_vectors_or_of_long_texts_is_not_urgent(monkeypatch: pytest.MonkeyPatch) -> None:
    embedder, urgent = Embedder(model_folder(), "float32", 8), list[bool]()
    start = embedder.client.start

    def watched(name: str, what: Any) -> Any:
        if isinstance(what, EmbedTexts):
            urgent.append(what.is_urgent)
        return start(name, what)

    monkeypatch.setattr(embedder.client, "start", watched)
    for number in (1, 8, 9):
        assert embedder.embed_texts(["word"] * number, [1] * number).shape == (number, 384)
    assert embedder.embed_texts(["word", "x" * 40_000], [1, 1]).shape == (2, 384)
    embedder.close()
    assert urgent == [True, True, False, False]
