"""Which format a file has: its first bytes decide if they are unmistakable, else its filename extension does.

A PDF with the extension .docx is read as a PDF, with a note. A .docx that is not an archive is rejected, with what it seems to be.
"""

import re
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

from services.retrieval.parse.document import InvalidFile, UnsupportedFile

MAX_EXTENSION_LENGTH = 20
# A file without an extension that has more zero bytes is not text.
MAX_NULL_SHARE = 0.3
SUPPORTED_FORMATS = "pdf, docx, pptx, xlsx, xls, ods, odt, odp, html, md, txt, csv, tsv, json, jsonl, eml, epub, rtf and source code"
SOURCE_CODE = [
    "c", "cc", "cfg", "cpp", "cs", "css", "go", "h", "hpp", "ini", "ipynb", "java", "js", "kt", "lua", "php", "pl", "ps1", "py", "r",
    "rb", "rs", "scala", "sh", "sql", "srt", "swift", "tex", "toml", "ts", "tsx", "vtt", "yaml", "yml",
]  # fmt: skip
READERS_BY_EXTENSION = {
    **dict.fromkeys(("txt", "text", "log", "rst", "adoc", "asciidoc", *SOURCE_CODE), "text"),
    **dict.fromkeys(("md", "markdown", "mdown"), "markdown"),
    **dict.fromkeys(("html", "htm", "xhtml"), "html"),
    **dict.fromkeys(("csv", "tsv"), "csv"),
    **dict.fromkeys(("jsonl", "ndjson"), "jsonl"),
    **dict.fromkeys(("xlsx", "xlsm", "xls", "ods"), "sheet"),
    **dict.fromkeys(("odt", "odp"), "odf"),
    **dict.fromkeys(("docx", "docm"), "docx"),
    **dict.fromkeys(("pptx", "pptm"), "pptx"),
    "json": "json", "pdf": "pdf", "eml": "eml", "epub": "epub", "rtf": "rtf",
}  # fmt: skip
# Readers of formats that have a signature, so that bytes without it cannot be of the format.
READERS_WITH_SIGNATURE = {"pdf", "docx", "pptx", "sheet", "odf", "epub", "rtf"}
UNSUPPORTED_SIGNATURES = {
    b"\x89PNG": "a PNG image", b"\xff\xd8\xff": "a JPEG image", b"GIF8": "a GIF image", b"II*\0": "a TIFF image", b"MM\0*": "a TIFF image",
    b"\x1f\x8b": "a gzip archive", b"7z\xbc\xaf": "a 7z archive", b"Rar!": "a RAR archive", b"\x7fELF": "a program", b"MZ\x90": "a program",
    b"SQLite format 3": "an SQLite database", b"PAR1": "a Parquet file", b"OggS": "a sound file", b"ID3": "a sound file",
}  # fmt: skip
NAMES = {
    "pdf": "a PDF", "docx": "a Word document", "pptx": "a PowerPoint presentation", "sheet": "a spreadsheet", "odf": "an OpenDocument file",
    "epub": "an e-book", "rtf": "a rich text file", "html": "an HTML page",
}  # fmt: skip
# What may follow an extension: white space, dots, quotes, characters without width.
NAME_END = re.compile(r"[\s.\"'\u200b-\u200f\u2060\ufeff]+$")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
IWORK_HISTORY = "buildVersionHistory.plist"
# The length of the header of an old Office file, and the greatest exponent of the size of its sectors.
OLE_HEADER, MAX_SHIFT = 512, 12
LOCKED = "The file is protected by a password. Save it without a password, then upload it."
# The first record of an .xls workbook, and the kind of the record that says how it is encrypted: one of the next few.
WORKBOOK_START = re.compile(rb"\x09\x08[\x08\x10]\x00\x00[\x05\x06]\x05\x00")
ENCRYPTION_RECORD, MAX_RECORDS = 0x2F, 8
ZIP = b"PK\x03\x04"
HTML_START = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html)", re.IGNORECASE | re.DOTALL)
READERS_BY_ENTRY = {
    "word/document.xml": "docx", "ppt/presentation.xml": "pptx", "xl/workbook.xml": "sheet", "xl/workbook.bin": "sheet",
    "META-INF/container.xml": "epub",
}  # fmt: skip
READERS_BY_MIMETYPE = {
    "application/epub+zip": "epub", "application/vnd.oasis.opendocument.text": "odf",
    "application/vnd.oasis.opendocument.presentation": "odf", "application/vnd.oasis.opendocument.spreadsheet": "sheet",
}  # fmt: skip


@dataclass(frozen=True)
class Format:
    """A format: the name of its reader, and a note if the filename says another one."""

    reader: str
    note: str | None = None


def find_format(path: Path, filename: str) -> Format:
    """Return the format of the bytes at `path`.

    Raises:
        UnsupportedFile: if it is not supported.
        InvalidFile: if the bytes are not what the extension says, or are protected by a password.
    """
    by_extension = READERS_BY_EXTENSION.get(file_extension(filename))
    with path.open("rb") as file:
        start = file.read(4096)
    reader = _find_by_signature(path, start, by_extension)
    if reader is None:
        return Format(_require_by_extension(by_extension, filename, start))
    is_misnamed = by_extension is not None and by_extension != reader
    note = f"The filename ends in '.{file_extension(filename)}', but the file is {NAMES[reader]} and was read as such."
    return Format(reader, note if is_misnamed else None)


