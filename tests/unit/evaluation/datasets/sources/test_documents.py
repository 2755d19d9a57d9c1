import asyncio
from typing import Any

import pytest

from services.evaluation.datasets.sources.documents import Reading, choose_offsets, read_documents
from shared.errors import NotFound, TooLarge
from tests.fake_corpus import FakeCorpus, make_document


@pytest.fixture
def corpus() -> FakeCorpus:
    corpus = FakeCorpus()
    for number, machine in enumerate(("tractor", "loom", "winch")):
        corpus.add(machine, 100 * number + 1)
    return corpus


def read(corpus: FakeCorpus, wanted: int = 100, stores: tuple[str, ...] = ("vs_1",)) -> Reading:
    return asyncio.run(read_documents(corpus, stores, wanted, 0))


def test_documents_of_all_pages_are_read_in_the_order_of_their_names(corpus: FakeCorpus) -> None:
    documents = read(corpus).documents
    assert [document.filename for document in documents] == ["file-loom.md", "file-tractor.md", "file-winch.md"]
    first = documents[0].passages[0]
    assert (first.file_id, first.start, first.heading) == ("file-loom", 0, "Manual \u203a Weights")
    assert first.text.startswith("The anchor of the loom weighs 101 kilograms.")
    assert len(documents[0].passages) == 12


def test_a_document_in_two_stores_is_read_once(corpus: FakeCorpus) -> None:
    assert len(read(corpus, stores=("vs_1", "vs_1")).documents) == 3


def test_duplicates_and_short_passages_are_left_out(corpus: FakeCorpus) -> None:
    corpus.documents["file-winch"] = ["Too short.", " " * 200]
    assert [document.file_id for document in read(corpus).documents] == ["file-loom", "file-tractor"]


def test_a_document_that_cannot_be_previewed_is_named_and_the_others_are_read(corpus: FakeCorpus) -> None:
    class Refusing(FakeCorpus):
        async def call(self, method: str, path: str, *, body: Any = None, params: Any = None) -> Any:
            if body and body.get("file_id") == "file-loom":
                raise TooLarge("The text has 3000000 characters.")
            return await super().call(method, path, body=body, params=params)

    reading = read(Refusing(corpus.documents))
    assert [document.file_id for document in reading.documents] == ["file-tractor", "file-winch"]
    assert reading.problems == ["'file-loom.md' was left out: The text has 3000000 characters."]


def test_a_store_that_does_not_exist_is_an_error(corpus: FakeCorpus) -> None:
    with pytest.raises(NotFound):
        read(corpus, stores=("vs_9",))


def test_a_long_document_is_sampled_over_its_whole_length() -> None:
    corpus = FakeCorpus({"file-book": make_document("book", 1, tuple(f"part{number}" for number in range(1000)))})
    passages = read(corpus, wanted=250).documents[0].passages
    assert len(passages) == 300
    assert (passages[0].start, passages[100].start, passages[-1].start) == (0, 300_000, 799_000)
    assert len(read(corpus, wanted=10).documents[0].passages) == 20


def test_of_many_documents_few_passages_are_read_from_each() -> None:
    parts = tuple(f"part{number}" for number in range(200))
    corpus = FakeCorpus({f"file-{letter}": make_document(letter, 1, parts) for letter in "abcdefghij"})
    reading = read(corpus, wanted=400)
    assert [len(document.passages) for document in reading.documents] == [40] * 10
    assert max(passage.start for passage in reading.documents[0].passages) > 80_000


@pytest.mark.parametrize(
    ("chunks", "wanted", "offsets"),
    [(0, 100, []), (100, 500, []), (101, 100, [100]), (250, 10_000, [100, 200]), (1000, 300, [300, 700]), (1000, 1, [500])],
)
def test_offsets_are_spread_and_never_beyond_the_document(chunks: int, wanted: int, offsets: list[int]) -> None:
    assert choose_offsets(chunks, wanted, 100) == offsets
