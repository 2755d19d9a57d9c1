"""The folder of uploaded bytes.

A file is written under a temporary name in its final folder and renamed when it is complete, so an interrupted upload
leaves nothing and a stored file is never partial. The client's name for the file is data, never a path.
"""

import time
from pathlib import Path

from shared.ids import new_id

PARTIAL = ".partial"
FILE_ID = "file-"
OLD_PARTIAL_SECONDS = 24 * 3600


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
