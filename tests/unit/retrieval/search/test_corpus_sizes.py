import pytest

from services.retrieval.catalog.records import COMPLETED, Attachment, Store
from services.retrieval.search.corpus_sizes import KEPT_CHUNKS, KEPT_SECONDS, CorpusSize, CorpusSizes
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.search.searches import attach_and_index


class Clock:
    """A clock that the test sets, in seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def add_file(harness: RetrievalHarness, name: str, chunks: int, edition: int = 0) -> None:
    place = {"vector_store_id": "vs_1", "file_id": name, "space": "words", "chunking": {}, "edition": edition}
    with harness.database.session() as session:
        session.add(Attachment(id=name, status=COMPLETED, chunk_count=chunks, **place))


def count(harness: RetrievalHarness, sizes: CorpusSizes) -> int:
    with harness.database.session() as session:
        return sizes.measure(session, session.get_one(Store, "vs_1")).chunks


def test_a_small_store_is_always_counted(harness: RetrievalHarness) -> None:
    sizes = CorpusSizes(Clock())
    assert count(harness, sizes) == 0
    add_file(harness, "one", KEPT_CHUNKS - 1)
    assert count(harness, sizes) == KEPT_CHUNKS - 1
    add_file(harness, "two", 1)
    assert count(harness, sizes) == KEPT_CHUNKS


def test_a_large_store_is_counted_again_after_a_while(harness: RetrievalHarness) -> None:
    clock = Clock()
    sizes = CorpusSizes(clock)
    add_file(harness, "one", KEPT_CHUNKS)
    assert count(harness, sizes) == KEPT_CHUNKS
    add_file(harness, "two", 5)
    assert count(harness, sizes) == KEPT_CHUNKS
    clock.now += KEPT_SECONDS
    assert count(harness, sizes) == KEPT_CHUNKS + 5


def test_a_store_is_counted_at_once_after_it_moved_to_another_embedder(harness: RetrievalHarness) -> None:
    sizes = CorpusSizes(Clock())
    add_file(harness, "one", KEPT_CHUNKS)
    add_file(harness, "copy", KEPT_CHUNKS + 7, edition=1)
    assert count(harness, sizes) == KEPT_CHUNKS
    with harness.database.session() as session:
        session.get_one(Store, "vs_1").edition = 1
    assert count(harness, sizes) == KEPT_CHUNKS + 7


def test_the_length_of_texts_is_what_chunks_use_without_their_vectors(harness: RetrievalHarness) -> None:
    attach_and_index(harness, "orange valve", "the green pump leaks")
    with harness.database.session() as session:
        size = CorpusSizes().measure(session, session.get_one(Store, "vs_1"))
    assert size.chunks == 2
    assert size.text_bytes(harness.embedder.dimension) == pytest.approx((len("orange valve") + len("the green pump leaks")) / 2)
    assert CorpusSize(0, 0).text_bytes(64) == float("inf")
