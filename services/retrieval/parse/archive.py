"""Files that are zip archives of XML (docx, pptx, xlsx, odt, epub): opened only where what they claim is sane; XML without entities."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lxml import etree

from services.retrieval.parse.document import InvalidFile

MAX_UNPACKED_BYTES = 512 * 1024 * 1024
MAX_ENTRIES = 20_000
# What the libraries that read archives raise for one that is broken inside.
BROKEN = (
    KeyError, ValueError, AttributeError, IndexError, TypeError, OSError, EOFError, NotImplementedError,
    etree.LxmlError, zipfile.BadZipFile, zlib.error, AssertionError,
)  # fmt: skip


@contextmanager
def opened(path: Path, kind: str) -> Iterator[zipfile.ZipFile]:
    """Open an archive for reading; `kind` names the format in messages.

    Raises:
        InvalidFile: it is no archive, it is encrypted, or its directory claims more than is read.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise InvalidFile(f"The {kind} file is damaged or cut off: {error}. Save it anew and upload it again.") from error
    with archive:
        _check(archive.infolist(), kind)
        yield archive


def _check(entries: list[zipfile.ZipInfo], kind: str) -> None:
    size = sum(entry.file_size for entry in entries)
    if size > MAX_UNPACKED_BYTES or len(entries) > MAX_ENTRIES:
        limits = f"{MAX_UNPACKED_BYTES} bytes and {MAX_ENTRIES} entries"
        raise InvalidFile(f"The {kind} file unpacks to {size} bytes in {len(entries)} entries; at most {limits} are read.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise InvalidFile(f"The {kind} file is encrypted. Save it without a password and upload it again.")


def read(archive: zipfile.ZipFile, name: str, kind: str) -> bytes:
    """Return an entry's bytes.

    Raises:
        InvalidFile: it is missing or damaged.
    """
    try:
        return archive.read(name)
    except BROKEN as error:
        raise InvalidFile(f"The {kind} file is damaged: its part '{name[:100]}' is missing or broken. Save it anew.") from error


def read_xml(archive: zipfile.ZipFile, name: str, kind: str) -> Any:
    """Return the root of an entry that is XML; entities are not expanded, and nothing outside is fetched.

    Raises:
        InvalidFile: it is missing or broken.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(read(archive, name, kind), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InvalidFile(f"The {kind} file is damaged: its part '{name[:100]}' is not XML ({error}).") from error
    if root.getroottree().docinfo.internalDTD is not None and any(True for _ in root.getroottree().docinfo.internalDTD.iterentities()):
        raise InvalidFile(f"The {kind} file declares entities of its own in '{name[:100]}', which no program writes; it is not read.")
    return root


def inside(folder: str, href: str) -> str:
    """Return the entry that `href` in an entry of `folder` means; a path that leads out of the archive stays inside it."""
    return posixpath.normpath(posixpath.join("/", folder, href)).lstrip("/")


def local(element: Any) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """Return an attribute by its name without a namespace; empty where there is none."""
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
