"""The ingest worker's process, without a broker: its threads stop, however the process stops listening."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from services.retrieval import worker
from services.retrieval.settings import RetrievalSettings
from services.retrieval.wiring import MIGRATIONS
from shared.records.database import Database, migrate
from shared.settings import CommonSettings


class Pool:
    """Records whether its workers run."""

    def __init__(self) -> None:
        self.states: list[str] = []

    def start(self) -> None:
        self.states.append("started")

    def stop(self) -> None:
        self.states.append("stopped")

    def put_back(self) -> None: ...


@pytest.fixture(autouse=True)
def _signal_handler() -> Iterator[None]:
    previous = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, previous)


def test_the_workers_stop_if_listening_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = RetrievalSettings(common=CommonSettings(data=tmp_path))
    database = Database(settings.database)
    migrate(database, MIGRATIONS)
    database.close()
    pool = Pool()

    @contextmanager
    def open_process(*_: Any) -> Iterator[Pool]:
        yield pool

    def listen(*_: Any) -> int:
        raise OSError("the broker's address cannot be read")

    monkeypatch.setattr(worker, "open_worker_process", open_process)
    monkeypatch.setattr(worker, "listen", listen)
    with pytest.raises(OSError, match="address"):
        worker.run(settings)
    assert pool.states == ["started", "stopped"]
