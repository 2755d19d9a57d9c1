"""A jobs database with adapters, for the tests of this folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from shared import records
from shared.records.database import Database
from shared.records.models.adapters import Adapter, Evidence
from tests.migrated import open_migrated

MINE = "ft:tiny:default:style:abcdefgh1234"
THEIRS = "ft:tiny:blue::abcdefgh5678"
OF_ANOTHER_BASE = "ft:huge:default::abcdefgh9999"
EVIDENCE = Evidence([{"role": "user", "content": "one"}], list(range(8)), [6, 7], base=-2.1, adapter=-0.4)


@contextmanager
def open_database(folder: Path) -> Iterator[Database]:
    """Open a new database in `folder`, with the adapters of two projects."""
    database = open_migrated(folder / "jobs.db", records.MIGRATIONS)
    with database.session() as session:
        for name, project, base in ((MINE, "default", "tiny"), (THEIRS, "blue", "tiny"), (OF_ANOTHER_BASE, "default", "huge")):
            manifest: dict[str, Any] = {"evidence": asdict(EVIDENCE)}
            session.add(Adapter(name=name, project_id=project, base=base, job_id="ftjob-1", manifest=manifest, created_at=7))
    try:
        yield database
    finally:
        database.close()
