"""A model's files as a tar archive, streamed in constant memory. The same model always gives the same bytes.

The base model is named as it is elsewhere: the folder that the engine and the trainer have it in means nothing on another host.

Every file is opened before the first byte is sent, so a model that is deleted meanwhile still arrives complete. Knows nothing of models
and projects.
"""

import json
import os
import re
import tarfile
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from starlette.concurrency import iterate_in_threadpool

from services.generation.http.reply import Chunks, Reply
from shared.errors import TandemError, Unavailable
from shared.records.models.adapters import MANIFEST, WEIGHTS

CONFIG = "adapter_config.json"
FILES = (CONFIG, WEIGHTS, MANIFEST)
BASES = {CONFIG: "base_model_name_or_path", MANIFEST: "base"}  # the fields that name the base model
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
CONTENT_TYPE = "application/x-tar"
CHUNK_BYTES = 256 * 1024
END = bytes(2 * tarfile.BLOCKSIZE)


@dataclass(frozen=True)
class ArchivedFile:
    """A file of the archive: its name, its size in bytes, and its content in chunks, which are made in a thread."""

    name: str
    size: int
    chunks: Iterator[bytes]

    @property
    def padding(self) -> bytes:
        """The zeros after the content, up to a whole block."""
        return bytes(-self.size % tarfile.BLOCKSIZE)


def open_archive(folder: Path, created_at: int, base: str) -> Reply:
    """Return an adapter's directory as a reply; `created_at` is the time of its files in the archive, in seconds since 1970.

    `base` is the name of its base model in the API.

    Raises:
        Unavailable: if a file cannot be read.
    """
    opened = ExitStack()
    try:
        files = [_open_named(folder / name, base) if name in BASES else open_file(folder / name, opened) for name in FILES]
    except OSError as error:
        opened.close()
        problem = f"The files of the model '{folder.name}' cannot be read here. All services must share the folder TANDEM_ADAPTERS."
        raise Unavailable(problem) from error

    async def close() -> None:
        opened.close()  # not in a thread: waiting for one could be canceled, and the files would stay open

    return build_archive(folder.name, created_at, files, close)


def build_archive(name: str, created_at: int, files: Sequence[ArchivedFile], close: Callable[[], Awaitable[None]]) -> Reply:
    """Return the files as a reply, an archive of this name; `close` closes what they are read from."""
    members = [(_write_header(file, created_at), file) for file in files]
    length = sum(len(header) + file.size + len(file.padding) for header, file in members) + len(END)
    return Reply(200, _describe(name, length), _stream(members), close)


def name_base(about: Mapping[str, Any], file: str, base: str) -> dict[str, Any]:
    """Return what is in the file of that name as it is downloaded: with `base` instead of the folder of the base model.

    The id of a model on Hugging Face stays.
    """
    field = BASES[file]
    stored = str(about.get(field, base))
    is_id = HUB_ID.fullmatch(stored) and not Path(stored).exists()
    return {**about, field: base} if field in about and not is_id else dict(about)


def archive_bytes(name: str, content: bytes) -> ArchivedFile:
    """Return a file with this content."""
    return ArchivedFile(name, len(content), iter([content]))


def _open_named(path: Path, base: str) -> ArchivedFile:
    content = path.read_bytes()
    about = json.loads(content)
    named = name_base(about, path.name, base)
    return archive_bytes(path.name, content if named == about else json.dumps(named, indent=2).encode())


def open_file(path: Path, opened: ExitStack, folder: Path | None = None) -> ArchivedFile:
    """Open a file, which `opened` closes. Its name in the archive is its path in `folder`, by default the folder that it is in.

    Raises:
        OSError: if it cannot be read.
    """
    file = opened.enter_context(path.open("rb"))
    size = os.fstat(file.fileno()).st_size
    return ArchivedFile(path.relative_to(folder or path.parent).as_posix(), size, _read(file, size))


def _read(file: BinaryIO, size: int) -> Iterator[bytes]:
    for chunk_size in _split(size):
        chunk = file.read(chunk_size)
        if len(chunk) < chunk_size:
            raise TandemError(f"The file '{file.name}' is shorter than it was.")
        yield chunk


def _write_header(file: ArchivedFile, created_at: int) -> bytes:
    about = tarfile.TarInfo(file.name)
    about.size, about.mtime, about.mode = file.size, created_at, 0o644
    return about.tobuf(tarfile.PAX_FORMAT)


def _describe(name: str, length: int) -> list[tuple[str, str]]:
    """Return the headers. A colon cannot be in the name of a file everywhere."""
    return [
        ("Content-Type", CONTENT_TYPE),
        ("Content-Length", str(length)),
        ("Content-Disposition", f'attachment; filename="{name.replace(":", "-")}.tar"'),
    ]


async def _stream(members: Sequence[tuple[bytes, ArchivedFile]]) -> Chunks:
    for header, file in members:
        yield header
        async for chunk in iterate_in_threadpool(file.chunks):
            yield chunk
        yield file.padding
    yield END


def _split(size: int) -> Iterator[int]:
    """Yield the sizes of the chunks of a file."""
    for start in range(0, size, CHUNK_BYTES):
        yield min(CHUNK_BYTES, size - start)
