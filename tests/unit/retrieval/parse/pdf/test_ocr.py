from importlib.util import find_spec
from pathlib import Path

import pytest

from services.retrieval.parse import InvalidFile
from services.retrieval.parse.pdf import ocr
from tests.unit.retrieval.parse.files import Read, make_scan


@pytest.fixture
def tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that has data of two languages and says what it is asked to read."""
    program = tmp_path / "tesseract"
    listing = '[ "$1" = --list-langs ] && printf "List of available languages (2):\\ndeu\\neng\\n" && exit\n'
    program.write_text(f'#!/bin/sh\n{listing}head -c 4 | tail -c 3\necho " read: $*"\ncat > /dev/null\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    ocr._installed_languages.cache_clear()
    return program


def test_pages_that_are_images_are_read_if_tesseract_is_installed(read: Read, tesseract: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = read("a.pdf", make_scan(["One", None]))
    assert document.text == "One\n\nPNG read: - -"
    assert document.page_at(document.text.index("PNG")) == 2
    assert document.note == "Page 2: images of text only, read by text recognition."
    monkeypatch.setenv("RETRIEVAL_OCR_LANGUAGES", "deu+eng")
    assert read("a.pdf", make_scan([None])).text == "PNG read: - - -l deu+eng"


def test_a_page_that_cannot_be_recognized_is_a_note_and_the_others_are_read(
    read: Read, tesseract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETRIEVAL_OCR_LANGUAGES", "eng+fra")
    document = read("a.pdf", make_scan(["One", None]))
    assert document.text == "One"
    assert document.note == (
        "Page 2: images of text only; this server's text recognition lacks the data for one of its configured languages."
    )
    problem = "Tesseract lacks the language data for fra (RETRIEVAL_OCR_LANGUAGES=eng+fra); installed: deu, eng."
    assert (ocr.find_problem("eng+fra"), ocr.find_problem("eng"), ocr.find_problem("")) == (problem, None, None)
    monkeypatch.setenv("RETRIEVAL_OCR_LANGUAGES", "")
    tesseract.write_text("#!/bin/sh\nexit 1\n")
    assert "text recognition failed" in str(read("a.pdf", make_scan(["One", None])).note)
    with pytest.raises(InvalidFile, match=r"contains no text\. Page 1: images of text only; this server's text recognition failed"):
        read("a.pdf", make_scan([None]))


def test_the_operator_learns_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert find_spec("rapidocr") or "Neither Tesseract nor" in str(ocr.find_problem(""))
