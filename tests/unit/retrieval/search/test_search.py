from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy.orm import Session

from services.retrieval.catalog import attachments
from services.retrieval.search.fuse import keyword_exponent
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.search.searches import WORDS, attach_and_index, search, texts


@pytest.mark.parametrize("options", [{}, {"search_mode": "vector"}, {"search_mode": "keyword"}])
def test_hits_below_the_threshold_are_left_out(harness: RetrievalHarness, options: dict[str, Any]) -> None:
    attach_and_index(harness, *WORDS)
    scores = [hit.score for hit in search(harness, "turquoise seal", **options).hits]
    above = search(harness, "turquoise seal", ranking_options={"score_threshold": scores[0]}, **options).hits
    assert [hit.score for hit in above] == scores[:1]


@pytest.mark.parametrize(
    "options",
    [
        {"fusion": {"type": "rrf"}},
        {"fusion": {"type": "rrf", "k": 1, "weights": {"vector": 2, "keyword": 1}}},
        {"fusion": {"type": "dbsf"}},
        {"fusion": {"type": "convex", "alpha": 0.2}},
        {"ranking_options": {"hybrid_search": {"embedding_weight": 1, "text_weight": 0}}},
    ],
)
def test_every_fusion_ranks_the_matching_text_first(harness: RetrievalHarness, options: dict[str, Any]) -> None:
    attach_and_index(harness, *WORDS)
    found = search(harness, "Where is the orange valve?", **options).hits
    assert found[0].text == "orange valve"
    assert all(0 <= hit.score <= 1 for hit in found)


def test_openais_hybrid_weights_are_reciprocal_rank_weights(harness: RetrievalHarness) -> None:
    attach_and_index(harness, *WORDS)
    by_openai = search(harness, "orange valve", ranking_options={"hybrid_search": {"embedding_weight": 3, "text_weight": 1}}).hits
    ours = search(harness, "orange valve", fusion={"type": "rrf", "weights": {"vector": 3, "keyword": 1}}).hits
    assert [(hit.text, hit.score) for hit in by_openai] == [(hit.text, hit.score) for hit in ours]
    assert by_openai[0].score == 1.0


def test_a_hybrid_score_is_the_mean_of_its_parts_with_the_keyword_part_raised_in_a_store_of_short_texts(harness: RetrievalHarness) -> None:
    attach_and_index(harness, *WORDS)
    hit = search(harness, ["green pump", "orange valve"]).hits[1]
    fused = hit.candidate.fused
    assert fused.vector and fused.keyword
    assert hit.candidate.query in ("green pump", "orange valve")
    raised = fused.keyword.score ** keyword_exponent(sum(map(len, WORDS)) / 3)
    assert fused.score == pytest.approx((fused.vector.score + raised) / 2)
    assert (fused.vector.rank, fused.keyword.rank, hit.candidate.rank) == (1, 1, 2)


def test_the_vector_is_computed_while_the_database_is_read(harness: RetrievalHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    attach_and_index(harness, *WORDS)
    start_query, find_unfinished_ids, order = harness.embedder.start_query, attachments.find_unfinished_ids, list[str]()

    def start(text: str) -> Callable[[], list[float]]:
        order.append("started")
        compute: Callable[[], list[float]] = start_query(text)

        def wait() -> list[float]:
            order.append("awaited")
            return compute()

        return wait

    def read(session: Session, store_id: str) -> Sequence[str]:
        order.append("read")
        return find_unfinished_ids(session, store_id)

    monkeypatch.setattr(harness.embedder, "start_query", start)
    monkeypatch.setattr(attachments, "find_unfinished_ids", read)
    assert texts(search(harness, "green pump", max_num_results=1).hits) == ["green pump"]
    assert order[:3] == ["started", "read", "awaited"]
