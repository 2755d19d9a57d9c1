from dataclasses import replace

import pytest

from shared.errors import InvalidRequest
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.search.searches import LengthReranker, attach_and_index, search, texts


def test_a_reranker_scores_only_top_k_hits(harness: RetrievalHarness) -> None:
    attach_and_index(harness, "valve valve valve, and another valve", "a valve", "valve valve, and a long rest")
    reranker = LengthReranker()
    harness.searcher = replace(harness.searcher, reranker=reranker)
    found = search(harness, "valve", rerank={"top_k": 2}, max_num_results=2).hits
    assert reranker.batch_sizes == [2] and len(found) == 2
    named = search(harness, "valve", ranking_options={"ranker": "short-is-good"}).hits
    assert texts(named)[0] == "a valve"
    assert [hit.reranked.rank for hit in named if hit.reranked] == [1, 2, 3]
    assert named[0].score == pytest.approx(1 / 8)
    assert texts(search(harness, "valve", ranking_options={"ranker": "short-is-good", "score_threshold": 0.1}).hits) == ["a valve"]
    assert [hit.reranked for hit in search(harness, "valve").hits] == [None, None, None]


def test_a_reranker_or_rewriter_that_is_not_configured_is_refused(harness: RetrievalHarness) -> None:
    for options, setting in (
        ({"rerank": {}}, "RETRIEVAL_RERANK_MODEL"),
        ({"ranking_options": {"ranker": "bge"}}, "'none', 'auto' or 'default-2024-11-15'"),
        ({"rewrite_query": True}, "RETRIEVAL_REWRITE_URL"),
    ):
        with pytest.raises(InvalidRequest, match=setting):
            search(harness, "valve", **options)
    harness.searcher = replace(harness.searcher, reranker=LengthReranker())
    with pytest.raises(InvalidRequest, match="or 'short-is-good'"):
        search(harness, "valve", ranking_options={"ranker": "bge"})
