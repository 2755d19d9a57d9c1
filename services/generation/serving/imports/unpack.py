"""Unpacks an adapter's two files from a tar archive that nobody vouches for; nothing else in it is ever written.

The archive is read once, from its start to its end, in small pieces: neither a compressed bomb nor an endless header can use memory, and
no size in a header can lead anywhere but forward. Knows nothing of what the files contain.
"""

import gzip
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from services.generation.serving.archive import CONFIG
from services.generation.serving.imports.receive import too_large
from shared.errors import InvalidRequest
from shared.records.models.adapters import WEIGHTS

GZIP = b"\x1f\x8b"
FILES = (CONFIG, WEIGHTS)
PICKLED = (".bin", ".pt", ".pth", ".pkl", ".ckpt")
MAX_CONFIG_BYTES = 1024 * 1024
MAX_PIECE = 1024 * 1024  # longer extended headers are no names of an adapter's files
MAX_MEMBERS = 1000
COPY_BYTES = 256 * 1024


class Plain(Protocol):
    """A file that is not compressed, or that is decompressed while it is read."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes."""

    def seek(self, position: int, /) -> int:
        """Go to a position."""

    def tell(self) -> int:
        """Return the position."""


class ForwardReader:
    """A file that is read forward only, in pieces of up to 1 MiB, and not beyond `max_bytes`: what tarfile may do with an archive."""

    def __init__(self, file: Plain, max_bytes: int) -> None:
        self._file = file
        self._max_bytes = max_bytes

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        if not 0 <= size <= MAX_PIECE:
            raise unreadable("a header in it is too long")
        data = self._file.read(size)
        self._check_length(self.tell())
        return data

    def seek(self, position: int) -> int:
        """Skip the bytes up to `position`."""
        if position < self.tell():
            raise unreadable("a size in it is not valid")
        self._check_length(position)
        return self._file.seek(position)

    def tell(self) -> int:
        """Return the number of bytes before the next one."""
        return self._file.tell()

    def _check_length(self, length: int) -> None:
        if length > self._max_bytes:
            raise too_large(self._max_bytes)


def unpack(archive: BinaryIO, folder: Path, max_bytes: int) -> None:
    """Write configuration and weights of the adapter in `archive`, a tar that may be compressed with gzip, to `folder`.

    Raises:
        InvalidRequest: if the archive cannot be read, has anything but files and folders, or lacks one of the two.
        TooLarge: if it has more than `max_bytes` when unpacked.
    """
    archive.seek(0)
    is_compressed = archive.read(len(GZIP)) == GZIP
    archive.seek(0)
    plain = gzip.GzipFile(fileobj=archive) if is_compressed else archive
    try:
        with tarfile.TarFile(fileobj=ForwardReader(plain, max_bytes)) as tar:  # type: ignore[arg-type]
            _unpack(tar, folder)
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError, RecursionError) as error:
        raise unreadable("it is damaged, or of another format") from error


def _unpack(tar: tarfile.TarFile, folder: Path) -> None:
    unpacked: dict[str, tuple[str, ...]] = {}
    pickled = None
    for member in _list_files(tar):
        *parents, name = _split(member)
        if name not in FILES:
            pickled = pickled or (name if name.endswith(PICKLED) else None)
            continue
        if name in unpacked or len(parents) > 1:
            raise _unfit(f"The archive has '{name}' in a folder of a folder, or more than once. Pack the adapter's own folder only.")
        if name == CONFIG and member.size > MAX_CONFIG_BYTES:
            raise _unfit(f"'{CONFIG}' is too large: it may have {MAX_CONFIG_BYTES} bytes.")
        unpacked[name] = tuple(parents)
        _copy(tar, member, folder / name)
    _check_complete(unpacked, pickled)


def _list_files(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Yield the regular files of the archive."""
    for number, member in enumerate(tar):
        if number >= MAX_MEMBERS:
            raise _unfit(f"The archive has more than {MAX_MEMBERS} files. Pack the adapter's own folder only.")
        if member.isdir():
            continue
        if member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or member.sparse is not None:
            raise _unfit(f"The archive may have regular files only; '{_show(member)}' is a link, a device or a sparse file.")
        yield member


def _split(member: tarfile.TarInfo) -> list[str]:
    """Return the parts of a member's path, which must be below the archive's root."""
    parts = [part for part in member.name.split("/") if part not in ("", ".")]
    if not parts or member.name.startswith("/") or ".." in parts:
        raise _unfit(f"The archive has a file '{_show(member)}', which is not below its root.")
    return parts


def _copy(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    with tarfile.ExFileObject(tar, member) as source, target.open("xb") as file:
        shutil.copyfileobj(source, file, COPY_BYTES)


def _check_complete(unpacked: dict[str, tuple[str, ...]], pickled: str | None) -> None:
    missing = next((name for name in FILES if name not in unpacked), None)
    if missing == WEIGHTS and pickled:
        raise _unfit(f"The archive has '{pickled}' and no '{WEIGHTS}'. Pickled weights are never loaded; save them as safetensors.")
    if missing:
        raise _unfit(f"The archive has no '{missing}'. Pack the folder that PEFT's 'save_pretrained' writes.")
    if len(set(unpacked.values())) > 1:
        raise _unfit(f"'{CONFIG}' and '{WEIGHTS}' must be in the same folder of the archive.")


def _show(member: tarfile.TarInfo) -> str:
    """Return a member's name as an error message shows it: short, and without what JSON or a terminal cannot show."""
    return member.name.encode("ascii", "backslashreplace").decode()[:100]


def unreadable(reason: str) -> InvalidRequest:
    """Return the error for a file that is no archive."""
    return _unfit(f"The file cannot be read as a tar archive: {reason}. Send a .tar or .tar.gz.")


def _unfit(problem: str) -> InvalidRequest:
    return InvalidRequest(problem, param="file", code="invalid_archive")
