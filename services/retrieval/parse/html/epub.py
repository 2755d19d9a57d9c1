"""E-books (.epub): the chapters in the order of the spine. Each is an HTML page, and a page of the document."""

from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from services.retrieval.parse import archive
from services.retrieval.parse.builder import Builder
from services.retrieval.parse.document import Document, InvalidFile
from services.retrieval.parse.html.page import add_page

FORMAT = "EPUB"


def parse_epub(path: Path) -> Document:
    """Read an e-book.

    Raises:
        InvalidFile: if it is damaged, protected, or too large when unpacked.
    """
    with archive.open_archive(path, FORMAT) as parts:
        names = set(parts.namelist())
        if "META-INF/rights.xml" in names:
            raise InvalidFile("The e-book is protected by digital rights management and cannot be read.")
        rootfile = archive.read_xml(parts, "META-INF/container.xml", FORMAT).find(".//{*}rootfile")
        package = archive.resolve_href("", rootfile.get("full-path", "") if rootfile is not None else "")
        root = archive.read_xml(parts, package, FORMAT)
        builder = Builder(title=root.findtext("{*}metadata/{*}title"))
        spine = _read_spine(root, str(PurePosixPath(package).parent))
        chapters = [name for name in spine if name in names]
        if not chapters:
            raise InvalidFile("The e-book is damaged: its spine names no chapter that is in the file. Save it again.")
        if len(chapters) < len(spine):
            builder.add_note(f"{len(spine) - len(chapters)} of {len(spine)} chapters are missing from the file.")
        for name in chapters:
            builder.begin_page()
            add_page(builder, archive.read_entry(parts, name, FORMAT))
    return builder.build()


def _read_spine(root: Any, folder: str) -> list[str]:
    hrefs = {item.get("id"): item.get("href", "") for item in root.iterfind("{*}manifest/{*}item")}
    items = [hrefs.get(item.get("idref"), "") for item in root.iterfind("{*}spine/{*}itemref") if item.get("linear") != "no"]
    # Each chapter once, even if the spine names it several times.
    return list(dict.fromkeys(archive.resolve_href(folder, unquote(href)) for href in items if href))
