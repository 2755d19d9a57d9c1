from services.retrieval.chunk import Chunk, Parent
from services.retrieval.search.context_window import join_chunks
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.search.searches import index_chunks, search


def test_a_context_window_contains_the_chunks_around_a_hit(harness: RetrievalHarness) -> None:
    index_chunks(harness, ["zero", "one", "two", "an orange valve", "four", "five", "six"])
    index_chunks(harness, ["elsewhere"])
    (hit,) = search(harness, "orange valve", max_num_results=1, context_window=2).hits
    assert hit.context and hit.chunk.text == "an orange valve"
    assert hit.text == "one\ntwo\nan orange valve\nfour\nfive"
    assert (hit.context.first_position, hit.context.last_position, hit.context.start) == (1, 5, 5)
    (first,) = search(harness, "zero", max_num_results=1, context_window=1).hits
    assert first.text == "zero\none"


def test_text_that_chunks_share_appears_once() -> None:
    document = "The quick brown fox jumps over the lazy dog. Then it sleeps."
    spans = [(0, 19), (10, 30), (20, 44), (46, 60)]
    chunks = [Chunk(i, document[start:end], start, end, None, [], None) for i, (start, end) in enumerate(spans)]
    whole = join_chunks(chunks)
    assert whole.text == document[:44] + "\n" + document[46:]
    assert (whole.start, whole.end, whole.first_position, whole.last_position) == (0, 60, 0, 3)


def test_chunks_with_another_parent_add_the_whole_parent() -> None:
    one, other = Parent("one two", 0, 7), Parent("three four", 8, 18)
    spans = [("one", 0, 3, one), ("two", 4, 7, one), ("three", 8, 13, other)]
    chunks = [Chunk(i, text, start, end, None, [], None, parent) for i, (text, start, end, parent) in enumerate(spans)]
    assert join_chunks(chunks[:2]).text == "one two"
    assert join_chunks(chunks[1:]).text == "one two\nthree four"
