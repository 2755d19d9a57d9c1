from dataclasses import replace
from typing import Any

from openai import OpenAI

from services.retrieval.catalog import attachments, files, stores
from services.retrieval.catalog.records import Store
from services.retrieval.chunk import AUTO
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.search.searches import LengthReranker, attach_and_index, search


def test_a_file_in_several_stores_is_one_hit_and_displaces_no_other(harness: RetrievalHarness) -> None:
    ids = attach_and_index(harness, *(f"orange valve number {number}" for number in range(4)))
    terms = attachments.AttachOptions(None, AUTO.model_dump(), chunking_is_default=True)
    with harness.database.session() as session:
        other = Store(id="vs_2", project_id="default", name="", embedding_model="words", space="words")
        stores.add(session, other)
        attachments.attach_all(
            session, other, [(file, terms) for file in files.find_all(session, "default", dict.fromkeys(ids, "file_id")).values()]
        )
    attach_and_index(harness)
    for extra in ({}, {"rerank": {"top_k": 4}}, {"search_mode": "vector"}):
        harness.searcher = replace(harness.searcher, reranker=LengthReranker())
        hits = search(harness, "orange valve", vector_store_ids=["vs_2"], max_num_results=4, **extra).hits
        assert sorted(hit.file.file_id for hit in hits) == sorted(ids)


def test_a_search_of_child_chunks_returns_each_parent_once_with_its_best_child(harness: RetrievalHarness, client: OpenAI) -> None:
    text = "\n\n".join(f"Paragraph {i} is about turquoise seals. It says so in a second sentence." for i in range(30))
    file_id = harness.attach(text)
    sizes = {"max_chunk_size_tokens": 16, "chunk_overlap_tokens": 0, "parent_max_chunk_size_tokens": 100}
    strategy: Any = {"type": "parent_child", "parent_child": sizes}
    store = client.vector_stores.create(file_ids=[file_id], chunking_strategy=strategy)
    harness.work()
    hits = [hit.to_dict() for hit in client.vector_stores.search(store.id, query="turquoise seals", max_num_results=50)]
    spans = [(hit["chunk"]["parent_start"], hit["chunk"]["parent_end"]) for hit in hits]  # type: ignore[index]
    assert len(hits) > 3
    assert len(spans) == len(set(spans))
    for hit, (start, end) in zip(hits, spans, strict=True):
        place: Any = hit["chunk"]
        assert hit["content"] == [{"type": "text", "text": text[start:end]}]
        assert start <= place["start"] < place["end"] <= end
        assert place["end"] - place["start"] < end - start
