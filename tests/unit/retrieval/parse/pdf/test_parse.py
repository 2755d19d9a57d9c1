from pathlib import Path

import pytest

from services.retrieval.parse import InvalidFile
from tests.pdf import make_pdf
from tests.unit.retrieval.parse.files import Read, make_scan


def test_pages_are_numbered(read: Read) -> None:
    document = read("a.pdf", make_pdf(["Alpha on one\nmore", "Beta on two", "Gamma on three"], "The report"))
    assert document.title == "The report"
    assert len(document.pages) == 3
    assert [document.page_at(document.text.index(word)) for word in ("Alpha", "more", "Beta", "Gamma")] == [1, 1, 2, 3]


def test_a_pdf_without_text_is_rejected(read: Read) -> None:
    with pytest.raises(InvalidFile, match="no text"):
        read("a.pdf", make_pdf([""]))


@pytest.mark.parametrize("content", [b"not a pdf", make_pdf(["text"])[:200], b""])
def test_a_damaged_pdf_is_rejected(read: Read, content: bytes) -> None:
    with pytest.raises(InvalidFile):
        read("a.pdf", content)


def test_pages_that_are_images_are_named_in_the_note(read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    document = read("a.pdf", make_scan(["One", None, "Three", None, None]))
    assert document.note is not None and document.note.startswith("Pages 2, 4-5: images of text only; this server has no text recognition")
    with pytest.raises(InvalidFile, match="Page 1: images of text only"):
        read("a.pdf", make_scan([None]))
