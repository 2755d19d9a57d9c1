"""Which format a file is in: by its first bytes where they are unmistakable, else by the end of its name.

A PDF that is called .docx is read as a PDF, with a note; a .docx that is no archive is refused with what it seems to be.
"""

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from services.retrieval.parse.document import InvalidFile, UnsupportedFile

SUPPORTED = "pdf, docx, pptx, xlsx, xls, ods, odt, odp, html, md, txt, csv, tsv, json, jsonl, eml, epub, rtf and source code"
SOURCE_CODE = [
    "c", "cc", "cfg", "cpp", "cs", "css", "go", "h", "hpp", "ini", "ipynb", "java", "js", "kt", "lua", "php", "pl", "ps1", "py", "r",
    "rb", "rs", "scala", "sh", "sql", "srt", "swift", "tex", "toml", "ts", "tsx", "vtt", "yaml", "yml",
]  # fmt: skip
ENDINGS = {
    **dict.fromkeys(("txt", "text", "log", "rst", "adoc", "asciidoc", *SOURCE_CODE), "text"),
    **dict.fromkeys(("md", "markdown", "mdown"), "markdown"),
    **dict.fromkeys(("html", "htm", "xhtml"), "html"),
    **dict.fromkeys(("csv", "tsv"), "csv"),
    **dict.fromkeys(("json", "jsonl", "ndjson"), "json"),
    **dict.fromkeys(("xlsx", "xlsm", "xls", "ods"), "sheet"),
    **dict.fromkeys(("odt", "odp"), "odf"),
    **dict.fromkeys(("docx", "docm"), "docx"),
    **dict.fromkeys(("pptx", "pptm"), "pptx"),
    "pdf": "pdf", "eml": "eml", "epub": "epub", "rtf": "rtf",
}  # fmt: skip
# Formats that are known by their bytes alone, so that bytes without the mark cannot be of them.
MARKED = {"pdf", "docx", "pptx", "sheet", "odf", "epub", "rtf"}
NOT_READ = {
    b"\x89PNG": "a PNG image", b"\xff\xd8\xff": "a JPEG image", b"GIF8": "a GIF image", b"II*\0": "a TIFF image", b"MM\0*": "a TIFF image",
    b"\x1f\x8b": "a gzip archive", b"7z\xbc\xaf": "a 7z archive", b"Rar!": "a RAR archive", b"\x7fELF": "a program", b"MZ\x90": "a program",
    b"SQLite format 3": "an SQLite database", b"PAR1": "a Parquet file", b"OggS": "a sound file", b"ID3": "a sound file",
}  # fmt: skip
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
PAGE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html)", re.IGNORECASE | re.DOTALL)
PARTS = {
    "word/document.xml": "docx", "ppt/presentation.xml": "pptx", "xl/workbook.xml": "sheet", "xl/workbook.bin": "sheet",
    "META-INF/container.xml": "epub",
}  # fmt: skip
MIMETYPES = {
    "application/epub+zip": "epub", "application/vnd.oasis.opendocument.text": "odf",
    "application/vnd.oasis.opendocument.presentation": "odf", "application/vnd.oasis.opendocument.spreadsheet": "sheet",
}  # fmt: skip


@dataclass(frozen=True)
class Format:
    """A format: the name of its reader, and what to note where the file's name says another."""

    reader: str
    note: str | None = None


def find_format(path: Path, filename: str) -> Format:
    """Return the format of the bytes at `path`.

    Raises:
        UnsupportedFile: it is not one that can be read.
        InvalidFile: the bytes are not what the name says, or protected by a password.
    """
    named = ENDINGS.get(ending(filename))
    with path.open("rb") as file:
        start = file.read(4096)
    seen = _by_bytes(path, start, named)
    if seen is None:
        return Format(_by_name(named, filename, start))
    note = f"The name ends in '.{ending(filename)}', but the bytes are {seen}; read as {seen}." if named and named != seen else None
    return Format(seen, note)


def ending(filename: str) -> str:
    """Return the end of a file's name, without its dot, in lower case."""
    return Path(filename.lower().replace("\\", "/").rpartition("/")[2]).suffix.lstrip(".")


def _by_bytes(path: Path, start: bytes, named: str | None) -> str | None:
    if b"%PDF-" in start[:1024] and named not in ("text", "markdown", "html", "json", "csv", "eml"):
        return "pdf"
    if start.startswith(b"%PDF-"):
        return "pdf"
    if start.startswith(b"{\\rtf"):
        return "rtf"
    if start.startswith(ZIP):
        return _of_archive(path, named)
    if start.startswith(OLE):
        return _of_ole(path)
    for mark, name in NOT_READ.items():
        if start.startswith(mark):
            raise UnsupportedFile(f"The file is {name}, which cannot be read; supported are {SUPPORTED}.")
    return "html" if named is None and PAGE.match(start) else None


def _by_name(named: str | None, filename: str, start: bytes) -> str:
    if named in MARKED:
        what = "empty" if not start else "binary data" if b"\0" in start else "plain text"
        raise InvalidFile(f"The name ends in '.{ending(filename)}', but the file is {what}. Is it damaged, or is the name's ending wrong?")
    if named:
        return named
    if not ending(filename) and start and b"\0" not in start:
        return "text"
    raise UnsupportedFile(f"'{filename[-100:]}' is in a format that cannot be read; supported are {SUPPORTED}. Is the name's ending right?")


def _of_archive(path: Path, named: str | None) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[:10_000])
            mimetype = archive.open("mimetype").read(200).decode("ascii", "replace").strip() if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError, RuntimeError, EOFError) as error:
        raise InvalidFile(f"The file is a damaged or cut-off archive: {error}. Upload it again, or save it anew.") from error
    seen = MIMETYPES.get(mimetype) or next((PARTS[name] for name in PARTS if name in names), None)
    if seen is None and named in MARKED - {"pdf", "rtf"}:
        raise InvalidFile(f"The file is a zip archive without the parts of a {named} file. Is it damaged, or is the name's ending wrong?")
    if seen is None:
        raise UnsupportedFile(f"The file is a zip archive. Unpack it and upload what is in it; supported are {SUPPORTED}.")
    return seen


def _of_ole(path: Path) -> str:
    """Tell the old Office formats apart by the names in the directory of their container (UTF-16)."""
    with path.open("rb") as file:
        data = file.read(64 * 1024 * 1024)
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise InvalidFile("The file is encrypted with a password. Save it without one and upload it again.")
    if any(name.encode("utf-16-le") + b"\0\0" in data for name in ("Workbook", "Book")):
        return "sheet"
    raise UnsupportedFile("The file is in an old Office format (.doc, .ppt or .msg). Save it as .docx, .pptx or .eml and upload that.")
