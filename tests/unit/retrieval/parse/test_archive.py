import zipfile
from pathlib import Path

import docx
import pptx
import pytest

from services.retrieval.parse import InvalidFile
from tests import hostile
from tests.unit.retrieval.parse.files import Read


def test_an_archive_that_is_too_large_when_unpacked_is_rejected(read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.retrieval.parse.archive.MAX_UNPACKED_BYTES", 1000)
    source = docx.Document()
    source.save(str(tmp_path / "source.docx"))
    with pytest.raises(InvalidFile, match="unpacks to"):
        read("a.docx", (tmp_path / "source.docx").read_bytes())


LONG = "needle " + "word " * 2_400_000


WORD_TEXT = f"<w:document {hostile.SPACE}><w:body><w:p><w:r><w:t>{LONG}</w:t></w:r></w:p></w:body></w:document>"
ODF_TEXT = f"<d><body><text><p>{LONG}</p></text></body></d>"


@pytest.mark.parametrize(
    ("name", "parts"), [("a.docx", {"word/document.xml": WORD_TEXT}), ("a.odt", {"mimetype": hostile.WORD, "content.xml": ODF_TEXT})]
)
def test_a_text_of_twelve_million_characters_in_one_piece_is_read(read: Read, name: str, parts: dict[str, str | bytes]) -> None:
    assert len(read(name, hostile.make_archive(parts)).text) > 12_000_000


def test_a_presentation_with_such_a_text_is_not_called_damaged(read: Read, tmp_path: Path) -> None:
    slides = pptx.Presentation()
    slides.slides.add_slide(slides.slide_layouts[5]).shapes[0].text = "Title"
    slides.save(str(tmp_path / "a.pptx"))
    with zipfile.ZipFile(tmp_path / "a.pptx") as archive:
        slide = archive.read("ppt/slides/slide1.xml").decode().replace(">Title<", f">{LONG}<")
    with pytest.raises(InvalidFile, match="a text of more than 10 million characters"):
        read("a.pptx", hostile.with_part((tmp_path / "a.pptx").read_bytes(), "ppt/slides/slide1.xml", slide))


@pytest.mark.parametrize("part", ["&b;", '<w:t w:x="&b;"/>'])
def test_entities_are_never_expanded(read: Read, part: str) -> None:
    entities = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>'
    for encoding in ("utf-8", "utf-16"):
        document = f"{entities}<w:document {hostile.SPACE}><w:p><w:r>{part}</w:r></w:p></w:document>".encode(encoding)
        with pytest.raises(InvalidFile, match=r"entities|not valid XML"):
            read("a.docx", hostile.docx(document))
