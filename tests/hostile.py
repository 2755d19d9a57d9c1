"""A generator of files that are made to harm whoever reads them: bombs, lies, loops, cuts, locks."""

import io
import struct
import zipfile
from collections.abc import Iterator

import xlsxwriter

from tests.unit.retrieval.stand_ins import make_pdf

File = tuple[str, bytes]
MIB = 1024 * 1024
LAUGHS = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
BOMB = f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>'
QUADRATIC = f'<!DOCTYPE x [<!ENTITY l9 "{"x" * 100_000}">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'
WORD = "application/vnd.oasis.opendocument.text"
SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def harmful() -> Iterator[File]:
    """Yield names and bytes; none of these can be read."""
    for name, doctype in (("laughs", BOMB), ("quadratic", QUADRATIC), ("outside", OUTSIDE)):
        yield f"{name}.docx", docx(f"{doctype}<w:document {SPACE}><w:body><w:p><w:r><w:t>&l9;</w:t></w:r></w:p></w:body></w:document>")
        yield f"{name}.odt", packed({"mimetype": WORD, "content.xml": f"{doctype}<d><body><text><p>&l9;</p></text></body></d>"})
        yield f"{name}.epub", packed({"META-INF/container.xml": f"{doctype}<container><rootfile full-path='&l9;'/></container>"})
    yield "deep.docx", docx(f"<w:document {SPACE}>" + "<w:sdt>" * 100_000 + "</w:sdt>" * 100_000 + "</w:document>")
    yield "deep.json", b"[" * 2_000_000
    yield "deep-html.html", b"<div>" * 300_000
    yield "bomb.docx", bomb(520)
    yield "claims.docx", lying(docx("<w:document/>"), 3_000_000_000)
    yield "modest.docx", lying(bomb(64), 100)
    yield "entries.docx", packed({"word/document.xml": "", **{f"{number}.xml": "" for number in range(25_000)}})
    yield "locked.docx", locked(docx("<w:document/>"))
    yield "locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    yield "nested.docx", packed({"word.zip": packed({"word.zip": packed({"word/document.xml": ""})})})
    yield "inside.epub", packed({"META-INF/container.xml": '<container><rootfile full-path="../../../../etc/passwd"/></container>'})
    yield "loop.pdf", pdf(b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2000000000 >>")
    yield (
        "huge.pdf",
        pdf(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", b"<< /Length 4294967296 /Filter /FlateDecode >> stream\nx\nendstream"),
    )
    yield "page.pdf", pdf(b"<< /Type /Pages /Kids [3 0 R] /Count 2147483647 >>", b"<< /Type /Page /MediaBox [0 0 1e30 1e30] >>")
    yield "corner.xlsx", corners()
    yield "binary.txt", bytes(range(256)) * 400 + bytes(MIB)
    yield "empty.md", b""
    for ending in ("pdf", "docx", "pptx", "xlsx", "odt", "epub", "rtf"):
        yield f"wrong.{ending}", b"just some text"
    for name, content in whole():
        yield f"cut-{name}", content[: len(content) // 2]


def whole() -> Iterator[File]:
    """Yield files that are fine."""
    body = "<w:p><w:r><w:t>fine words</w:t></w:r></w:p>" * 50
    yield "a.docx", docx(f"<w:document {SPACE}><w:body>{body}</w:body></w:document>")
    yield "a.odt", packed({"mimetype": WORD, "content.xml": "<d><body><text><p>fine words</p></text></body></d>" + " " * 900})
    yield "a.xlsx", sheet({(0, 0): "fine words"})


def odd() -> Iterator[File]:
    """Yield what may be read or refused, but must not harm: odd names, odd shapes."""
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
    yield "lines.html", b"<table>" + b"<tr><td>x" * 50_000


def packed(entries: dict[str, str | bytes]) -> bytes:
    """Return a zip archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as writer:
        for name, content in entries.items():
            writer.writestr(name, content)
    return file.getvalue()


def docx(document: str | bytes) -> bytes:
    """Return a Word document whose main part is `document`."""
    return packed({"word/document.xml": document})


def bomb(size: int) -> bytes:
    """Return a Word document whose main part is `size` MiB of spaces."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as writer, writer.open("word/document.xml", "w") as part:
        for _ in range(size):
            part.write(b" " * MIB)
    return file.getvalue()


def lying(archive: bytes, size: int) -> bytes:
    """Return the archive with another unpacked size in its directory."""
    at = archive.rindex(b"PK\1\2")
    return archive[: at + 24] + struct.pack("<I", size) + archive[at + 28 :]


def locked(archive: bytes) -> bytes:
    """Return the archive with its entry marked as encrypted."""
    at = archive.rindex(b"PK\1\2")
    return archive[: at + 8] + b"\1" + archive[at + 9 :]


def pdf(*objects: bytes) -> bytes:
    """Return a PDF of these objects after the catalogue, without a table of where they are."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, 2))
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n" + body + b"trailer << /Root 1 0 R /Size 4000000000 >>\n%%EOF"


def sheet(cells: dict[tuple[int, int], str]) -> bytes:
    """Return a spreadsheet."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    page = book.add_worksheet()
    for (row, column), text in cells.items():
        page.write(row, column, text)
    book.close()
    return file.getvalue()


def corners() -> bytes:
    """Return a spreadsheet with a cell in each corner, which spans 17 thousand million cells."""
    return sheet({(0, 0): "first", (1_048_575, 16_383): "last"})


def boxes(depth: int) -> bytes:
    """Return a mail within a mail within a mail."""
    return b"Subject: box\n" + b"Content-Type: message/rfc822\n\n" * depth + b"Subject: innermost\n\nwords"
