"""An adapter's directory as a tar archive, streamed in constant memory. The same adapter always gives the same bytes.

Every file is opened before the first byte is sent, so an adapter that is deleted meanwhile still arrives complete. Knows nothing of models
and projects.
"""

import os
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool

from services.generation.http.reply import Chunks, Reply
from shared.errors import TandemError, Unavailable
from shared.records.models.adapters import MANIFEST, WEIGHTS

CONFIG = "adapter_config.json"
FILES = (CONFIG, WEIGHTS, MANIFEST)
CONTENT_TYPE = "application/x-tar"
CHUNK_BYTES = 256 * 1024
END = bytes(2 * tarfile.BLOCKSIZE)


@dataclass(frozen=True)
class Member:
    """A file of the archive: its header, its content, and the content's size in bytes."""

    header: bytes
    file: BinaryIO
    size: int

    @property
    def padding(self) -> bytes:
        """The zeros after the content, up to a whole block."""
        return bytes(-self.size % tarfile.BLOCKSIZE)


def open_archive(folder: Path, created_at: int) -> Reply:
    """Return an adapter's directory as a reply; `created_at` is the time of its files in the archive, in seconds since 1970.

    Raises:
        Unavailable: if a file cannot be read.
    """
    files = ExitStack()
    try:
        members = [_open_member(folder / name, created_at, files) for name in FILES]
    except OSError as error:
        files.close()
        problem = f"The files of the model '{folder.name}' cannot be read here. All services must share the folder TANDEM_ADAPTERS."
        raise Unavailable(problem) from error

    async def close() -> None:
        files.close()  # not in a thread: waiting for one could be canceled, and the files would stay open

    return Reply(200, _describe(folder.name, members), _stream(members), close)


def _open_member(path: Path, created_at: int, files: ExitStack) -> Member:
    file = files.enter_context(path.open("rb"))
    about = tarfile.TarInfo(path.name)
    about.size, about.mtime, about.mode = os.fstat(file.fileno()).st_size, created_at, 0o644
    return Member(about.tobuf(tarfile.PAX_FORMAT), file, about.size)


def _describe(name: str, members: Sequence[Member]) -> list[tuple[str, str]]:
    """Return the headers. A colon cannot be in the name of a file everywhere."""
    length = sum(len(member.header) + member.size + len(member.padding) for member in members) + len(END)
    return [
        ("Content-Type", CONTENT_TYPE),
        ("Content-Length", str(length)),
        ("Content-Disposition", f'attachment; filename="{name.replace(":", "-")}.tar"'),
    ]


async def _stream(members: Sequence[Member]) -> Chunks:
    for member in members:
        yield member.header
        for size in _split(member.size):
            chunk = await run_in_threadpool(member.file.read, size)
            if len(chunk) < size:
                raise TandemError(f"The file '{member.file.name}' is shorter than it was.")
            yield chunk
        yield member.padding
    yield END


def _split(size: int) -> Iterator[int]:
    """Yield the sizes of the chunks of a file."""
    for start in range(0, size, CHUNK_BYTES):
        yield min(CHUNK_BYTES, size - start)
