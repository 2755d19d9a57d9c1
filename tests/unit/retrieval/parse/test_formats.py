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


def test_cells_in_far_corners_take_no_more_than_cells_side_by_side(read: Read, tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "book.xlsx"))
    first, second = book.add_worksheet("Far"), book.add_worksheet("Near")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    first.write(0, 0, "first")
    first.write(1, 2, "below")
    first.write(500_000, 701, "middle")
    first.write_datetime(1_048_575, 16_383, datetime(2024, 5, 1), day)
    second.write_row(0, 0, ["Seal", 7])
    book.close()
    document = read("a.xlsx", (tmp_path / "book.xlsx").read_bytes())
    upper = "| first |  |\n| --- | --- |\n|  | below |"
    lower = "| middle |\n| --- |\n\n| 2024-05-01 |\n| --- |"
    assert document.text == f"Far\n\n{upper}\n\n{lower}\n\nNear\n\n| Seal | 7 |\n| --- | --- |"


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
    assert read("a.json", '{"n": [0.10, 1E400, ' + "9" * 9000 + "]}").text == "n: 0.10, 1E400, " + "9" * 9000
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
    assert document.note is not None and document.note.startswith("Pages 2, 4-5: images of text only; install Tesseract")
    with pytest.raises(InvalidFile, match="Page 1: images of text only"):
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
    assert read("a.docx", (tmp_path / "a.docx").read_bytes()).text == "a\tb\n\n| wide | wide | end |\n| --- | --- | --- |"


def test_word_lists_and_headings_are_numbered_as_word_shows_them(read: Read, tmp_path: Path) -> None:
    source = docx.Document()
    for text, style in (("one", "Number"), ("two", "Number"), ("deep", "Bullet 2"), ("point", "Bullet"), ("three", "Number")):
        source.add_paragraph(text, style=f"List {style}")
    source.save(str(tmp_path / "a.docx"))
    assert read("a.docx", (tmp_path / "a.docx").read_bytes()).text == "1. one\n2. two\n  - deep\n- point\n3. three"


LEVELS = ((0, 4, "decimal", "%1"), (1, 1, "decimal", "%1.%2"), (2, 27, "lowerLetter", "(%3)"), (3, 9, "upperRoman", "%4."))


def counted(level: int | None = None) -> str:
    place = "" if level is None else f'<w:ilvl w:val="{level}"/>'
    return f'<w:pPr><w:numPr>{place}<w:numId w:val="7"/></w:numPr></w:pPr>'


def word(**parts: str) -> bytes:
    """Return a Word document of parts without their roots."""
    return archive(**{f"word__{name}_dot_xml": f'<w:{name} xmlns:w="w">{content}</w:{name}>' for name, content in parts.items()})


def test_word_numbers_have_the_levels_the_letters_and_the_start_that_the_document_says(read: Read) -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="{start}"/><w:numFmt w:val="{format}"/><w:lvlText w:val="{shown}"/></w:lvl>'
        for level, start, format, shown in LEVELS
    )
    kind = f'<w:abstractNum w:abstractNumId="3">{levels}</w:abstractNum>'
    numbering = f'{kind}<w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num>'
    deeper = '<w:basedOn w:val="H1"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr>'
    styles = "".join(
        f'<w:style w:styleId="H{level}"><w:name w:val="heading {level}"/>{rest}</w:style>' for level, rest in ((1, counted()), (2, deeper))
    )
    titled = '<w:p><w:pPr><w:pStyle w:val="{}"/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    items = "".join(f"<w:p>{counted(level)}<w:r><w:t>{text}</w:t></w:r></w:p>" for level, text in ((2, "item"), (3, "inner")))
    titles = [titled.format(*each) for each in (("H1", "Care"), ("H2", "Oil"), ("H2", "Water"), ("H1", "Parts"))]
    body = f"<w:body>{''.join(titles[:3])}{items}{titles[3]}</w:body>"
    document = read("a.docx", word(document=body, styles=styles, numbering=numbering))
    assert document.text == "4 Care\n\n4.1 Oil\n\n4.2 Water\n\n    (aa) item\n      IX. inner\n\n5 Parts"
    assert headings(document) == [(1, "4 Care"), (2, "4.1 Oil"), (2, "4.2 Water"), (1, "5 Parts")]


def test_a_row_of_a_word_table_may_begin_in_a_later_column(read: Read) -> None:
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    late = f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell.format("late")}</w:tr>'
    body = f"<w:body><w:tbl><w:tr>{cell.format('a')}{cell.format('b')}</w:tr>{late}</w:tbl></w:body>"
    assert read("a.docx", word(document=body)).text == "| a | b |\n| --- | --- |\n|  | late |"


def test_word_notes_stand_at_the_end(read: Read) -> None:
    parts = {name: f"<w:body><w:p><w:r><w:t>In {name}.</w:t></w:r></w:p></w:body>" for name in ("document", "footnotes", "endnotes")}
    assert read("a.docx", word(**parts)).text == "In document.\n\nIn footnotes.\n\nIn endnotes."


