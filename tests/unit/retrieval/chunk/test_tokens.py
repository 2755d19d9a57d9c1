import pytest

from services.retrieval.chunk import chunk
from services.retrieval.chunk import tokens as tokens_module
from services.retrieval.parse import Document
from tests.unit.retrieval.chunk.chunking import WORDS, sizes


def test_a_text_that_is_tokenized_in_sections_has_the_same_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    text = " ".join(f"word{i}" for i in range(3000)) + "x" * 500
    whole = list(chunk(Document(text), sizes(50, 10), WORDS))
    monkeypatch.setattr(tokens_module, "SECTION_LENGTH", 300)
    assert list(chunk(Document(text), sizes(50, 10), WORDS)) == whole
