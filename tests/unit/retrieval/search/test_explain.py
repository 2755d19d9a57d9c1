from typing import Any

from services.retrieval.contracts.vector_stores import VectorStoreFileCreate
from services.retrieval.lifecycle.attach import attach_file
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.search.searches import WORDS, attach_and_index, search


def reason(harness: RetrievalHarness, file_id: str, query: str = "orange valve", **options: Any) -> tuple[str, int | None]:
    explanation = search(harness, query, explain_file=file_id, **options).explanation
    assert explanation is not None and explanation.message
    return explanation.reason, explanation.rank


def test_an_explanation_says_why_a_file_is_not_among_the_hits(harness: RetrievalHarness) -> None:
    first, second, other = attach_and_index(harness, "orange valve", "another orange valve, further down", "green pump")
    broken = attach_and_index(harness, "\x00\x01", filename="a.pdf")[0]
    assert reason(harness, first) == ("found", 1)
    harness.add_store("vs_2")
    (elsewhere,) = attach_and_index(harness, "orange valve elsewhere", store_id="vs_2")
    assert reason(harness, "file-nowhere") == ("no_such_file", None)
    assert reason(harness, elsewhere) == ("not_in_store", None)
    assert reason(harness, broken) == ("failed", None)
    assert reason(harness, second, max_num_results=1) == ("outranked", 2)
    assert reason(harness, other, ranking_options={"score_threshold": 0.5}) == ("below_threshold", 3)
    assert reason(harness, other, search_mode="keyword") == ("no_match", None)
    assert reason(harness, first, filters={"type": "eq", "key": "a", "value": 1}) == ("filtered_out", None)
    queued = harness.attach("orange valve")
    assert reason(harness, queued) == ("in_progress", None)


def test_a_file_in_several_stores_is_explained_where_it_came_closest(harness: RetrievalHarness) -> None:
    harness.add_store("vs_2")
    (first, file_id) = attach_and_index(harness, "orange valve", "orange valve, further down and in both")
    both = VectorStoreFileCreate(file_id=file_id, attributes={"a": 1})
    attach_file(harness.database, harness.embedders, "default", "vs_2", both)
    request = {"vector_store_ids": ["vs_2"], "explain_file": file_id, "max_num_results": 1}
    explanation = search(harness, "orange valve", **request).explanation
    assert explanation is not None and (explanation.reason, explanation.vector_store_id) == ("outranked", "vs_1")
    while harness.worker().work_once():
        pass
    only = search(
        harness, "green", filters={"type": "eq", "key": "a", "value": 1}, **request, ranking_options={"score_threshold": 0.9}
    ).explanation
    assert only is not None and (only.reason, only.vector_store_id) == ("below_threshold", "vs_2")
    assert reason(harness, first, vector_store_ids=["vs_2"]) == ("found", 1)


def test_an_explanation_changes_no_hit(harness: RetrievalHarness) -> None:
    (file_id, *_) = attach_and_index(harness, *WORDS)
    plain, explained = search(harness, "valve"), search(harness, "valve", explain_file=file_id)
    assert [(hit.text, hit.score) for hit in plain.hits] == [(hit.text, hit.score) for hit in explained.hits]
    assert plain.explanation is None
