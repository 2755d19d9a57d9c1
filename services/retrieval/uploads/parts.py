"""The part of an upload's form that is the file. It is written and hashed as it arrives."""

import hashlib
from pathlib import Path
from typing import BinaryIO

from services.retrieval.uploads.filename import read_filename
from shared.errors import InvalidRequest, TooLarge

MAX_FILE_SETTING = "RETRIEVAL_MAX_FILE_BYTES"


class FilePart:
    """The file. `finished` says whether it arrived completely; `name` is under which name to store it."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self.size = 0
        self.hash = hashlib.sha256()
        self.name = ""
        self.finished = False
        self._path = path
        self._max_bytes = max_bytes
        self._file: BinaryIO | None = None

    def start(self, sent_name: bytes | None) -> None:
        """Open the file on disk. Raises InvalidRequest if the name is missing or not valid."""
        if sent_name is None:
            raise InvalidRequest("The part 'file' has no filename.", param="file")
        self.name = read_filename(sent_name)
        self._file = self._path.open("xb")

    def write(self, data: memoryview) -> None:
        """Append `data`. Raises TooLarge at the limit."""
        self.size += len(data)
        if self.size > self._max_bytes:
            raise too_large(self._max_bytes)
        self.hash.update(data)
        if self._file is not None:
            self._file.write(data)

    def finish(self) -> None:
        """Note that the file is complete."""
        self.finished = True

    def close(self) -> None:
        """Close the file on disk."""
        if self._file is not None:
            self._file.close()


def too_large(max_bytes: int) -> TooLarge:
    """Return the error of a file with more than `max_bytes`."""
    return TooLarge(f"The file is too large: it has more than {max_bytes} bytes ({MAX_FILE_SETTING}).", param="file")
