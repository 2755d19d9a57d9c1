"""Databases with every table, made in no time: each is a copy of one that was migrated once in this process."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.records.database import Database, migrate


def open_migrated(file: Path, scripts: Path) -> Database:
    """Write a new SQLite database to `file`, with the schema that `scripts` lead to, and open it."""
    write_migrated(file, scripts)
    return Database(f"sqlite:///{file}")


def write_migrated(file: Path, scripts: Path) -> None:
    """Write a new SQLite database to `file`, with the schema that `scripts` lead to."""
    file.write_bytes(_migrated(scripts))


@cache
def _migrated(scripts: Path) -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "new.db"
        database = Database(f"sqlite:///{file}")
        migrate(database, scripts)
        database.close()  # which moves what is in the write-ahead log to the file
        return file.read_bytes()
