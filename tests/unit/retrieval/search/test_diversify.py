from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.search.searches import index_chunks, search, texts


def test_diversity_prefers_hits_that_differ(harness: RetrievalHarness) -> None:
    index_chunks(harness, ["a blue valve", "a blue valve!", "a blue valve?", "a valve that leaks", "nothing of it"])
    assert "leaks" not in str(texts(search(harness, "blue valve", max_num_results=3).hits))
    diverse = search(harness, "blue valve", max_num_results=3, diversity=0.6).hits
    assert texts(diverse)[0].startswith("a blue valve")
    assert "a valve that leaks" in texts(diverse)
    assert all(0 <= hit.score <= 1 for hit in diverse)
