"""Temporary folders of workers. A worker that is killed leaves its folders behind; the next one that starts deletes them.

The process that uses a folder locks it. Linux releases the lock when the process ends, even if it is killed.
"""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "tandem-"
LOCK = ".tandem-scratch"


@contextmanager
def open_scratch(purpose: str) -> Iterator[Path]:
    """Yield a temporary folder, with `purpose` in its name, that is deleted at the end."""
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{purpose}-", ignore_cleanup_errors=True) as name:
        unlocked = Path(name, f"{LOCK}-new")
        with unlocked.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            unlocked.rename(Path(name, LOCK))  # now that it is locked, others may find it
            yield Path(name)


def delete_abandoned_scratch() -> None:
    """Delete the folders of `open_scratch` whose process has ended. Everything else is kept, whatever its name."""
    for lock in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{LOCK}"):
        with suppress(OSError), lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.parent, ignore_errors=True)
