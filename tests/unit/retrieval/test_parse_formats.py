import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import docx
import fpdf
import pptx
import pytest
import xlsxwriter
from PIL import Image
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches
from pydantic import ValidationError

from services.retrieval.parse import Document, InvalidFile, UnsupportedFile, ocr, parse
from services.retrieval.settings import RetrievalSettings
from tests.unit.retrieval.stand_ins import make_pdf

Read = Callable[[str, bytes | str], Document]
ODF = 'xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:draw="d" xmlns:presentation="p" xmlns:dc="c"'


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def write_and_parse(filename: str, content: bytes | str) -> Document:
        path = tmp_path / "file-bytes"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return parse(path, filename)

    return write_and_parse


def headings(document: Document) -> list[tuple[int, str]]:
    return [(heading.level, heading.text) for heading in document.headings]


def archive(**entries: str) -> bytes:
    """Return a zip archive; `__` stands for a slash and `_dot_` for a dot in the names."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as writer:
        for name, content in entries.items():
            writer.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return packed.getvalue()


def odf(kind: str, body: str) -> bytes:
    content = f"<office:document-content {ODF}><office:body>{body}</office:body></office:document-content>"
    meta = f"<office:document-meta {ODF}><office:meta><dc:title>The pump</dc:title></office:meta></office:document-meta>"
    return archive(mimetype=f"application/vnd.oasis.opendocument.{kind}", content_dot_xml=content, meta_dot_xml=meta)


def scan(pages: list[str | None]) -> bytes:
    """Return a PDF; a page without text holds an image."""
    pdf = fpdf.FPDF()
    pdf.set_font("Helvetica")
    for text in pages:
        pdf.add_page()
        if text is None:
            pdf.image(Image.new("L", (60, 60), 128), w=100)
        else:
            pdf.write(text=text)
    return bytes(pdf.output())


def test_presentations_give_a_page_for_each_slide_in_reading_order(read: Read, tmp_path: Path) -> None:
    deck = pptx.Presentation()
    deck.core_properties.title = "Pumps"
    first = deck.slides.add_slide(deck.slide_layouts[1])
    first.shapes.title.text, first.placeholders[1].text = "Care", "Oil it\nClean it"
    first.notes_slide.notes_text_frame.text = "Ask them."
    second = deck.slides.add_slide(deck.slide_layouts[5])
    second.shapes.title.text = "Parts"
    second.shapes.add_textbox(Inches(1), Inches(5), Inches(2), Inches(1)).text_frame.text = "below"
    grid = second.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for row, column, text in ((0, 0, "Part"), (0, 1, "No."), (1, 0, "Seal"), (1, 1, "7")):
        grid.cell(row, column).text = text
    deck.save(str(tmp_path / "deck.pptx"))
    document = read("a.pptx", (tmp_path / "deck.pptx").read_bytes())
    assert document.title == "Pumps"
    assert headings(document) == [(1, "Care"), (1, "Parts")]
    assert document.text == "Care\n\n- Oil it\n- Clean it\n\nAsk them.\n\nParts\n\n| Part | No. |\n| --- | --- |\n| Seal | 7 |\n\nbelow"
    assert [document.page_at(document.text.index(word)) for word in ("Oil", "Parts", "below")] == [1, 2, 2]


@pytest.mark.parametrize(("kind", "text"), [(XL_CHART_TYPE.COLUMN_CLUSTERED, "| Ducks | 3 |"), (XL_CHART_TYPE.THREE_D_COLUMN, "not read")])
def test_charts_are_tables_where_they_can_be_read_and_a_note_where_not(read: Read, tmp_path: Path, kind: XL_CHART_TYPE, text: str) -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Birds"
    data = CategoryChartData()
    data.categories = ["Ducks"]
    data.add_series("2020", (3.0,))
    try:
        slide.shapes.add_chart(kind, 0, 0, Inches(4), Inches(4), data)
    except NotImplementedError:
        chart = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(4), Inches(4), data).chart
        bars = chart._chartSpace.find(".//{*}barChart")
        bars.tag = bars.tag.replace("barChart", "bar3DChart")
    deck.save(str(tmp_path / "deck.pptx"))
    document = read("a.pptx", (tmp_path / "deck.pptx").read_bytes())
    assert text in f"{document.text} {document.note}"


def test_spreadsheets_give_a_page_for_each_visible_sheet_and_a_table_for_each_region(read: Read, tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "book.xlsx"))
    first, second, hidden = (book.add_worksheet(name) for name in ("Parts", "Years", "Secret"))
    first.write_row(0, 0, ["Part", "No."])
    first.write_row(1, 0, ["Seal", 7])
    first.write_row(4, 3, ["Apart", 0.5])
    second.write_datetime(0, 0, datetime(2024, 5, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    hidden.write(0, 0, "unseen")
    hidden.hide()
    book.close()
    document = read("a.xlsx", (tmp_path / "book.xlsx").read_bytes())
    table = "| Part | No. |\n| --- | --- |\n| Seal | 7 |"
    assert document.text == f"Parts\n\n{table}\n\n| Apart | 0.5 |\n| --- | --- |\n\nYears\n\n| 2024-05-01 |\n| --- |"
    assert headings(document) == [(1, "Parts"), (1, "Years")]
    assert document.page_at(document.text.index("2024")) == 2


def test_open_documents_keep_headings_lists_tables_and_spaces(read: Read) -> None:
    table = "<table:table><table:table-row>" + "".join(
        f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in ("Part", "No.")
    )
    body = (
        '<office:text><text:h text:outline-level="2">Care</text:h><text:p>Oil<text:s text:c="3"/>it.</text:p>'
        "<text:list><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>inner</text:p></text:list-item></text:list>"
        f"</text:list-item><text:list-item><text:p>two</text:p></text:list-item></text:list>{table}</table:table-row></table:table>"
        "<text:tracked-changes><text:p>unseen</text:p></text:tracked-changes></office:text>"
    )
    document = read("a.odt", odf("text", body))
    assert document.title == "The pump"
    assert headings(document) == [(2, "Care")]
    assert document.text == "Care\n\nOil   it.\n\n- one\n  - inner\n- two\n\n| Part | No. |\n| --- | --- |"


def test_slides_of_open_presentations_are_pages(read: Read) -> None:
    slide = '<draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame></draw:page>'
    document = read("a.odp", odf("presentation", f"<office:presentation>{slide.format('One')}{slide.format('Two')}</office:presentation>"))
    assert headings(document) == [(1, "One"), (1, "Two")]
    assert document.page_at(document.text.index("Two")) == 2


def test_an_encrypted_open_document_says_so(read: Read) -> None:
    manifest = "<manifest><encryption-data/></manifest>"
    mimetype = "application/vnd.oasis.opendocument.text"
    with pytest.raises(InvalidFile, match="encrypted"):
        read("a.odt", archive(mimetype=mimetype, META_INF__manifest_dot_xml=manifest).replace(b"META_INF", b"META-INF"))


def book(spine: str, manifest: str, **chapters: str) -> bytes:
    container = '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>'
    package = f"<package><metadata><title>Rivers</title></metadata><manifest>{manifest}</manifest><spine>{spine}</spine></package>"
    entries = {"META_INF__container_dot_xml": container, "OPS__book_dot_opf": package, **chapters}
    return archive(mimetype="application/epub+zip", **entries).replace(b"META_INF", b"META-INF")


def test_books_are_read_in_the_order_of_their_spine_and_never_outside_the_archive(read: Read) -> None:
    manifest = (
        '<item id="a" href="a.xhtml"/><item id="b" href="b.xhtml"/><item id="c" href="../../../../etc/passwd"/>'
        '<item id="d" href="file:///etc/passwd"/>'
    )
    spine = "".join(f'<itemref idref="{id}"/>' for id in "bacdb")
    chapters = {"OPS__a_dot_xhtml": "<h1>Second</h1><p>sea", "OPS__b_dot_xhtml": "<html><body><h1>First</h1><p>spring"}
    document = read("a.epub", book(spine, manifest, **chapters))
    assert document.title == "Rivers"
    assert document.text == "First\n\nspring\n\nSecond\n\nsea"
    assert document.page_at(document.text.index("sea")) == 2


def test_mails_show_who_wrote_what_to_whom(read: Read) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Pömpe", "Ann <a@example.org>", "Bob <b@example.org>"
    mail.set_content("Öl it.")
    mail.add_alternative("<p>Öl it, <b>in HTML</b>.</p>", subtype="html")
    mail.add_attachment(b"%PDF-", "application", "pdf", filename="plan.pdf")
    document = read("a.eml", mail.as_bytes())
    assert document.text == "Pömpe\n\nFrom: Ann <a@example.org>\nTo: Bob <b@example.org>\n\nÖl it."
    assert document.note is not None and "'plan.pdf' is not read: The file is not a readable PDF" in document.note
    page = EmailMessage()
    page["Subject"] = "Page"
    page.set_content("<h1>Care</h1><p>Oil it.</p>", subtype="html")
    assert read("a.eml", page.as_bytes()).text == "Page\n\nCare\n\nOil it."
    with pytest.raises(InvalidFile, match="not an e-mail"):
        read("a.eml", "no header at all\n\nand a text")


def test_what_is_attached_to_a_mail_is_read_as_a_section_or_noted(read: Read) -> None:
    inner = EmailMessage()
    inner["Subject"] = "Forwarded"
    inner.set_content("Words of the forwarded mail.")
    inner.add_attachment(b"# Deep\n\nnot read", "text", "markdown", filename="deep.md")
    mail = EmailMessage()
    mail["Subject"] = "Pump"
    mail.set_content("See below.")
    mail.add_attachment(make_pdf(["Words of the plan"]), "application", "pdf", filename="plan.pdf")
    mail.add_attachment("# Care\n\nOil it.\n", filename="../care.md")
    mail.add_attachment(b"\x89PNG\r\n", "image", "png", filename="logo.png")
    mail.add_attachment(inner)
    document = read("a.eml", mail.as_bytes())
    assert document.text == (
        "Pump\n\nSee below.\n\nplan.pdf\n\nWords of the plan\n\n../care.md\n\n# Care\n\nOil it.\n\n"
        "Forwarded\n\nWords of the forwarded mail."
    )
    assert document.heading_path_at(document.text.index("Oil")) == ["Pump", "../care.md", "Care"]
    assert document.heading_path_at(document.text.index("forwarded mail")) == ["Pump", "Forwarded"]
    assert document.note == "Attachments that are not read: logo.png, deep.md. Upload by themselves what matters of them."


def test_rich_text_is_read_whatever_its_name(read: Read) -> None:
    source = r"{\rtf1\ansi\ansicpg1252 Oil the pump.\par Gr\'f6\'dfe \u8364? 5}"
    assert read("a.rtf", source).text == "Oil the pump.\nGröße € 5"
    assert "read as rtf" in str(read("a.docx", source).note)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_values_are_a_table_whatever_separates_them(read: Read, mark: str) -> None:
    rows = [["Part", "No."], ['"the, seal; new\nline"', "7"]]
    assert read("a.csv", "\n".join(mark.join(row) for row in rows)).text == "| Part | No. |\n| --- | --- |\n| the, seal; new line | 7 |"


def test_json_is_lines_with_paths_and_lists_of_records_are_tables(read: Read) -> None:
    nested = {"pump": {"name": "P-7", "parts": [{"no": 7, "tags": ["a", "b"]}], "on": None}}
    assert read("a.json", json.dumps(nested)).text == "pump.name: P-7\npump.parts[1].no: 7\npump.parts[1].tags: a, b\npump.on: null"
    assert read("a.json", '[{"a": 1}, {"a": 2, "b": "ü"}]').text == "| a | b |\n| --- | --- |\n| 1 |  |\n| 2 | ü |"
    assert read("a.jsonl", '{"a": 1}\n{"a": 2}\n').text == "a: 1\n\na: 2"
    with pytest.raises(InvalidFile, match="line 2, column 7"):
        read("a.json", '{\n "a": }')
    with pytest.raises(InvalidFile, match="nested too deeply"):
        read("a.json", "[" * 100_000)


def test_word_text_boxes_content_controls_and_the_strict_form_are_read(read: Read) -> None:
    space = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    text = "<w:r><w:t>{}</w:t></w:r>"
    box = f"<w:r><w:pict><w:txbxContent><w:p>{text.format('boxed')}</w:p></w:txbxContent></w:pict></w:r>"
    body = (
        f"<w:p>{text.format('before')}{box}</w:p><w:sdt><w:sdtContent><w:p>{text.format('filled in')}</w:p></w:sdtContent></w:sdt>"
        f"<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins>{text.format('added')}</w:ins></w:p>"
    )
    page = f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
    # The root's only child is the body.
    assert read("a.docx", archive(word__document_dot_xml=page)).text == "before\n\nboxed\n\nfilled in\n\nadded"


def test_pages_that_are_images_are_named_in_the_note(read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    document = read("a.pdf", scan(["One", None, "Three", None, None]))
    assert document.note is not None and document.note.startswith("Pages 2, 4-5 hold images of text only; install Tesseract")
    with pytest.raises(InvalidFile, match="Page 1 holds images of text only"):
        read("a.pdf", scan([None]))


@pytest.mark.parametrize("filename", ["a.docx", "a", "a.bin", "a.md", "..\\..\\a.TXT"])
def test_bytes_tell_the_format_where_the_name_is_wrong_or_silent(read: Read, filename: str) -> None:
    document = read(filename, make_pdf(["Alpha"]))
    assert document.text == "Alpha"
    assert (document.note is not None) == (filename in ("a.docx", "a.md", "..\\..\\a.TXT"))


def test_a_name_without_an_ending_is_text_or_a_page_by_its_bytes(read: Read) -> None:
    assert read("README", "plain <b>text").text == "plain <b>text"
    assert read("page", "<!DOCTYPE html><p>seen</p>").text == "seen"


@pytest.mark.parametrize("filename", ["a.pdf", "a.docx", "a.pptx", "a.xlsx", "a.odt", "a.epub", "a.rtf"])
@pytest.mark.parametrize("content", ["plain text", b"\0\1\2\3", b""])
def test_bytes_that_are_not_what_the_name_says_are_refused(read: Read, filename: str, content: bytes | str) -> None:
    with pytest.raises(InvalidFile, match="name ends in"):
        read(filename, content)


@pytest.mark.parametrize("content", [b"\x89PNG\r\n", b"\x1f\x8b\x08", b"\x7fELF\2", archive(a_dot_txt="text")])
def test_what_is_no_document_is_called_by_its_name(read: Read, content: bytes) -> None:
    with pytest.raises(UnsupportedFile, match=r"image|archive|program"):
        read("a.bin", content)


def test_word_documents_made_by_a_library_read_as_they_were_written(read: Read, tmp_path: Path) -> None:
    source = docx.Document()
    source.add_paragraph("a\tb")
    merged = source.add_table(1, 3).rows[0].cells
    merged[0].merge(merged[1]).text = "wide"
    merged[2].text = "end"
    source.save(str(tmp_path / "a.docx"))
    assert read("a.docx", (tmp_path / "a.docx").read_bytes()).text == "a\tb\n\n| wide |  | end |\n| --- | --- | --- |"


def test_a_word_table_of_one_cell_is_a_frame_around_what_is_in_it(read: Read, tmp_path: Path) -> None:
    source = docx.Document()
    frame = source.add_table(1, 1).rows[0].cells[0]
    frame.text = "Framed"
    inner = frame.add_table(1, 2).rows[0].cells
    inner[0].text, inner[1].text = "a", "b"
    source.save(str(tmp_path / "a.docx"))
    assert read("a.docx", (tmp_path / "a.docx").read_bytes()).text == "Framed\n\n| a | b |\n| --- | --- |"


@pytest.fixture
def tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that has data of two languages and says what it is asked to read."""
    program = tmp_path / "tesseract"
    listing = '[ "$1" = --list-langs ] && printf "List of available languages (2):\\ndeu\\neng\\n" && exit\n'
    program.write_text(f'#!/bin/sh\n{listing}head -c 4 | tail -c 3\necho " read: $*"\ncat > /dev/null\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    ocr._installed.cache_clear()
    return program


def test_pages_that_are_images_are_read_where_tesseract_is_installed(read: Read, tesseract: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = read("a.pdf", scan(["One", None]))
    assert document.text == "One\n\nPNG read: - -"
    assert document.page_at(document.text.index("PNG")) == 2
    assert document.note == "Page 2 holds images of text only; read by text recognition."
    monkeypatch.setenv("RETRIEVAL_OCR_LANGUAGES", "deu+eng")
    assert read("a.pdf", scan([None])).text == "PNG read: - - -l deu+eng"


def test_a_page_that_cannot_be_recognized_is_a_note_and_the_others_are_read(
    read: Read, tesseract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETRIEVAL_OCR_LANGUAGES", "eng+fra")
    document = read("a.pdf", scan(["One", None]))
    assert document.text == "One"
    assert document.note is not None
    assert "lacks the language data of fra (RETRIEVAL_OCR_LANGUAGES=eng+fra); installed: deu, eng" in document.note
    monkeypatch.setenv("RETRIEVAL_OCR_LANGUAGES", "")
    tesseract.write_text("#!/bin/sh\nexit 1\n")
    assert "Tesseract failed" in str(read("a.pdf", scan(["One", None])).note)
    with pytest.raises(InvalidFile, match=r"Page 1 holds images.*Tesseract failed"):
        read("a.pdf", scan([None]))


@pytest.mark.parametrize("languages", ["deu eng", "deu+", "--help;"])
def test_languages_that_are_not_written_as_tesseract_does_are_refused_at_the_start(languages: str) -> None:
    with pytest.raises(ValidationError, match="ocr_languages"):
        RetrievalSettings(ocr_languages=languages)
