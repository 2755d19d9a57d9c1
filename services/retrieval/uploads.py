"""Takes an upload in: multipart form data straight to disk, hashed on the way.

A file is written under a temporary name in the folder where it will stay and renamed when it is whole, so that a broken
upload leaves nothing and a kept file is never partial. What the client calls it is data, never a path.
"""

import errno
import hashlib
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from anyio.to_thread import run_sync
from streaming_form_data import ParseFailedException, StreamingFormDataParser
from streaming_form_data.parser import UnexpectedPartException
from streaming_form_data.targets import BaseTarget

from shared.errors import InvalidRequest, StorageFull, TandemError, TooLarge
from shared.ids import new_id

PARTIAL = ".partial"
FILE_ID = "file-"
LEFTOVER_SECONDS = 24 * 3600
MAX_FIELD_BYTES = 4096
BLOCK_BYTES = 64 * 1024
EXPIRY = {"expires_after[anchor]": "anchor", "expires_after[seconds]": "seconds"}
FIELDS = ("purpose", *EXPIRY)
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


class Folder:
    """The folder of uploaded bytes: one file per id."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.mkdir(parents=True, exist_ok=True)

    def place(self, file_id: str) -> Path:
        """Return where the bytes of `file_id` (an id of ours) are."""
        return self._path / file_id

    def delete(self, file_id: str) -> None:
        """Delete the bytes, if they are still there."""
        self.place(file_id).unlink(missing_ok=True)

    def partial(self) -> Path:
        """Return a new temporary name in the folder."""
        return self._path / (new_id("") + PARTIAL)

    def kept(self, seconds: float) -> list[str]:
        """Return the ids of the files whose bytes were written `seconds` ago or earlier."""
        before = time.time() - seconds
        return [path.name for path in self._path.glob(f"{FILE_ID}*") if path.suffix != PARTIAL and path.stat().st_mtime <= before]

    def sweep(self) -> None:
        """Delete what uploads left behind when a process was killed, a day ago or more."""
        for leftover in self._path.glob(f"*{PARTIAL}"):
            if leftover.stat().st_mtime < time.time() - LEFTOVER_SECONDS:
                leftover.unlink(missing_ok=True)


@dataclass
class Upload:
    """A whole upload, still under its temporary name."""

    partial: Path
    filename: str = ""
    purpose: str = ""
    bytes: int = 0
    sha256: str = ""
    expires_after: dict[str, str] = field(default_factory=dict)

    def keep(self, place: Path) -> None:
        """Move the bytes to where they stay."""
        self.partial.rename(place)

    def discard(self) -> None:
        """Delete the bytes, unless they were kept."""
        self.partial.unlink(missing_ok=True)


async def receive(chunks: AsyncIterator[bytes], headers: Mapping[str, str], folder: Folder, max_bytes: int) -> Upload:
    """Write the part `file` of a multipart body into `folder` and return it with the parts `purpose` and `expires_after[…]`.

    Raises:
        TooLarge: the file has more than `max_bytes`.
        InvalidRequest: the body is not such a form, or breaks off.
        StorageFull: there is no space left.
    """
    upload = Upload(folder.partial())
    try:
        await _feed(chunks, headers, upload, max_bytes)
    except BaseException:
        upload.discard()
        raise
    return upload


async def _feed(chunks: AsyncIterator[bytes], headers: Mapping[str, str], upload: Upload, max_bytes: int) -> None:
    file, fields = _FilePart(upload.partial, max_bytes), {name: _FieldPart() for name in FIELDS}
    with _translated():
        parser = _parser(headers, {"file": file, **fields})
    try:
        async for block in _blocks(chunks):
            with _translated():
                await run_sync(parser.data_received, block)
    except TooLarge:
        await _drain(chunks, max_bytes)
        raise
    finally:
        with _translated():
            file.close()
    _fill(upload, file, fields)


def _parser(headers: Mapping[str, str], parts: Mapping[str, BaseTarget]) -> Any:
    parser = StreamingFormDataParser(headers, strict=True)
    for name, part in parts.items():
        parser.register(name, part)
    return parser


async def _blocks(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the same bytes in larger pieces: fewer turns, and the parser does not like every cut near a part's beginning."""
    block = bytearray()
    async for chunk in chunks:
        block += chunk
        if len(block) >= BLOCK_BYTES:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)


async def _drain(chunks: AsyncIterator[bytes], most: int) -> None:
    # A client reads the answer only after it has sent its body; closing earlier would show it a broken connection instead.
    async for chunk in chunks:
        most -= len(chunk)
        if most < 0:
            return


def _fill(upload: Upload, file: "_FilePart", fields: Mapping[str, "_FieldPart"]) -> None:
    purpose = fields["purpose"]
    if not file.finished or not purpose.finished:
        missing = "purpose" if file.finished else "file"
        raise InvalidRequest(f"The form has no complete part '{missing}'; it wants 'file' and 'purpose'.", param=missing)
    if file.multipart_filename is None:
        raise InvalidRequest("The part 'file' has no filename.", param="file")
    upload.filename = "".join(c for c in file.multipart_filename if c.isprintable())[:255] or "unnamed"
    upload.purpose = purpose.text
    upload.bytes = file.size
    upload.sha256 = file.hash.hexdigest()
    upload.expires_after = {key: fields[name].text for name, key in EXPIRY.items() if fields[name].finished}


class _Part(BaseTarget):  # type: ignore[misc]  # the library is not typed
    """A part of the form that knows whether it arrived whole."""

    finished = False

    def on_finish(self) -> None:
        self.finished = True


class _FilePart(_Part):
    """The file: written and hashed as it comes."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        super().__init__()
        self.size = 0
        self.hash = hashlib.sha256()
        self._path = path
        self._max_bytes = max_bytes
        self._file: BinaryIO | None = None

    def on_start(self) -> None:
        if self._file is not None:
            raise InvalidRequest("The form has more than one part 'file'.", param="file")
        self._file = self._path.open("xb")

    def on_data_received(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size > self._max_bytes:
            raise TooLarge(f"The file has more than {self._max_bytes} bytes, the most RETRIEVAL_MAX_FILE_BYTES allows.", param="file")
        self.hash.update(chunk)
        if self._file is not None:
            self._file.write(chunk)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


class _FieldPart(_Part):
    """A short text field."""

    def __init__(self) -> None:
        super().__init__()
        self._bytes = b""

    @property
    def text(self) -> str:
        return self._bytes.decode("utf-8", "replace")

    def on_data_received(self, chunk: bytes) -> None:
        self._bytes += chunk
        if len(self._bytes) > MAX_FIELD_BYTES:
            raise InvalidRequest(f"A field of the form is longer than {MAX_FIELD_BYTES} bytes.")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except UnexpectedPartException as error:
        raise InvalidRequest(
            f"The form has a part '{error.part_name}', which is not supported; send {', '.join(('file', *FIELDS))}."
        ) from error
    except ParseFailedException as error:
        raise InvalidRequest(f"The body is not multipart/form-data as it should be: {error}.") from error
    except OSError as error:
        if error.errno in NO_SPACE:
            raise StorageFull("There is no space left for uploaded files (RETRIEVAL_FILES).") from error
        raise TandemError(f"The file could not be written: {error.strerror}.") from error