def test_cells_that_span_places_stand_in_each_so_that_every_row_can_be_read_by_itself(read: Read, tmp_path: Path) -> None:
    expected = "| Prices |  |  |\n| --- | --- | --- |\n| Seal | Seal | 7 |\n| of rubber | small | 1 |\n| of rubber | large | 2 |"
    page = "<table><tr><th colspan=3>Prices<tr><td colspan=2>Seal<td>7<tr><td rowspan=2>of rubber<td>small<td>1<tr><td>large<td>2</table>"
    assert read("a.html", page).text == expected
    source = docx.Document()
    grid = source.add_table(4, 3)
    for (row, column), text in {(0, 0): "Prices", (1, 0): "Seal", (1, 2): "7", (2, 0): "of rubber", (2, 1): "small", (2, 2): "1"}.items():
        grid.cell(row, column).text = text
    grid.cell(3, 1).text, grid.cell(3, 2).text = "large", "2"
    grid.cell(0, 0).merge(grid.cell(0, 2))
    grid.cell(1, 0).merge(grid.cell(1, 1))
    grid.cell(2, 0).merge(grid.cell(3, 0))
    source.save(str(tmp_path / "a.docx"))
    assert read("a.docx", (tmp_path / "a.docx").read_bytes()).text == expected
    cell = "<table:table-cell {}><text:p>{}</text:p></table:table-cell>"
    rows = [
        cell.format('table:number-columns-spanned="3"', "Prices") + "<table:covered-table-cell/>" * 2,
        cell.format('table:number-columns-spanned="2"', "Seal") + "<table:covered-table-cell/>" + cell.format("", "7"),
        cell.format('table:number-rows-spanned="2"', "of rubber") + cell.format("", "small") + cell.format("", "1"),
        "<table:covered-table-cell/>" + cell.format("", "large") + cell.format("", "2"),
    ]
    table = "<table:table>" + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows) + "</table:table>"
    assert read("a.odt", odf("text", f"<office:text>{table}</office:text>")).text == expected


@pytest.mark.parametrize("span", ["0", "-1", "999999999999", "x", "65534"])
def test_a_span_that_is_absurd_does_no_harm(read: Read, span: str) -> None:
    text = read("a.html", f'<table><tr><td rowspan="{span}" colspan="{span}">a<td>b<tr><td>c</table>').text
    assert "c" in text and len(text) < 3000


def test_a_page_that_tells_its_content_is_read_without_what_leads_around_the_site(read: Read) -> None:
    around = "<header>Acme</header><nav>Home</nav><div role=navigation>Up</div><p style='display: none'>unseen</p>"
    page = f"<body>{around}<main><header><h1>Pump</h1></header><p>Oil it.</p></main><aside>Related</aside><footer>Imprint</footer>"
    assert read("a.html", page).text == "Pump\n\nOil it."
    assert read("a.html", f"<body>{around}<p>Oil it.").text == "Acme\n\nHome\n\nUp\n\nOil it."


def test_a_page_that_is_nested_absurdly_deep_is_read_to_a_depth_and_a_note_says_so(read: Read) -> None:
    document = read("a.html", "<ul><li>word" * 5000)
    assert document.text.count("word") > 900
    assert document.note is not None and "nested too deeply" in document.note


def test_lists_of_a_page_keep_their_numbers_and_depth(read: Read) -> None:
    page = "<ol start=3><li>three<li>four<ul><li>inner<li>too</ul><li>five<li value=9>nine</ol><ul><li>point</ul>"
    assert read("a.html", page).text == "3. three\n4. four\n  - inner\n  - too\n5. five\n9. nine\n- point"


def test_tables_in_rich_text_are_markdown_tables(read: Read) -> None:
    row = r"\trowd\cellx2000\cellx4000\intbl {}\cell {}\cell\row"
    source = r"{\rtf1\ansi Before\par " + row.format("Part", "No.") + row.format("Seal", "7") + r"\pard After\par}"
    assert read("a.rtf", source).text == "Before\n\n| Part | No. |\n| --- | --- |\n| Seal | 7 |\n\nAfter"


def test_values_may_say_what_separates_them(read: Read) -> None:
    assert read("a.csv", "sep=,\na;b,c\n").text == "| a;b | c |\n| --- | --- |"


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
    assert document.note == "Page 2: images of text only, read by text recognition."
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
    with pytest.raises(InvalidFile, match="Page 1: images of text only; Tesseract failed"):
        read("a.pdf", scan([None]))


@pytest.mark.parametrize("languages", ["deu eng", "deu+", "--help;"])
def test_languages_that_are_not_written_as_tesseract_does_are_refused_at_the_start(languages: str) -> None:
    with pytest.raises(ValidationError, match=r"names joined by plus signs, such as deu\+eng"):
        RetrievalSettings(ocr_languages=languages)
