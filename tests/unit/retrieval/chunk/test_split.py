import pytest

from services.retrieval.chunk import chunk, split
from services.retrieval.contracts.chunking import parse_strategy
from services.retrieval.parse import Document, Heading, long_text
from tests.unit.retrieval.chunk.chunking import WORDS


@pytest.mark.parametrize("name", ["static", "sentence", "recursive", "markdown", "semantic", "parent_child"])
def test_a_long_document_that_is_cut_in_parts_has_the_same_chunks(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = [f"# Part {i}\n\nOne sentence {i}. Another one.\n\n| a | b |\n| --- | --- |\n| {i} | 2 |" for i in range(60)]
    text = "\n\n".join(blocks)
    headings = tuple(Heading(text.index(block), 1, block.split("\n")[0][2:]) for block in blocks)
    overlap = {} if name == "semantic" else {"chunk_overlap_tokens": 8}
    strategy = parse_strategy({"type": name, name: {"max_chunk_size_tokens": 30, **({"chunk_overlap_tokens": 0} | overlap)}})
    whole = list(chunk(Document(text, headings=headings), strategy, WORDS))
    monkeypatch.setattr(long_text, "SLICE_LENGTH", 256)
    monkeypatch.setattr(split, "MAX_PART_LENGTH", 900)
    kept = Document(long_text.store([text]), headings=headings)
    assert not isinstance(kept.body, str)
    piecewise = list(chunk(kept, strategy, WORDS))
    if name == "semantic":  # the gaps that are compared with each other are those of one part
        assert "".join(each.text.replace("\n", "") for each in piecewise) == text.replace("\n", "")
    else:
        assert piecewise == whole


@pytest.mark.parametrize("text", ["word " * 2000, "x" * 9000, "line\n" * 2000, "para\n\n" * 1500])
def test_the_parts_are_the_whole_text(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(split, "MAX_PART_LENGTH", 1000)
    found = list(split.split_document(Document(text)))
    assert "".join(part.text for _, part in found) == text
    assert [begin for begin, _ in found] == [sum(len(part.text) for _, part in found[:number]) for number in range(len(found))]
    assert max(len(part.text) for _, part in found) <= 1000
