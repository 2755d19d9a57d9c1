"""Copies retrieval's records and index from this machine to PostgreSQL and a Qdrant server, and checks the copy. Stop the service first.

python -m deploy.local.migrate --database postgresql+psycopg://… --qdrant http://…
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from sqlalchemy import make_url

from deploy.local.progress import step
from services.retrieval.index.edge import EdgeIndex
from services.retrieval.index.server import ServerIndex
from services.retrieval.lifecycle.relocate import Installation, RelocationResult, relocate
from services.retrieval.settings import RetrievalSettings
from services.retrieval.wiring import MIGRATIONS
from shared.errors import TandemError
from shared.records.database import Database, migrate
from shared.settings import read_settings

KEY = "RETRIEVAL_QDRANT_API_KEY"


def main(arguments: Sequence[str] | None = None) -> int:
    """Copy and check. Return the exit code."""
    parser = argparse.ArgumentParser(description="Copy the records and the index of this machine to PostgreSQL and a Qdrant server.")
    parser.add_argument("--database", required=True, help="SQLAlchemy URL of an empty PostgreSQL database")
    parser.add_argument("--qdrant", required=True, help=f"URL of the Qdrant server; its key is read from {KEY}")
    options = parser.parse_args(arguments)
    settings, console = read_settings(RetrievalSettings), Console()
    if problem := _problem(settings, options.database, options.qdrant):
        sys.stderr.write(f"{problem}\n")
        return 2
    try:
        copied = _copy(settings, options.database, options.qdrant, console)
    except TandemError as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    _report(settings, copied, console)
    return 0


def _problem(settings: RetrievalSettings, database: str, qdrant: str) -> str | None:
    """Return the problem with the source or the target, or None."""
    if not database.startswith("postgresql+psycopg://"):
        return f"DATABASE must be the URL of an empty PostgreSQL database, postgresql+psycopg://user:password@host/name; got '{database}'."
    if not qdrant.startswith(("http://", "https://")):
        return f"QDRANT must be the URL of a Qdrant server, http://host:6333; got '{qdrant}'."
    path = make_url(settings.database).database or ""
    if not Path(path).is_file():
        return f"There is nothing to copy: the database {path} does not exist (TANDEM_DATA, RETRIEVAL_DATABASE_URL)."
    return None


def _copy(settings: RetrievalSettings, database: str, qdrant: str, console: Console) -> RelocationResult:
    here, there = Database(settings.database), Database(database)
    near = EdgeIndex(settings.index_folder)
    far = ServerIndex(qdrant, os.environ.get(KEY))
    try:
        for each in (here, there):
            each.ping()
            migrate(each, MIGRATIONS)
        with step(console, "Copying") as update:
            return relocate(Installation(here, near), Installation(there, far), update)
    finally:
        near.close()
        far.close()
        here.close()
        there.close()


def _report(settings: RetrievalSettings, copied: RelocationResult, console: Console) -> None:
    for table, rows in copied.rows.items():
        console.print(f"{table:<22} {rows} rows", highlight=False)
    console.print(f"{'index':<22} {copied.points} chunks; {copied.searches} searches return the same results from both", highlight=False)
    console.print(
        f"The files stay in {settings.files_folder}. Every replica and ingest worker must be able to read them (RETRIEVAL_FILES).",
        highlight=False,
    )
    console.print(
        "Start the service with RETRIEVAL_DATABASE_URL and RETRIEVAL_QDRANT_URL. Then you can delete the local database and index.",
        highlight=False,
    )


if __name__ == "__main__":
    sys.exit(main())
