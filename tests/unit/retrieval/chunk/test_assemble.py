import pytest

from tests.unit.retrieval.chunk.chunking import cut, tokens_in

STRUCTURED = ("sentence", "recursive", "markdown", "semantic")


@pytest.mark.parametrize("name", STRUCTURED)
def test_a_sentence_that_fits_is_not_cut(name: str) -> None:
    sentences = [f"Number {i} is a sentence of {'some ' * (i % 9)}words." for i in range(60)]
    for overlap in (0, 15):
        for each in cut(" ".join(sentences), name, max_chunk_size_tokens=30, chunk_overlap_tokens=overlap):
            assert each.text.startswith("Number")
            assert each.text.endswith("words.")


def test_an_overlap_repeats_whole_sentences() -> None:
    text = " ".join(f"This is sentence number {i}." for i in range(20))
    first, second, *_ = cut(text, "sentence", max_chunk_size_tokens=24, chunk_overlap_tokens=8)
    assert first.text.endswith("number 3.")
    assert second.text.startswith("This is sentence number 3.")


def test_a_text_without_sentences_is_cut_between_words() -> None:
    chunks = cut("word " * 100, "sentence", max_chunk_size_tokens=16, chunk_overlap_tokens=4)
    assert {len(tokens_in(each.start, each.end, "word " * 100)) for each in chunks} == {16}
