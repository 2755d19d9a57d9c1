"""Receives one upload: a multipart body becomes a file on disk and the fields beside it."""

import errno
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anyio.to_thread import run_sync

from services.retrieval.uploads import expiry
from services.retrieval.uploads.expiry import read_expiry
from services.retrieval.uploads.folder import UploadFolder
from services.retrieval.uploads.parts import FilePart, too_large
from shared.errors import StorageFull, TandemError
from shared.http.form import FieldPart, FormReader, incomplete

BLOCK_BYTES = 64 * 1024
FORM_BYTES = 64 * 1024  # what a form may have in addition to the bytes of the file
FIELDS = ("purpose", expiry.FIELD, expiry.ANCHOR, expiry.SECONDS)
REQUIRED = ("file", "purpose")
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class Upload:
    """A complete upload, still under its temporary name. `expires_seconds` is how long it is kept, None if the client did not say."""

    partial: Path
    filename: str
    purpose: str
    bytes: int
    sha256: str
    expires_seconds: int | None

    def move_to(self, path: Path) -> None:
        """Move the bytes to their final path."""
        self.partial.rename(path)

    def delete_partial(self) -> None:
        """Delete the bytes, unless they were moved."""
        self.partial.unlink(missing_ok=True)


async def receive(chunks: AsyncIterator[bytes], headers: Mapping[str, str], folder: UploadFolder, max_bytes: int) -> Upload:
    """Write the part `file` of a multipart body into `folder`; return it with the parts `purpose` and `expires_after`.

    Raises:
        TooLarge: if the file has more than `max_bytes`, or the `Content-Length` leaves no room for a smaller one.
        InvalidRequest: if the body is not such a form, or ends early.
        StorageFull: if there is no space left.
    """
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > max_bytes + FORM_BYTES:
        raise too_large(max_bytes)
    partial = folder.new_partial_path()
    try:
        return await _receive(chunks, headers.get("content-type"), partial, max_bytes)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


async def _receive(chunks: AsyncIterator[bytes], content_type: str | None, partial: Path, max_bytes: int) -> Upload:
    file, fields = FilePart(partial, max_bytes), {name: FieldPart(name) for name in FIELDS}
    reader = FormReader(content_type, {"file": file, **fields}, REQUIRED)
    try:
        async for block in _blocks(chunks, max_bytes):
            with _translated():
                await run_sync(reader.write, block)
    finally:
        with _translated():
            file.close()
    return _to_upload(partial, file, {name: field.text for name, field in fields.items() if field.finished})


async def _blocks(chunks: AsyncIterator[bytes], max_bytes: int) -> AsyncIterator[bytes]:
    """Yield the same bytes in larger blocks, for fewer calls. Raises TooLarge if the form cannot have so many."""
    block, received = bytearray(), 0
    async for chunk in chunks:
        block += chunk
        received += len(chunk)
        if received > max_bytes + FORM_BYTES:
            raise too_large(max_bytes)
        if len(block) >= BLOCK_BYTES:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)


def _to_upload(partial: Path, file: FilePart, fields: Mapping[str, str]) -> Upload:
    if not file.finished or "purpose" not in fields:
        raise incomplete("purpose" if file.finished else "file", REQUIRED)
    return Upload(
        partial=partial,
        filename=file.name,
        purpose=fields["purpose"],
        bytes=file.size,
        sha256=file.hash.hexdigest(),
        expires_seconds=read_expiry(fields),
    )


@contextmanager
def _translated() -> Iterator[None]:
    """Translate the errors of the file system into ours."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_SPACE:
            raise StorageFull("There is no space left for uploaded files (RETRIEVAL_FILES).") from error
        raise TandemError(f"The file could not be written: {error.strerror}.") from error
