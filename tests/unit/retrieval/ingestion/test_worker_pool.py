import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.retrieval.ingestion.worker import Desk
from services.retrieval.ingestion.worker_pool import SMALL_BYTES, Crew
from services.retrieval.parse import Document, parse
from tests.fakes import wait_until
from tests.unit.retrieval.stand_ins import Office

SECONDS = 20.0


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize("threads", [1, 3])
def test_small_files_do_not_wait_for_large_ones_where_there_are_several_threads(office: Office, threads: int) -> None:
    gate, reading = threading.Event(), list[str]()

    def read(path: Path, filename: str) -> Document:
        reading.append(filename)
        assert filename == "small.txt" or gate.wait(SECONDS)
        return parse(path, filename) if filename == "small.txt" else Document("few words")

    large = [office.put(b"x" * (SMALL_BYTES + 1), f"large-{number}.txt") for number in range(4)]
    small = office.put("one two three", "small.txt")
    crew = Crew(Desk(office.database, office.folder, office.embedders, office.bm25, office.index, read), "me", threads)
    crew.start()
    try:
        if threads > 1:
            wait_until(lambda: office.look(small).status == "completed", SECONDS)
            assert all(office.look(file).status == "in_progress" for file in large)
        else:
            wait_until(lambda: bool(reading), SECONDS)
            assert reading == ["large-0.txt"]
        gate.set()
        wait_until(lambda: all(office.look(file).status == "completed" for file in [*large, small]), SECONDS)
    finally:
        gate.set()
        crew.stop()
