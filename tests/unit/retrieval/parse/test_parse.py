import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from services.retrieval.parse import Document, InvalidFile, UnsupportedFile, parse
from tests.unit.retrieval.stand_ins import make_pdf

Read = Callable[[str, bytes | str], Document]
GERMAN = "Die Größe der Pumpe überschreitet die zulässigen Maße. Prüfen Sie täglich den Ölstand und die Düsen."


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def write_and_parse(filename: str, content: bytes | str) -> Document:
        path = tmp_path / "file-bytes"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return parse(path, filename)

    return write_and_parse


def headings(document: Document) -> list[tuple[int, str]]:
    return [(heading.level, heading.text) for heading in document.headings]


def test_plain_text_is_kept_with_one_kind_of_line_end(read: Read) -> None:
    assert read("a.txt", b"one\r\ntwo\rthree\n\n").text == "one\ntwo\nthree"


@pytest.mark.parametrize(
    ("text", "encodings"),
    [
        (GERMAN, "latin-1 cp1252 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-32-le mac_roman"),
        ("Größe: 5 mm", "cp1252 utf-16-le"),
        ("L\u2019été dernier, les élèves ont reçu leurs diplômes à l\u2019école. Cœur, naïveté.", "cp1252 utf-16-be"),
        ("Zażółć gęślą jaźń. Codziennie sprawdzaj poziom oleju.", "cp1250"),
        ("Проверяйте уровень масла ежедневно. Номер детали семь.", "cp1251 koi8-r cp866 utf-16-le"),
        ("Ελέγχετε τη στάθμη λαδιού καθημερινά.", "cp1253 utf-16-le"),
        ("ポンプの点検は毎日行ってください。部品番号は7です。", "shift_jis euc_jp iso2022_jp utf-16-le"),
        ("部品,番号\nシール,7", "shift_jis"),
        ("请每天检查水泵的油位。零件编号为七。", "gb18030 utf-16-le"),
        ("名称,数量\n密封圈,7", "gb18030"),
        ("請每天檢查水泵的油位。零件編號為七。", "big5"),
        ("펌프의 오일 수준을 매일 확인하십시오. 부품 번호는 7입니다.", "euc_kr"),
        ("Plain words in a row.\n" * 5000 + "Größe", "cp1252 utf-16-le utf-16-be"),
    ],
)
def test_encodings_are_recognized(read: Read, text: str, encodings: str) -> None:
    for encoding in encodings.split():
        assert read("a.txt", text.encode(encoding)).text == text, encoding


def test_characters_that_no_one_can_store_are_left_out(read: Read) -> None:
    assert read("a.txt", "a\x00b\x0cc" * 20 + "d" * 4000).text == "abc" * 20 + "d" * 4000


def test_binary_data_is_not_text(read: Read) -> None:
    with pytest.raises(InvalidFile, match="not text"):
        read("a.txt", bytes(range(256)) * 40 + b"\0" * 5000)


@pytest.mark.parametrize("content", ["", "  \n\t\n"])
def test_a_file_without_text_is_refused(read: Read, content: str) -> None:
    with pytest.raises(InvalidFile, match="no text"):
        read("a.md", content)


@pytest.mark.parametrize("filename", ["a.exe", "a.pdf.zip", ".md.bak", "x" * 5000 + ".bin"])
def test_an_unknown_format_is_refused_with_those_that_are_known(read: Read, filename: str) -> None:
    with pytest.raises(UnsupportedFile, match="pdf, docx, pptx"):
        read(filename, "text")


def test_markdown_headings_give_a_path_and_those_in_fences_do_not_count(read: Read) -> None:
    text = (
        "# Pump `P-7`\n\nIntro.\n\n```sh\n# not a heading\n```\n\n## Care #\n\nOil it.\n\nYearly\n------\n\nNow.\n\n# [Valve](v.md)\n\nEnd."
    )
    document = read("a.MD", text)
    assert document.text == text
    assert document.title == "Pump P-7"
    assert headings(document) == [(1, "Pump P-7"), (2, "Care"), (2, "Yearly"), (1, "Valve")]
    assert document.heading_path_at(text.index("Oil")) == ["Pump P-7", "Care"]
    assert document.heading_path_at(text.index("Now.")) == ["Pump P-7", "Yearly"]
    assert document.heading_path_at(text.index("End.")) == ["Valve"]
    assert document.page_at(5) is None


