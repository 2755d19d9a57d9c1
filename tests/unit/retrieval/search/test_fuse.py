import math

import pytest

from services.retrieval.index import Hit, SparseVector
from services.retrieval.search.fuse import FusedPoint, Fusion, full_match, fuse, keyword_exponent, keyword_score, vector_score
from shared.contracts.search import ConvexFusion, DistributionFusion, FusionWeights, ReciprocalRankFusion

NEAREST = [Hit("a", 0.8), Hit("b", 0.7), Hit("c", 0.3)]
MATCHING = [Hit("b", 10.0), Hit("d", 12.0)]
FULL = 20.0  # the BM25 sum of a chunk with every word of the query
HALF = 0.5 / (1 + 0.5**4) ** 0.25


def scores(hits: list[FusedPoint]) -> dict[str, float]:
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    return {hit.id: hit.score for hit in hits}


def test_scores_are_between_0_and_1() -> None:
    assert [vector_score(cosine) for cosine in (-0.5, 0.0, 0.4, 1.0000001)] == [0.0, 0.0, 0.4, 1.0]
    assert keyword_score(0.0, 20.0) == keyword_score(5.0, 0.0) == 0.0
    assert [keyword_score(bm25, 20.0) for bm25 in (2.0, 10.0, 20.0, 40.0)] == pytest.approx([0.1, 0.49, 0.84, 0.98], abs=0.01)
    assert keyword_score(30.0, 20.0) < keyword_score(31.0, 20.0) < 1 and keyword_score(1e9, 20.0) <= 1


def test_a_keyword_score_is_a_share_of_the_words_whatever_the_length_of_the_query_and_the_size_of_the_store() -> None:
    rarity = math.log(1001) / 2
    short, long = (SparseVector(list(range(count)), [1.0] * count) for count in (2, 20))
    assert full_match(long, 1000) == pytest.approx(10 * full_match(short, 1000)) == pytest.approx(20 * 2.2 * rarity)
    assert keyword_score(2.2 * rarity, full_match(short, 1000)) == pytest.approx(keyword_score(10 * 2.2 * rarity, full_match(long, 1000)))
    rarest = [math.log(1 + (size - 0.5) / 1.5) for size in (10, 1000, 100_000)]
    shares = [keyword_score(1.1 * each, full_match(short, size)) for each, size in zip(rarest, (10, 1000, 100_000), strict=True)]
    assert max(shares) - min(shares) < 0.1
    assert full_match(None, 1000) == 0
    assert full_match(short, 0) > 0


def test_a_point_in_both_lists_ranks_before_a_point_in_one() -> None:
    found = scores(fuse(NEAREST, MATCHING, "hybrid", ConvexFusion(), FULL))
    assert list(found) == ["b", "a", "d", "c"]
    assert found["b"] == pytest.approx((0.7 + HALF) / 2)
    assert found["a"] == pytest.approx(0.4)


@pytest.mark.parametrize(("alpha", "first"), [(0.0, "d"), (1.0, "a")])
def test_alpha_weights_the_lists(alpha: float, first: str) -> None:
    assert fuse(NEAREST, MATCHING, "hybrid", ConvexFusion(alpha=alpha), FULL)[0].id == first


def test_a_hit_that_a_full_list_left_out_gets_that_lists_lowest_score() -> None:
    nearest = [Hit(f"n{rank}", 0.9 - rank / 1000) for rank in range(100)]
    found = scores(fuse(nearest, [Hit("k", 10.0)], "hybrid", ConvexFusion(), FULL))
    assert found["k"] == pytest.approx((nearest[-1].score + HALF) / 2)
    assert found["n0"] == pytest.approx(0.45)


def test_keyword_hits_beyond_the_first_twenty_count_as_the_twentieth() -> None:
    matching = [Hit(f"k{rank}", 10.0 - rank / 10) for rank in range(40)]
    found = scores(fuse([Hit("k39", 0.6), Hit("n", 0.6)], matching, "hybrid", ConvexFusion(), FULL))
    twentieth = keyword_score(matching[19].score, FULL) / 2
    assert found["k39"] == found["n"] == pytest.approx(0.3 + twentieth)
    assert [id for id in found if found[id] == pytest.approx(twentieth)] == [f"k{rank}" for rank in range(19, 39)]


def test_reciprocal_ranks_are_a_share_of_what_the_first_of_both_has() -> None:
    found = scores(fuse([Hit("a", 0.9), Hit("b", 0.1)], [Hit("a", 3.0), Hit("b", 2.9)], "hybrid", ReciprocalRankFusion(type="rrf"), FULL))
    assert found == pytest.approx({"a": 1.0, "b": 61 / 62})
    weighted = ReciprocalRankFusion(type="rrf", k=0, weights=FusionWeights(vector=3, keyword=1))
    assert scores(fuse(NEAREST, MATCHING[:1], "hybrid", weighted, FULL)) == pytest.approx({"a": 0.75, "b": 0.625, "c": 0.25})


