"""Receives uploads: multipart form data goes straight to disk and is hashed on the way.

A file is written under a temporary name in its final folder and renamed when it is complete, so an interrupted upload
leaves nothing and a stored file is never partial. The client's name for the file is data, never a path.
"""

import errno
import hashlib
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
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
OLD_PARTIAL_SECONDS = 24 * 3600
MAX_FIELD_BYTES = 4096
BLOCK_BYTES = 64 * 1024
EXPIRY = {"expires_after[anchor]": "anchor", "expires_after[seconds]": "seconds"}
FIELDS = ("purpose", *EXPIRY)
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


class UploadFolder:
    """The folder of uploaded bytes: one file per file id."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.mkdir(parents=True, exist_ok=True)

    def path_of(self, file_id: str) -> Path:
        """Return the path of the bytes of `file_id`, which must be an id that this service made."""
        return self._path / file_id

    def delete(self, file_id: str) -> None:
        """Delete the bytes, if they exist."""
        self.path_of(file_id).unlink(missing_ok=True)

    def new_partial_path(self) -> Path:
        """Return a new temporary path in the folder."""
        return self._path / (new_id("") + PARTIAL)

    def ids_older_than(self, seconds: float) -> list[str]:
        """Return the ids of the files whose bytes were written `seconds` ago or earlier."""
        before = time.time() - seconds
        return [path.name for path in self._path.glob(f"{FILE_ID}*") if path.suffix != PARTIAL and path.stat().st_mtime <= before]

    def delete_old_partials(self) -> None:
        """Delete partial files that are a day old or older: left by processes that were killed during an upload."""
        for partial in self._path.glob(f"*{PARTIAL}"):
            if partial.stat().st_mtime < time.time() - OLD_PARTIAL_SECONDS:
                partial.unlink(missing_ok=True)


@dataclass(frozen=True)
class Upload:
    """A complete upload, still under its temporary name. `expires_after` has the parts `expires_after[…]` by their inner names."""

    partial: Path
    filename: str
    purpose: str
    bytes: int
    sha256: str
    expires_after: Mapping[str, str]

    def move_to(self, path: Path) -> None:
        """Move the bytes to their final path."""
        self.partial.rename(path)

    def delete_partial(self) -> None:
        """Delete the bytes, unless they were moved."""
        self.partial.unlink(missing_ok=True)


async def receive(chunks: AsyncIterator[bytes], headers: Mapping[str, str], folder: UploadFolder, max_bytes: int) -> Upload:
    """Write the part `file` of a multipart body into `folder`; return it with the parts `purpose` and `expires_after[…]`.

    Raises:
        TooLarge: if the file has more than `max_bytes`.
        InvalidRequest: if the body is not such a form, or ends early.
        StorageFull: if there is no space left.
    """
    partial = folder.new_partial_path()
    try:
        return await _receive(chunks, headers, partial, max_bytes)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


async def _receive(chunks: AsyncIterator[bytes], headers: Mapping[str, str], partial: Path, max_bytes: int) -> Upload:
    file, fields = _FilePart(partial, max_bytes), {name: _FieldPart(name) for name in FIELDS}
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
    return _to_upload(partial, file, fields)


def _parser(headers: Mapping[str, str], parts: Mapping[str, BaseTarget]) -> Any:
    parser = StreamingFormDataParser(headers, strict=True)
    for name, part in parts.items():
        parser.register(name, part)
    return parser


async def _blocks(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the same bytes in larger blocks: fewer calls, and the parser fails if a chunk ends close to the start of a part."""
    block = bytearray()
    async for chunk in chunks:
        block += chunk
        if len(block) >= BLOCK_BYTES:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)


async def _drain(chunks: AsyncIterator[bytes], max_bytes: int) -> None:
    # A client reads the response only after it has sent its body; if the connection closed earlier, it would see only that.
    remaining = max_bytes
    async for chunk in chunks:
        remaining -= len(chunk)
        if remaining < 0:
            return


def _to_upload(partial: Path, file: "_FilePart", fields: Mapping[str, "_FieldPart"]) -> Upload:
    purpose = fields["purpose"]
    if not file.finished or not purpose.finished:
        missing = "purpose" if file.finished else "file"
        raise InvalidRequest(f"The form has no complete part '{missing}'. Send the parts 'file' and 'purpose'.", param=missing)
    if file.multipart_filename is None:
        raise InvalidRequest("The part 'file' has no filename.", param="file")
    return Upload(
        partial=partial,
        filename="".join(c for c in file.multipart_filename if c.isprintable())[:255] or "unnamed",
        purpose=purpose.text,
        bytes=file.size,
        sha256=file.hash.hexdigest(),
        expires_after={key: fields[name].text for name, key in EXPIRY.items() if fields[name].finished},
    )


class _Part(BaseTarget):  # type: ignore[misc]  # the library is not typed
    """A part of the form; `finished` says whether it arrived completely."""

    finished = False

    def on_finish(self) -> None:
        self.finished = True


class _FilePart(_Part):
    """The file, which is written and hashed as it arrives."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        super().__init__()
        self.size = 0
        self.hash = hashlib.sha256()
        self._path = path
        self._max_bytes = max_bytes
        self._file: BinaryIO | None = None

    def on_start(self) -> None:
        if self._file is not None:
            raise InvalidRequest("The form has more than one part 'file'. Upload one file per request.", param="file")
        self._file = self._path.open("xb")

    def on_data_received(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size > self._max_bytes:
            limit = f"{self._max_bytes} bytes (RETRIEVAL_MAX_FILE_BYTES)"
            raise TooLarge(f"The file is too large: it has more than {limit}.", param="file")
        self.hash.update(chunk)
        if self._file is not None:
            self._file.write(chunk)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


class _FieldPart(_Part):
    """A short text field."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._bytes = b""

    @property
    def text(self) -> str:
        return self._bytes.decode("utf-8", "replace")

    def on_data_received(self, chunk: bytes) -> None:
        self._bytes += chunk
        if len(self._bytes) > MAX_FIELD_BYTES:
            raise InvalidRequest(f"'{self._name}' must have at most {MAX_FIELD_BYTES} bytes.", param=self._name)


@contextmanager
def _translated() -> Iterator[None]:
    """Translate the errors of the form parser and of the file system into ours."""
    try:
        yield
    except UnexpectedPartException as error:
        accepted = ", ".join(f"'{name}'" for name in ("file", *FIELDS))
        raise InvalidRequest(f"The form has an unknown part '{error.part_name}'. It may have the parts {accepted}.") from error
    except ParseFailedException as error:
        raise InvalidRequest("The body is not valid multipart/form-data. Send a form with the parts 'file' and 'purpose'.") from error
    except OSError as error:
        if error.errno in NO_SPACE:
            raise StorageFull("There is no space left for uploaded files (RETRIEVAL_FILES).") from error
        raise TandemError(f"The file could not be written: {error.strerror}.") from error
