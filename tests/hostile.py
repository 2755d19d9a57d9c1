"""Generates files that are made to harm their reader: bombs, false sizes, loops, truncated and encrypted files."""

import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from email.message import EmailMessage

import xlsxwriter

from tests.pdf import make_pdf

File = tuple[str, bytes]
# Words of libraries, of their languages and of the operator, which mean nothing to a person who uploads a file.
LIBRARY_WORDS = re.compile(
    r"pdfium|xml_parse|xmlsyntax|libxml|calamine|zlib|tesseract|rapidocr|install|success|traceback|errno|exception|0x[0-9a-f]|\b[A-Z]+_[A-Z_]+\b"
    r"|\bSIG[A-Z]+|\w+Error\b|utf-8' codec|can't decode|\bNone\b",
    re.IGNORECASE,
)
MIB = 1024 * 1024
LAUGHS = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
BOMB = f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>'
QUADRATIC = f'<!DOCTYPE x [<!ENTITY l9 "{"x" * 100_000}">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'
WORD = "application/vnd.oasis.opendocument.text"
SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
DIMENSION = f'<worksheet {SHEET}><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'
WIDE_CELL = '<w:tc><w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>'
EMPTY_WIDE_CELL = WIDE_CELL.replace("<w:r><w:t>x</w:t></w:r>", "")
CONTAINER = '<container><rootfile full-path="book.opf"/></container>'
HREFS = ("../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "%2e%2e/%2e%2e/etc/shadow", "..\\..\\etc\\passwd")
ITEMS = "".join(f'<item id="i{number}" href="{href}"/>' for number, href in enumerate(HREFS))
SPINE = "".join(f'<itemref idref="i{number}"/>' for number in range(len(HREFS)))
BOOK = '<package><manifest><item id="a" href="a.html"/></manifest><spine><itemref idref="a"/></spine></package>'
PATHS = f"<package><manifest>{ITEMS}</manifest><spine>{SPINE}</spine></package>"
ATTACHED = b"--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nwords\n"
PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
    b"/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
)
WORDS_DRAWN = b"BT /F 10 Tf 50 700 Td (words) Tj ET\n"
LINES = b"".join(b"%d %d 10 10 re S\n" % (x, y) for x in range(0, 600, 3) for y in range(0, 780, 3))