def test_dbsf_places_a_score_within_three_deviations_of_the_mean() -> None:
    found = scores(fuse([Hit("a", 0.6), Hit("b", 0.4)], [Hit("a", 5.0)], "hybrid", DistributionFusion(type="dbsf"), FULL))
    assert found == pytest.approx({"a": (4 / 6 + 0.5) / 2, "b": (2 / 6) / 2})


@pytest.mark.parametrize(
    "fusion", [ConvexFusion(), ConvexFusion(alpha=1.0), ReciprocalRankFusion(type="rrf", k=0), DistributionFusion(type="dbsf")]
)
def test_every_fusion_gives_scores_between_0_and_1(fusion: Fusion) -> None:
    nearest = [Hit(str(i), 1.0 - i / 30) for i in range(60)]
    matching = [Hit(str(i), 400.0 / (i + 1)) for i in range(40, 0, -1)]
    found = fuse(nearest, matching, "hybrid", fusion, FULL)
    assert all(0 <= hit.score <= 1 for hit in found) and len(found) == 60
    assert fuse([], [], "hybrid", fusion, FULL) == []


def test_each_point_has_its_scores_in_both_lists() -> None:
    b = next(hit for hit in fuse(NEAREST, MATCHING, "hybrid", ConvexFusion(), FULL) if hit.id == "b")
    assert b.vector and b.keyword
    assert (b.vector.raw, b.vector.rank, b.keyword.raw, round(b.keyword.score, 6), b.keyword.rank) == (0.7, 2, 10.0, round(HALF, 6), 1)


def test_one_list_alone_keeps_its_scores() -> None:
    assert scores(fuse(NEAREST, [], "vector", ConvexFusion(), FULL)) == {"a": 0.8, "b": 0.7, "c": 0.3}
    assert scores(fuse([], MATCHING, "keyword", ConvexFusion(), FULL)) == pytest.approx({"d": keyword_score(12.0, FULL), "b": HALF})


def test_equal_scores_have_a_stable_order() -> None:
    hits = fuse([Hit("b", 0.5), Hit("a", 0.5), Hit("c", 0.9)], [], "vector", ConvexFusion(), FULL)
    assert [hit.id for hit in hits] == ["c", "a", "b"]


def test_convex_scores_do_not_depend_on_how_many_hits_are_requested() -> None:
    nearest = [Hit(f"n{number}", 0.9 - number / 1000) for number in range(150)]
    matching = [Hit(f"k{number}", 30.0 - number / 10) for number in range(150)]
    short = scores(fuse(nearest[:100], matching[:100], "hybrid", ConvexFusion(), FULL))
    long = scores(fuse(nearest, matching, "hybrid", ConvexFusion(), FULL))
    assert {id: long[id] for id in short} == pytest.approx(short)
    assert set(long) > set(short) and max(long[id] for id in set(long) - set(short)) <= min(short.values())


def test_the_exponent_of_keyword_scores_is_1_from_200_bytes_on_and_grows_continuously_to_3() -> None:
    assert [keyword_exponent(length) for length in (math.inf, 1000.0, 200.0)] == [1.0, 1.0, 1.0]
    assert [keyword_exponent(length) for length in (199.9, 100.0, 50.0, 0.0, -5.0)] == pytest.approx([1.001, 2.0, 2.5, 3.0, 3.0])


def test_in_short_texts_some_of_the_words_count_less_and_all_of_them_nearly_as_much() -> None:
    nearest, matching = [Hit("meant", 0.7), Hit("some", 0.4), Hit("all", 0.4)], [Hit("all", 2 * FULL), Hit("some", FULL / 2)]
    long = scores(fuse(nearest, matching, "hybrid", ConvexFusion(), FULL))
    short = scores(fuse(nearest, matching, "hybrid", ConvexFusion(), FULL, keyword_exponent(50)))
    assert list(long) == ["all", "some", "meant"] and list(short) == ["all", "meant", "some"]
    assert long["all"] - short["all"] < 0.03 < 0.1 < long["some"] - short["some"]


def test_a_keyword_score_itself_does_not_depend_on_the_length_of_the_texts() -> None:
    (hit, *_) = fuse(NEAREST, MATCHING[:1], "hybrid", ConvexFusion(), FULL, keyword_exponent(20))
    assert hit.keyword and hit.keyword.score == pytest.approx(HALF)
    alone = [fuse([], MATCHING, "keyword", ConvexFusion(), FULL, exponent) for exponent in (1.0, 3.0)]
    assert alone[0] == alone[1]
