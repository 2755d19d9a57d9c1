"""Receives the form of an import: the archive is written to a file as it arrives, in constant memory. Knows nothing of archives."""

import errno
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO

from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from services.generation.contracts.fine_tuning import Suffix
from shared.errors import StorageFull, TandemError, TooLarge
from shared.http.form import FieldPart, FormReader, incomplete
from shared.validation.translate import parse

REQUIRED = ("file", "model")
FORM_BYTES = 64 * 1024  # what a form may have in addition to the bytes of the file
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


class ImportForm(BaseModel):
    """The fields beside the archive: the base model's name in the API, and what the new model's name should contain."""

    model: str
    suffix: Suffix | None = None


class ArchivePart:
    """The part `file`, written to `file`. `finished` says whether it arrived completely."""

    def __init__(self, file: BinaryIO, max_bytes: int) -> None:
        self.finished = False
        self._file = file
        self._left = max_bytes
        self._max_bytes = max_bytes

    def start(self, _: bytes | None) -> None:
        """Do nothing: the archive needs no filename."""

    def write(self, data: memoryview) -> None:
        """Append `data`. Raises TooLarge at the limit."""
        self._left -= len(data)
        if self._left < 0:
            raise too_large(self._max_bytes)
        self._file.write(data)

    def finish(self) -> None:
        """Note that the archive is complete."""
        self.finished = True


async def receive(chunks: AsyncIterator[bytes], headers: Mapping[str, str], file: BinaryIO, max_bytes: int) -> ImportForm:
    """Write the part `file` of a multipart body into `file`; return the other parts.

    Raises:
        TooLarge: if the archive has more than `max_bytes`, or the `Content-Length` leaves no room for a smaller one.
        InvalidRequest: if the body is not such a form, or ends early.
        StorageFull: if there is no space left.
    """
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > max_bytes + FORM_BYTES:
        raise too_large(max_bytes)
    archive, model, suffix = ArchivePart(file, max_bytes), FieldPart("model"), FieldPart("suffix")
    reader = FormReader(headers.get("content-type"), {"file": archive, "model": model, "suffix": suffix}, REQUIRED)
    received = 0
    async for chunk in chunks:
        received += len(chunk)
        if received > max_bytes + FORM_BYTES:
            raise too_large(max_bytes)
        with disk_errors():
            await run_in_threadpool(reader.write, chunk)
    for name, part in (("file", archive), ("model", model)):
        if not part.finished:
            raise incomplete(name, REQUIRED)
    fields = {"model": model.text, **({"suffix": suffix.text} if suffix.finished else {})}
    return await run_in_threadpool(parse, ImportForm, fields)


def too_large(max_bytes: int) -> TooLarge:
    """Return the error of an adapter with more than `max_bytes`."""
    problem = f"The adapter is too large: it has more than {max_bytes} bytes, packed or unpacked (GENERATION_MAX_ADAPTER_BYTES)."
    return TooLarge(problem, param="file")


@contextmanager
def disk_errors() -> Iterator[None]:
    """Translate the errors of the file system into ours."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_SPACE:
            raise StorageFull("There is no space left for adapters (TANDEM_ADAPTERS).") from error
        raise TandemError(f"The adapter could not be written: {error.strerror}.") from error
