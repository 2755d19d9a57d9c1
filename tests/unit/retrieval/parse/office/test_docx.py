import zipfile
from pathlib import Path

import docx
import pytest

from services.retrieval.parse import InvalidFile, UnsupportedFile
from tests.unit.retrieval.parse.files import Read, headings_of, make_archive


def test_headings_lists_and_tables_are_kept(read: Read, tmp_path: Path) -> None:
    source = docx.Document()
    source.add_heading("The pump", 0)
    source.add_heading("Care", 1)
    source.add_paragraph("Oil it.")
    source.add_paragraph("one", style="List Bullet")
    source.add_paragraph("two", style="List Bullet")
    table = source.add_table(2, 2)
    for cell, text in zip([cell for row in table.rows for cell in row.cells], ["Part", "No.", "Seal", "7"], strict=True):
        cell.text = text
    source.save(str(tmp_path / "source.docx"))
    document = read("a.docx", (tmp_path / "source.docx").read_bytes())
    assert document.title == "The pump"
    assert headings_of(document) == [(1, "The pump"), (1, "Care")]
    assert document.text == "The pump\n\nCare\n\nOil it.\n\n- one\n- two\n\n| Part | No. |\n| --- | --- |\n| Seal | 7 |"


def test_a_damaged_document_is_rejected(read: Read, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFile, match="old Office format"):
        read("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old one")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a.txt", "text")
    with pytest.raises(InvalidFile, match="lacks the entries of a Word document"):
        read("a.docx", (tmp_path / "other.zip").read_bytes())


def test_text_boxes_content_controls_and_the_strict_variant_are_read(read: Read) -> None:
    space = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    text = "<w:r><w:t>{}</w:t></w:r>"
    box = f"<w:r><w:pict><w:txbxContent><w:p>{text.format('boxed')}</w:p></w:txbxContent></w:pict></w:r>"
    body = (
        f"<w:p>{text.format('before')}{box}</w:p><w:sdt><w:sdtContent><w:p>{text.format('filled in')}</w:p></w:sdtContent></w:sdt>"
        f"<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins>{text.format('added')}</w:ins></w:p>"
    )
    page = f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
    # The root's only child is the body.
    assert read("a.docx", make_archive(word__document_dot_xml=page)).text == "before\n\nboxed\n\nfilled in\n\nadded"


def test_tabs_and_merged_cells_are_kept(read: Read, tmp_path: Path) -> None:
    source = docx.Document()
    source.add_paragraph("a\tb")
    merged = source.add_table(1, 3).rows[0].cells
    merged[0].merge(merged[1]).text = "wide"
    merged[2].text = "end"
    source.save(str(tmp_path / "a.docx"))
    assert read("a.docx", (tmp_path / "a.docx").read_bytes()).text == "a\tb\n\n| wide | end |\n| --- | --- |"


def word(**parts: str) -> bytes:
    """Return a Word document of parts without their roots."""
    return make_archive(**{f"word__{name}_dot_xml": f'<w:{name} xmlns:w="w">{content}</w:{name}>' for name, content in parts.items()})


def test_a_row_of_a_table_may_begin_in_a_later_column(read: Read) -> None:
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    late = f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell.format("late")}</w:tr>'
    body = f"<w:body><w:tbl><w:tr>{cell.format('a')}{cell.format('b')}</w:tr>{late}</w:tbl></w:body>"
    assert read("a.docx", word(document=body)).text == "| a | b |\n| --- | --- |\n|  | late |"


def test_notes_are_at_the_end(read: Read) -> None:
    parts = {name: f"<w:body><w:p><w:r><w:t>In {name}.</w:t></w:r></w:p></w:body>" for name in ("document", "footnotes", "endnotes")}
    assert read("a.docx", word(**parts)).text == "In document.\n\nIn footnotes.\n\nIn endnotes."


def test_a_table_of_one_cell_is_a_frame_around_its_content(read: Read, tmp_path: Path) -> None:
    source = docx.Document()
    frame = source.add_table(1, 1).rows[0].cells[0]
    frame.text = "Framed"
    inner = frame.add_table(1, 2).rows[0].cells
    inner[0].text, inner[1].text = "a", "b"
    source.save(str(tmp_path / "a.docx"))
    assert read("a.docx", (tmp_path / "a.docx").read_bytes()).text == "Framed\n\n| a | b |\n| --- | --- |"