def file_extension(filename: str) -> str:
    """Return a filename's extension, without the dot, in lowercase."""
    name = NAME_END.sub("", filename.lower().replace("\\", "/").rpartition("/")[2])
    return Path(name).suffix.lstrip(".")[-MAX_EXTENSION_LENGTH:]


def _find_by_signature(path: Path, start: bytes, by_extension: str | None) -> str | None:
    if b"%PDF-" in start[:1024] and by_extension not in ("text", "markdown", "html", "json", "jsonl", "csv", "eml"):
        return "pdf"
    if start.startswith(b"%PDF-"):
        return "pdf"
    if start.startswith(b"{\\rtf"):
        return "rtf"
    if start.startswith(ZIP):
        return _find_archive_reader(path, by_extension)
    if start.startswith(OLE):
        return _find_ole_reader(path)
    for signature, name in UNSUPPORTED_SIGNATURES.items():
        if start.startswith(signature):
            raise UnsupportedFile(f"The file is {name}, which is not a supported format. Supported formats: {SUPPORTED_FORMATS}.")
    return "html" if by_extension is None and HTML_START.match(start) else None


def _require_by_extension(reader: str | None, filename: str, start: bytes) -> str:
    extension = file_extension(filename)
    if reader in READERS_WITH_SIGNATURE:
        content = "empty" if not start else "binary data" if b"\0" in start else "plain text"
        raise InvalidFile(f"The filename ends in '.{extension}', but the file is {content}. Check the file and its extension.")
    if reader:
        return reader
    if not extension and start and start.count(0) <= MAX_NULL_SHARE * len(start):
        return "text"
    problem = f"Files ending in '.{extension}' are not supported" if extension else "A binary file without an extension is not supported"
    raise UnsupportedFile(f"{problem}. Supported formats: {SUPPORTED_FORMATS}.")


def _find_archive_reader(path: Path, by_extension: str | None) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[:10_000])
            mimetype = archive.open("mimetype").read(200).decode("ascii", "replace").strip() if "mimetype" in names else ""
    except RuntimeError as error:
        raise InvalidFile(LOCKED) from error
    except (zipfile.BadZipFile, OSError, ValueError, EOFError) as error:
        raise InvalidFile("The file is a damaged or incomplete archive. Upload it again, or save it again first.") from error
    reader = READERS_BY_MIMETYPE.get(mimetype) or next((READERS_BY_ENTRY[name] for name in READERS_BY_ENTRY if name in names), None)
    if reader is None and any(name.endswith((".iwa", IWORK_HISTORY)) for name in names):
        raise UnsupportedFile(
            "The file was made with Apple Pages, Numbers or Keynote. Export it as .docx, .xlsx, .pptx or .pdf, then upload it."
        )
    if reader is None and by_extension in READERS_WITH_SIGNATURE - {"pdf", "rtf"}:
        problem = f"The file is a zip archive, but lacks the entries of {NAMES[str(by_extension)]}"
        raise InvalidFile(f"{problem}. It may be damaged, or have the wrong extension.")
    if reader is None:
        raise UnsupportedFile(f"The file is a zip archive. Unpack it and upload its files. Supported formats: {SUPPORTED_FORMATS}.")
    return reader


def _find_ole_reader(path: Path) -> str:
    """Return the reader of an old Office format, found by the names in the directory of its container (in UTF-16)."""
    with path.open("rb") as file:
        data = file.read(64 * 1024 * 1024)
    if "EncryptedPackage".encode("utf-16-le") in data or _has_password(data):
        raise InvalidFile(LOCKED)
    if any(name.encode("utf-16-le") + b"\0\0" in data for name in ("Workbook", "Book")):
        return "sheet"
    if _find_directory(data) >= len(data):
        raise InvalidFile("The file is damaged or incomplete. Upload it again, or save it again first.")
    raise UnsupportedFile("The file is in an old Office format (.doc, .ppt or .msg). Save it as .docx, .pptx or .eml, then upload it.")


def _find_directory(data: bytes) -> int:
    """Return the offset of the directory in the container of an old Office format ([MS-CFB] 2.2); 0 if the header is incomplete."""
    if len(data) < OLE_HEADER:
        return 0
    (shift,), (sector,) = struct.unpack_from("<H", data, 30), struct.unpack_from("<I", data, 48)
    return (int(sector) + 1) << min(int(shift), MAX_SHIFT)


def _has_password(data: bytes) -> bool:
    """Return whether an .xls workbook is encrypted."""
    start = WORKBOOK_START.search(data)
    offset = start.start() if start else len(data)
    for _ in range(MAX_RECORDS):
        if offset + 4 > len(data):
            return False
        kind, length = struct.unpack_from("<HH", data, offset)
        if kind == ENCRYPTION_RECORD:
            return True
        offset += 4 + length
    return False
