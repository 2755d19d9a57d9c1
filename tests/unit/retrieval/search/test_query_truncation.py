from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.search.searches import attach_and_index, search


def test_a_query_longer_than_the_embedders_window_is_searched_with_a_note(harness: RetrievalHarness) -> None:
    attach_and_index(harness, "orange valve")
    long = "valve " * 65
    answer = search(harness, ["valve", long])
    assert answer.hits
    assert answer.note == (
        "Query 1 (counted from 0) has 65 tokens, of which 'words' reads the first 64; its keywords come from the whole query."
    )
    assert "keywords" not in str(search(harness, long, search_mode="vector").note)
    assert search(harness, long, search_mode="keyword").note is None
    assert search(harness, "valve " * 64).note is None
