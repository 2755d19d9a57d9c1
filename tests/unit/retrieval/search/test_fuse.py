import pytest

from services.retrieval.index import Hit
from services.retrieval.search.fuse import FusedPoint, Fusion, fuse, keyword_score, vector_score
from shared.contracts.search import ConvexFusion, DistributionFusion, FusionWeights, ReciprocalRankFusion

NEAREST = [Hit("a", 0.8), Hit("b", 0.7), Hit("c", 0.3)]
MATCHING = [Hit("b", 10.0), Hit("d", 12.0)]


def scores(hits: list[FusedPoint]) -> dict[str, float]:
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    return {hit.id: hit.score for hit in hits}


def test_scores_are_between_0_and_1() -> None:
    assert [vector_score(cosine) for cosine in (-0.5, 0.0, 0.4, 1.0000001)] == [0.0, 0.0, 0.4, 1.0]
    assert [keyword_score(bm25) for bm25 in (0.0, 10.0, 30.0)] == [0.0, 0.5, 0.75]
    assert keyword_score(1e9) <= 1


def test_a_point_in_both_lists_ranks_before_a_point_in_one() -> None:
    found = scores(fuse(NEAREST, MATCHING, "hybrid", ConvexFusion(), depth=10))
    assert list(found) == ["b", "a", "d", "c"]
    assert found["b"] == pytest.approx((0.7 + 0.5) / 2)
    assert found["a"] == pytest.approx(0.4)


@pytest.mark.parametrize(("alpha", "first"), [(0.0, "d"), (1.0, "a")])
def test_alpha_weights_the_lists(alpha: float, first: str) -> None:
    assert fuse(NEAREST, MATCHING, "hybrid", ConvexFusion(alpha=alpha), depth=10)[0].id == first


def test_a_hit_that_a_full_list_left_out_gets_that_lists_lowest_score() -> None:
    found = scores(fuse([Hit("a", 0.8), Hit("b", 0.6)], [Hit("c", 10.0)], "hybrid", ConvexFusion(), depth=2))
    assert found == pytest.approx({"c": 0.55, "a": 0.4, "b": 0.3})


def test_reciprocal_ranks_are_a_share_of_what_the_first_of_both_has() -> None:
    found = scores(
        fuse([Hit("a", 0.9), Hit("b", 0.1)], [Hit("a", 3.0), Hit("b", 2.9)], "hybrid", ReciprocalRankFusion(type="rrf"), depth=10)
    )
    assert found == pytest.approx({"a": 1.0, "b": 61 / 62})
    weighted = ReciprocalRankFusion(type="rrf", k=0, weights=FusionWeights(vector=3, keyword=1))
    assert scores(fuse(NEAREST, MATCHING[:1], "hybrid", weighted, depth=10)) == pytest.approx({"a": 0.75, "b": 0.625, "c": 0.25})


def test_dbsf_places_a_score_within_three_deviations_of_the_mean() -> None:
    found = scores(fuse([Hit("a", 0.6), Hit("b", 0.4)], [Hit("a", 5.0)], "hybrid", DistributionFusion(type="dbsf"), depth=10))
    assert found == pytest.approx({"a": (4 / 6 + 0.5) / 2, "b": (2 / 6) / 2})


@pytest.mark.parametrize(
    "fusion", [ConvexFusion(), ConvexFusion(alpha=1.0), ReciprocalRankFusion(type="rrf", k=0), DistributionFusion(type="dbsf")]
)
def test_every_fusion_gives_scores_between_0_and_1(fusion: Fusion) -> None:
    nearest = [Hit(str(i), 1.0 - i / 30) for i in range(60)]
    matching = [Hit(str(i), 400.0 / (i + 1)) for i in range(40, 0, -1)]
    found = fuse(nearest, matching, "hybrid", fusion, depth=60)
    assert all(0 <= hit.score <= 1 for hit in found) and len(found) == 60
    assert fuse([], [], "hybrid", fusion, depth=10) == []


def test_each_point_has_its_scores_in_both_lists() -> None:
    b = next(hit for hit in fuse(NEAREST, MATCHING, "hybrid", ConvexFusion(), depth=10) if hit.id == "b")
    assert b.vector and b.keyword
    assert (b.vector.raw, b.vector.rank, b.keyword.raw, b.keyword.score, b.keyword.rank) == (0.7, 2, 10.0, 0.5, 1)


def test_one_list_alone_keeps_its_scores() -> None:
    assert scores(fuse(NEAREST, [], "vector", ConvexFusion(), depth=10)) == {"a": 0.8, "b": 0.7, "c": 0.3}
    assert scores(fuse([], MATCHING, "keyword", ConvexFusion(), depth=10)) == pytest.approx({"d": 12 / 22, "b": 0.5})


def test_equal_scores_have_a_stable_order() -> None:
    hits = fuse([Hit("b", 0.5), Hit("a", 0.5), Hit("c", 0.9)], [], "vector", ConvexFusion(), depth=10)
    assert [hit.id for hit in hits] == ["c", "a", "b"]


def test_convex_scores_do_not_depend_on_how_many_hits_are_requested() -> None:
    nearest = [Hit(f"n{number}", 0.9 - number / 100) for number in range(9)]
    matching = [Hit(f"k{number}", 30.0 - number) for number in range(9)]
    short = scores(fuse(nearest[:4], matching[:4], "hybrid", ConvexFusion(), depth=4))
    long = scores(fuse(nearest, matching, "hybrid", ConvexFusion(), depth=4))
    assert {id: long[id] for id in short} == pytest.approx(short)
    assert set(long) > set(short) and max(long[id] for id in set(long) - set(short)) <= min(short.values())
