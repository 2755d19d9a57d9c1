from typing import Any

import pytest

from services.retrieval.catalog.records import Attachment, Store
from services.retrieval.search.candidates import find_targets
from services.retrieval.search.corpus_sizes import CorpusSizes
from services.retrieval.search.fuse import keyword_exponent
from shared.contracts.search import SearchRequest
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.search.searches import attach_and_index, index_chunks, search, texts


def test_a_chunk_has_the_best_score_of_several_queries(harness: RetrievalHarness) -> None:
    attach_and_index(harness, "The seal is turquoise.", "The valve is orange.")

    def scores(query: str | list[str]) -> dict[str, float]:
        found = search(harness, query).hits
        assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
        return {hit.chunk.text: hit.score for hit in found}

    one, other = scores("turquoise seal"), scores("orange valve")
    assert scores(["turquoise seal", "orange valve"]) == {text: max(one[text], other[text]) for text in one}


def test_several_stores_are_searched_together(harness: RetrievalHarness) -> None:
    for store_id in ("vs_2", "vs_both"):
        harness.add_store(store_id)
    attach_and_index(harness, "orange valve")
    attach_and_index(harness, "the orange valve leaks", "green pump", store_id="vs_2")
    attach_and_index(harness, "orange valve", "the orange valve leaks", "green pump", store_id="vs_both")
    both = search(harness, "orange valve", vector_store_ids=["vs_2"]).hits
    in_one = harness.searcher.search("default", ["vs_both"], SearchRequest(query="orange valve")).hits
    assert [(hit.text, hit.score) for hit in both] == [(hit.text, hit.score) for hit in in_one]
    assert [hit.file.vector_store_id for hit in both][:2] == ["vs_1", "vs_2"]
    assert texts(search(harness, "orange valve", vector_store_ids=["vs_1"]).hits) == ["orange valve"]


def test_the_keyword_part_of_a_hybrid_score_is_raised_by_how_short_the_stores_texts_are(harness: RetrievalHarness) -> None:
    long = "The orange valve on the second floor must be opened by hand before the pump is started, and closed again after it has stopped. "
    harness.add_store("vs_2")
    attach_and_index(harness, "the orange valve leaks", "green pump")
    attach_and_index(harness, long * 2, "green pump " * 30, store_id="vs_2")

    def parts(store_id: str) -> tuple[float, float, float]:
        best = harness.searcher.search("default", [store_id], SearchRequest(query="orange seal")).hits[0]
        assert best.candidate.fused.vector and best.candidate.fused.keyword
        return best.score, best.candidate.fused.vector.score, best.candidate.fused.keyword.score

    score, vector, keyword = parts("vs_1")
    assert score == pytest.approx((vector + keyword ** keyword_exponent((22 + 10) / 2)) / 2) and score < (vector + keyword) / 2 - 0.05
    score, vector, keyword = parts("vs_2")
    assert score == pytest.approx((vector + keyword) / 2)


KEYWORDS_ONLY = {"fusion": {"type": "convex", "alpha": 0}, "max_num_results": 20}


@pytest.mark.parametrize(
    "options", [{}, {"max_num_results": 50}, {"diversity": 0.5}, {"group_by_file": True}, {"search_mode": "keyword"}, KEYWORDS_ONLY]
)
def test_that_scores_are_shown_changes_no_hit(options: dict[str, Any], harness: RetrievalHarness) -> None:
    index_chunks(harness, ["valve " * (1 + i % 7) + f"number{i} " * (i % 5) for i in range(150)])
    found, explained = (search(harness, "valve number8", **options, explain=shown).hits for shown in (False, True))
    assert [(hit.text, hit.score) for hit in found] == [(hit.text, hit.score) for hit in explained]
    keywords = [hit.candidate.fused.keyword for hit in explained]
    assert options or max(each.rank for each in keywords if each) > 20


def test_a_rare_code_in_short_texts_is_found_first(harness: RetrievalHarness) -> None:
    items = [f"{letter}X-{1000 + 37 * number} hex bolt, steel, {number} mm" for number, letter in enumerate("ABCDEFGHKLMN")]
    index_chunks(harness, items)
    for item in items:
        assert texts(search(harness, item.split()[0]).hits)[0] == item


def test_only_unfinished_files_that_may_have_points_are_excluded(harness: RetrievalHarness) -> None:
    with harness.database.session() as session:
        waiting = [Attachment(id=f"vsf_{i}", vector_store_id="vs_1", file_id=f"file-{i}", space="words", chunking={}) for i in range(50)]
        session.add_all(
            [*waiting, Attachment(id="vsf_b", vector_store_id="vs_1", file_id="b", space="words", chunking={}, may_have_points=True)]
        )
        (target,) = find_targets(session, [session.get_one(Store, "vs_1")], CorpusSizes())
    assert target.excluded == ["vsf_b"]