def harmful() -> Iterator[File]:
    """Yield names and contents of files that cannot be read."""
    for name, doctype in (("laughs", BOMB), ("quadratic", QUADRATIC), ("outside", OUTSIDE)):
        yield f"{name}.docx", docx(f"{doctype}<w:document {SPACE}><w:body><w:p><w:r><w:t>&l9;</w:t></w:r></w:p></w:body></w:document>")
        yield f"{name}.odt", make_archive({"mimetype": WORD, "content.xml": f"{doctype}<d><body><text><p>&l9;</p></text></body></d>"})
        yield f"{name}.epub", make_archive({"META-INF/container.xml": f"{doctype}<container><rootfile full-path='&l9;'/></container>"})
        strings = f"{doctype}<sst {SHEET}><si><t>&l9;</t></si></sst>"
        yield f"{name}.xlsx", with_part(sheet({(0, 0): "text"}), "xl/sharedStrings.xml", strings)
        yield (
            f"{name}.pptx",
            make_archive({"[Content_Types].xml": f"{doctype}<Types>&l9;</Types>", "ppt/presentation.xml": f"{doctype}<p>&l9;</p>"}),
        )
    yield "deep.docx", docx(f"<w:document {SPACE}>" + "<w:sdt>" * 100_000 + "</w:sdt>" * 100_000 + "</w:document>")
    yield "deep.json", b"[" * 2_000_000
    yield "deep-html.html", b"<div>" * 300_000
    yield "deep-objects.json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    yield "parts.eml", parts(10_000)
    yield "boxes-deep.eml", boxes(10_000)
    yield "line.csv", b"a" * 50 * MIB
    yield "bomb.docx", bomb(520)
    yield "bomb.pdf", pdf(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", PAGE, compressed_stream(2048))
    yield "claims.docx", with_false_size(docx("<w:document/>"), 3_000_000_000)
    yield "modest.docx", with_false_size(bomb(64), 100)
    yield "entries.docx", make_archive({"word/document.xml": "", **{f"{number}.xml": "" for number in range(25_000)}})
    yield "locked.docx", encrypted(docx("<w:document/>"))
    yield "locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    yield "nested.docx", make_archive({"word.zip": make_archive({"word.zip": make_archive({"word/document.xml": ""})})})
    yield "paths.epub", make_archive({"META-INF/container.xml": CONTAINER, "book.opf": PATHS, "../../etc/passwd": "root: of the archive"})
    yield "inside.epub", make_archive({"META-INF/container.xml": '<container><rootfile full-path="../../../../etc/passwd"/></container>'})
    yield "loop.pdf", pdf(b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2000000000 >>")
    yield "million.pdf", pdf(b"<< /Type /Pages /Kids [3 0 R] /Count 1000000 >>", PAGE, b"<< /Length 0 >> stream\n\nendstream")
    yield (
        "huge.pdf",
        pdf(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", b"<< /Length 4294967296 /Filter /FlateDecode >> stream\nx\nendstream"),
    )
    yield "page.pdf", pdf(b"<< /Type /Pages /Kids [3 0 R] /Count 2147483647 >>", b"<< /Type /Page /MediaBox [0 0 1e30 1e30] >>")
    yield "diagonal.xlsx", diagonal()
    yield "binary.txt", bytes(range(256)) * 400 + bytes(MIB)
    yield "empty.md", b""
    for extension in ("pdf", "docx", "pptx", "xlsx", "odt", "epub", "rtf"):
        yield f"wrong.{extension}", b"just some text"
    for name, content in complete():
        yield f"cut-{name}", content[: len(content) // 2]


def complete() -> Iterator[File]:
    """Yield valid files."""
    body = "<w:p><w:r><w:t>fine words</w:t></w:r></w:p>" * 50
    yield "a.docx", docx(f"<w:document {SPACE}><w:body>{body}</w:body></w:document>")
    yield "a.odt", make_archive({"mimetype": WORD, "content.xml": "<d><body><text><p>fine words</p></text></body></d>" + " " * 900})
    yield "a.xlsx", sheet({(0, 0): "fine words"})


def damaged(per_file: int) -> Iterator[File]:
    """Yield files of every format that are cut, or have other bytes in some places."""
    choose = random.Random(7)
    book: dict[str, str | bytes] = {"META-INF/container.xml": CONTAINER, "book.opf": BOOK, "a.html": "<p>fine words"}
    mail = attached("a.docx", docx(f"<w:document {SPACE}/>"))
    others = [("a.pdf", make_pdf(["fine", "words"])), ("a.epub", make_archive(book)), ("a.eml", mail), ("a.rtf", b"{\\rtf1 fine {words}}")]
    for name, content in (*complete(), *others):
        for _ in range(per_file):
            changed = bytearray(content)
            for _ in range(choose.randint(1, 30)):
                changed[choose.randrange(len(changed))] = choose.randrange(256)
            yield name, bytes(changed[: choose.choice([len(changed), choose.randrange(9, len(changed))])])


def odd() -> Iterator[File]:
    """Yield files with odd names or shapes, which may be read or rejected but must do no harm."""
    for name in (
        "../../etc/passwd.txt",
        "..\\..\\boot.ini",
        "/etc/shadow.md",
        "a\0b.txt",
        "C:\\con.txt",
        "x" * 5000 + ".txt",
        "%2e%2e%2fa.txt",
    ):
        yield name, b"some words"
    yield "wide.csv", b"a," * 300_000
    yield "deep.rtf", b"{\\rtf1" + b"{" * 500_000
    yield "boxes.eml", boxes(3000)
    yield "number.json", b'{"a": ' + b"9" * 100_000 + b"}"
    yield "loop-of-forms.pdf", make_pdf(["words"]).replace(b"/Helvetica", b"/Helvetic\xff")
    yield "many.pdf", pdf(b"<< /Type /Pages /Kids [%s] /Count 20000 >>" % (b"3 0 R " * 20_000), PAGE, WORDS)
    yield "drawing.pdf", pdf(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", PAGE, stream(LINES + WORDS_DRAWN))
    yield "spans.html", b"<table>" + b"<tr><td colspan=100 rowspan=60000>spans<td>b" * 300
    yield "spans.docx", docx(f"<w:document {SPACE}><w:body><w:tbl><w:tr>{WIDE_CELL * 2000}</w:tr></w:tbl></w:body></w:document>")
    yield "corner.xlsx", sheet({(0, 0): "first", (1_048_575, 16_383): "last"})
    yield "dimension.xlsx", with_part(sheet({(0, 0): "text"}), "xl/worksheets/sheet1.xml", DIMENSION)
    yield "attached.eml", b"Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n" + ATTACHED * 2000 + b"--b--\n"
    yield "attached-bomb.eml", attached("bomb.docx", bomb(520))
    yield "line.txt", b"word " * 10 * MIB
    yield "lines.html", b"<table>" + b"<tr><td>x" * 50_000


def make_archive(entries: dict[str, str | bytes]) -> bytes:
    """Return a zip archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as writer:
        for name, content in entries.items():
            writer.writestr(name, content)
    return file.getvalue()


def with_part(archive: bytes, name: str, content: str) -> bytes:
    """Return a copy of the zip archive in which one entry has another content."""
    with zipfile.ZipFile(io.BytesIO(archive)) as reader:
        return make_archive({each: reader.read(each) for each in reader.namelist()} | {name: content})


def docx(document: str | bytes) -> bytes:
    """Return a Word document whose main part is `document`."""
    return make_archive({"word/document.xml": document})


def cell(text: str) -> str:
    """Return a cell of a table in a Word document."""
    return f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def bomb(size: int) -> bytes:
    """Return a Word document whose main part is `size` MiB of spaces."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as writer, writer.open("word/document.xml", "w") as part:
        for _ in range(size):
            part.write(b" " * MIB)
    return file.getvalue()


def with_false_size(archive: bytes, size: int) -> bytes:
    """Return the archive with a false unpacked size in its directory."""
    at = archive.rindex(b"PK\1\2")
    return archive[: at + 24] + struct.pack("<I", size) + archive[at + 28 :]


def encrypted(archive: bytes) -> bytes:
    """Return the archive with its entry marked as encrypted."""
    at = archive.rindex(b"PK\1\2")
    return archive[: at + 8] + b"\1" + archive[at + 9 :]


def pdf(*objects: bytes) -> bytes:
    """Return a PDF of these objects after the catalog, without a cross-reference table."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, 2))
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n" + body + b"trailer << /Root 1 0 R /Size 4000000000 >>\n%%EOF"


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """Return a stream of a PDF."""
    return b"<< /Length %d %s >> stream\n%s\nendstream" % (len(content), entries, content)


WORDS = stream(WORDS_DRAWN)


def compressed_stream(size: int) -> bytes:
    """Return a stream of a PDF that unpacks to `size` MiB."""
    compressor = zlib.compressobj(1)
    return stream(b"".join(compressor.compress(b" " * MIB) for _ in range(size)) + compressor.flush(), b"/Filter /FlateDecode")


def sheet(cells: dict[tuple[int, int], str]) -> bytes:
    """Return a spreadsheet."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    page = book.add_worksheet()
    for (row, column), text in cells.items():
        page.write(row, column, text)
    book.close()
    return file.getvalue()


def diagonal() -> bytes:
    """Return a spreadsheet with a cell in each row and each column, a table of 268 million cells."""
    return sheet({(number, number): "x" for number in range(16_384)})


def boxes(depth: int) -> bytes:
    """Return a mail in a mail, nested `depth` times."""
    return b"Subject: box\n" + b"Content-Type: message/rfc822\n\n" * depth + b"Subject: innermost\n\nwords"


def parts(depth: int) -> bytes:
    """Return a mail with multipart parts nested `depth` times."""
    level = 'Content-Type: multipart/mixed; boundary="b{0}"\n\n--b{0}\n'
    return b"Subject: parts\n" + "".join(level.format(number) for number in range(depth)).encode() + b"\nwords"


def attached(name: str, content: bytes) -> bytes:
    """Return a mail with an attachment."""
    mail = EmailMessage()
    mail["Subject"] = "attached"
    mail.set_content("words")
    mail.add_attachment(content, "application", "octet-stream", filename=name)
    return mail.as_bytes()
