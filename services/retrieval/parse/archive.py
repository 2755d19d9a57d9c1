"""Formats that are zip archives of XML (docx, pptx, xlsx, odt, epub). Their directory is checked before they are unpacked."""

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
MIB = 1024 * 1024
ENTITY = b"<!ENTITY"
# What the libraries raise that read archives, if one is damaged inside.
DAMAGE_ERRORS = (
    KeyError, ValueError, AttributeError, IndexError, TypeError, OSError, EOFError, NotImplementedError,
    etree.LxmlError, zipfile.BadZipFile, zlib.error, AssertionError,
)  # fmt: skip


@contextmanager
def open_archive(path: Path, format: str) -> Iterator[zipfile.ZipFile]:
    """Open an archive for reading; `format` names the format in messages.

    Raises:
        InvalidFile: if it is damaged or encrypted, or too large when unpacked.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise InvalidFile(f"The {format} file is damaged or incomplete. Save it again, then upload it.") from error
    with archive:
        _check(archive.infolist(), format)
        yield archive


def _check(entries: list[zipfile.ZipInfo], format: str) -> None:
    size = sum(entry.file_size for entry in entries)
    if size > MAX_UNPACKED_BYTES or len(entries) > MAX_ENTRIES:
        limits = f"{MAX_UNPACKED_BYTES // MIB} MiB and {MAX_ENTRIES} parts"
        problem = f"The {format} file unpacks to {-(-size // MIB)} MiB in {len(entries)} parts; the limits are {limits}"
        raise InvalidFile(f"{problem}. Split it into several files.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise InvalidFile(f"The {format} file is protected by a password. Save it without a password, then upload it.")


def read_entry(archive: zipfile.ZipFile, name: str, format: str) -> bytes:
    """Return the bytes of an entry.

    Raises:
        InvalidFile: if it is missing or damaged.
    """
    try:
        return archive.read(name)
    except DAMAGE_ERRORS as error:
        raise InvalidFile(f"The {format} file is damaged: its part '{name[:100]}' is missing or damaged. Save it again.") from error


def read_xml(archive: zipfile.ZipFile, name: str, format: str) -> Any:
    """Return the root of an XML entry. Entities are not expanded, and nothing outside the archive is fetched.

    Raises:
        InvalidFile: if it is missing or damaged.
    """
    data = read_entry(archive, name, format)
    # Without this, no text may be longer than 10 million characters. With it, entities may grow without limit.
    is_long = ENTITY not in data.replace(b"\0", b"")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=is_long
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InvalidFile(f"The {format} file is damaged: its part '{name[:100]}' is not valid XML. Save it again.") from error
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        problem = f"The {format} file declares XML entities in '{name[:100]}'. Such files are not read, because they can be harmful"
        raise InvalidFile(f"{problem}. Save it again with an office program.")
    return root


def resolve_href(folder: str, href: str) -> str:
    """Return the name of the entry that `href` refers to, in an entry of `folder`; a path never leads out of the archive."""
    return posixpath.normpath(posixpath.join("/", folder, href)).lstrip("/")


def local_name(element: Any) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """Return an attribute by its name without a namespace; an empty string if there is none."""
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
