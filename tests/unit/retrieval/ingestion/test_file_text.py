from pathlib import Path

import pytest

from services.retrieval.ingestion.file_text import read_file_text
from services.retrieval.parse import Document, InvalidFile
from shared.errors import InvalidRequest


def test_the_text_is_split_at_page_starts() -> None:
    document = Document("first page, second page", pages=(0, 12))
    assert read_file_text(Path("a.pdf"), "a.pdf", lambda *_: document) == ["first page, ", "second page"]


def test_a_text_without_pages_is_one_part() -> None:
    assert read_file_text(Path("a.txt"), "a.txt", lambda *_: Document("all of it")) == ["all of it"]


def test_a_file_that_can_no_longer_be_read_is_refused_with_the_reason() -> None:
    def parse(_: Path, __: str) -> Document:
        raise InvalidFile("The file contains no text.")

    with pytest.raises(InvalidRequest, match=r"'a\.txt' can no longer be read\. The file contains no text\."):
        read_file_text(Path("a.txt"), "a.txt", parse)