def test_markdown_knows_tildes_longer_fences_and_what_is_no_heading(read: Read) -> None:
    text = "````\n```\n# no\n````\n~~~\n# no\n~~~\n#no\n    # no\n- item\n---\n####### no\n# yes"
    assert headings(read("a.md", text)) == [(1, "yes")]


def test_html_becomes_what_a_reader_sees(read: Read) -> None:
    page = """<!doctype html><html><head><title>The  pump</title><style>p {}</style><script>var x = "<p>no</p>"</script></head>
    <body><nav>Home</nav><h1>Pump <em>P-7</em></h1><p>First
    line.<br>Second &amp; last.<h2>Parts</h2><ul><li>one<li>two</ul>
    <table><tr><th>Part<th>No.<tr><td>Seal<td>7|8</table><pre>a
      b</pre><p hidden>unseen</p><template>unseen</template>tail"""
    document = read("a.html", page)
    assert document.title == "The pump"
    assert headings(document) == [(1, "Pump P-7"), (2, "Parts")]
    assert "First line.\nSecond & last." in document.text
    assert "- one\n- two" in document.text
    assert "| Part | No. |\n| --- | --- |\n| Seal | 7\\|8 |" in document.text
    assert "a\n      b" in document.text
    assert document.text.endswith("tail")
    assert "unseen" not in document.text and "var x" not in document.text
    for heading in document.headings:
        assert document.text[heading.start :].startswith(heading.text)


def test_html_says_its_own_encoding(read: Read) -> None:
    page = '<meta charset="iso-8859-2"><p>Łódź żółć</p>'.encode("iso-8859-2")
    assert read("a.htm", page).text == "Łódź żółć"


@pytest.mark.parametrize("page", ["<p>un<b>closed", "<div>" * 1500 + "deep", "</p></div><p>un</p><b>closed", "un < closed & more"])
def test_malformed_html_is_read_all_the_same(read: Read, page: str) -> None:
    assert read("a.html", page).text


def test_pdf_pages_are_numbered(read: Read) -> None:
    document = read("a.pdf", make_pdf(["Alpha on one\nmore", "Beta on two", "Gamma on three"], "The report"))
    assert document.title == "The report"
    assert len(document.pages) == 3
    assert [document.page_at(document.text.index(word)) for word in ("Alpha", "more", "Beta", "Gamma")] == [1, 1, 2, 3]


def test_a_pdf_without_words_is_refused(read: Read) -> None:
    with pytest.raises(InvalidFile, match="no text"):
        read("a.pdf", make_pdf([""]))


@pytest.mark.parametrize("content", [b"not a pdf", make_pdf(["text"])[:200], b""])
def test_a_broken_pdf_is_refused(read: Read, content: bytes) -> None:
    with pytest.raises(InvalidFile):
        read("a.pdf", content)


def test_word_documents_keep_headings_lists_and_tables(read: Read, tmp_path: Path) -> None:
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
    assert headings(document) == [(1, "The pump"), (1, "Care")]
    assert document.text == "The pump\n\nCare\n\nOil it.\n\n- one\n- two\n\n| Part | No. |\n| --- | --- |\n| Seal | 7 |"


def test_a_broken_word_document_is_refused(read: Read, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFile, match="old Office format"):
        read("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old one")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a.txt", "text")
    with pytest.raises(InvalidFile, match="without the parts of a docx"):
        read("a.docx", (tmp_path / "other.zip").read_bytes())


def test_a_word_document_that_unpacks_to_far_too_much_is_refused(read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.retrieval.parse.archive.MAX_UNPACKED_BYTES", 1000)
    source = docx.Document()
    source.save(str(tmp_path / "source.docx"))
    with pytest.raises(InvalidFile, match="unpacks to"):
        read("a.docx", (tmp_path / "source.docx").read_bytes())


def test_a_zero_byte_in_a_short_text_does_not_make_it_utf_16(read: Read) -> None:
    with pytest.raises(InvalidFile, match="binary data"):
        read("a.txt", b"abc\x00def")


@pytest.mark.parametrize(
    ("filename", "content"), [("a.txt", "\u200b"), ("a.txt", "\u200b \u2060\n\u00ad" * 400_000), ("a.html", "<p>\u200b</p>")]
)
def test_characters_that_no_one_can_see_are_no_text(read: Read, filename: str, content: str) -> None:
    with pytest.raises(InvalidFile, match="holds no text"):
        read(filename, content)


def test_characters_that_no_one_can_see_stay_between_those_that_can_be_seen(read: Read) -> None:
    assert "a\u200bb" in read("a.txt", "a\u200bb\u200b").text
