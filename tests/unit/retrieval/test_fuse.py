import pytest

from services.retrieval.fuse import fuse, keyword_score, ranked, vector_score
from services.retrieval.index import Hit


def test_scores_lie_between_nothing_and_one() -> None:
    assert [vector_score(cosine) for cosine in (-0.5, 0.0, 0.4, 1.0000001)] == [0.0, 0.0, 0.4, 1.0]
    assert [keyword_score(bm25) for bm25 in (0.0, 10.0, 30.0)] == [0.0, 0.5, 0.75]
    assert keyword_score(1e9) <= 1


def test_what_both_find_comes_before_what_one_finds() -> None:
    hits = fuse([Hit("a", 0.8), Hit("b", 0.7)], [Hit("b", 10.0), Hit("c", 12.0)], limit=10)
    assert [hit.id for hit in hits] == ["b", "a", "c"]
    assert hits[0].score == pytest.approx((0.7 + 0.5) / 2)
    assert hits[1].score == pytest.approx(0.4)


def test_a_hit_that_a_full_list_left_out_gets_that_lists_lowest_score() -> None:
    hits = fuse([Hit("a", 0.8), Hit("b", 0.6)], [Hit("c", 10.0)], limit=2)
    assert {hit.id: round(hit.score, 3) for hit in hits} == {"a": 0.4, "b": 0.3, "c": 0.55}


def test_nothing_found_is_nothing() -> None:
    assert fuse([], [], limit=10) == []


def test_equal_scores_have_a_stable_order() -> None:
    assert [hit.id for hit in ranked([Hit("b", 0.5), Hit("a", 0.5), Hit("c", 0.9)])] == ["c", "a", "b"]
