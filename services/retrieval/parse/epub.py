"""E-books (.epub): the chapters in the order of the spine, each as the page of HTML that it is, and each a page."""

from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from services.retrieval.parse import archive
from services.retrieval.parse.document import Builder, Document, InvalidFile
from services.retrieval.parse.html import add_page

KIND = "EPUB"


def parse_epub(path: Path) -> Document:
    """Read an e-book.

    Raises:
        InvalidFile: it is broken, protected, or far larger inside than outside.
    """
    with archive.opened(path, KIND) as parts:
        names = set(parts.namelist())
        if "META-INF/rights.xml" in names:
            raise InvalidFile("The e-book is protected by digital rights management and cannot be read.")
        rootfile = archive.read_xml(parts, "META-INF/container.xml", KIND).find(".//{*}rootfile")
        package = archive.inside("", rootfile.get("full-path", "") if rootfile is not None else "")
        root = archive.read_xml(parts, package, KIND)
        builder = Builder(title=root.findtext("{*}metadata/{*}title"))
        chapters = [name for name in _spine(root, str(PurePosixPath(package).parent)) if name in names]
        if not chapters:
            raise InvalidFile("The e-book is damaged: its table of parts (spine) names no part that is in it. Save it anew.")
        for name in chapters:
            builder.begin_page()
            add_page(builder, archive.read(parts, name, KIND))
    return builder.build()


def _spine(root: Any, folder: str) -> list[str]:
    hrefs = {item.get("id"): item.get("href", "") for item in root.iterfind("{*}manifest/{*}item")}
    items = [hrefs.get(item.get("idref"), "") for item in root.iterfind("{*}spine/{*}itemref") if item.get("linear") != "no"]
    # Each chapter once, however often the spine names it.
    return list(dict.fromkeys(archive.inside(folder, unquote(href)) for href in items if href))
