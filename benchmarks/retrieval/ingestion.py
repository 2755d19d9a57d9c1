"""Ingestion that is large: one long file, and many small ones, by a service process as it is deployed, with a search going on meanwhile.

python -m benchmarks.retrieval ingestion --data ../shared/data
python -m benchmarks.retrieval.ingestion --data ../shared/data --megabytes 500 --files 10000 --seconds 1800

Memory is resident memory, looked at twenty times a second: of the service, of the process that runs the embedder, and of the largest
process that reads files. Where the time
given is over before all is indexed, the table says how far it was. The long file is read and cut once more alone, in this process, to its
end: embedding takes most of the time, and what is measured there is the rest.
"""

import argparse
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psutil

from benchmarks.retrieval.sets import JudgedSet, load
from benchmarks.tables import Steps, table
from services.retrieval.chunk import AUTO, chunk
from services.retrieval.embedding.embedder import Embedder
from services.retrieval.embedding.model_client import SERVER_MODULE
from services.retrieval.parse.sandbox import IsolatedParser, Limits
from services.retrieval.settings import RetrievalSettings
from tests.integration.retrieval_service import Process

MEGABYTES, FILES, SECONDS = 64, 2_000, 300.0
BATCH = 2_000
SEARCHED = 400
BEFORE_SECONDS = 10.0
PAUSE = 0.05
MIB = 1 << 20


@dataclass(frozen=True)
class Asked:
    """How much is ingested, and the longest time for each of the two."""

    megabytes: int = MEGABYTES
    files: int = FILES
    seconds: float = SECONDS


@dataclass
class Peaks:
    """The most memory of the service, of the embedder's process and of a process that reads files, in MiB."""

    service: float = 0
    embedder: float = 0
    reader: float = 0

    def look(self, service: psutil.Process) -> None:
        """Take what the processes have now, where it is more."""
        self.service = max(self.service, _memory(service))
        for child in service.children(recursive=True):
            kind = "embedder" if SERVER_MODULE in child.cmdline() else "reader"
            setattr(self, kind, max(getattr(self, kind), _memory(child)))


@dataclass
class Bench:
    """A service with a store to search."""

    http: httpx.Client
    process: psutil.Process
    store: str
    questions: Sequence[str]
    steps: Steps
    rows: list[list[object]] = field(default_factory=list)

    def note(self, what: str, value: object) -> None:
        """Add a line to the table."""
        self.rows.append([what, value])


def main(data: Path, quick: bool = False) -> str:
    """Measure and return the tables; `quick` takes little of everything."""
    return measure(data, Asked(2, 50, 60) if quick else Asked())


def measure(data: Path, asked: Asked) -> str:
    """Measure both and return the tables."""
    abstracts, steps = load(data, "scifact"), Steps()
    with TemporaryDirectory() as folder:
        path = _long_file(Path(folder) / "long.txt", abstracts, asked.megabytes)
        with _served(abstracts, steps) as bench:
            _one_long(bench, path, asked.seconds)
            bench.rows += _alone(path, steps)
            tables = [table(f"One text file of {asked.megabytes} MiB", ["what", "figure"], bench.rows)]
    with _served(abstracts, steps) as bench:
        _many_small(bench, abstracts, asked)
        tables.append(table(f"{asked.files} small files, attached in batches of up to {BATCH}", ["what", "figure"], bench.rows))
    return "\n\n".join(tables)


@contextmanager
def _served(abstracts: JudgedSet, steps: Steps) -> Iterator[Bench]:
    """Run a service, index some abstracts, and note how quickly they are searched while nothing else is done."""
    with TemporaryDirectory() as folder:
        process = Process(Path(folder))
        try:
            process.wait_until_ready()
            with httpx.Client(base_url=process.url, timeout=600) as http:
                store: str = _made(http.post("/v1/vector_stores", json={}))["id"]
                bench = Bench(http, psutil.Process(process.popen.pid), store, list(abstracts.questions.values()), steps)
                _fill(bench, list(abstracts.documents.values())[:SEARCHED])
                with _searching(bench, "before"):
                    time.sleep(BEFORE_SECONDS)
                before = Peaks()
                before.look(bench.process)
                bench.note("memory of the service before, MiB", before.service)
                bench.note("memory of the embedder's process before, MiB", before.embedder)
                yield bench
        finally:
            process.popen.terminate()
            process.popen.wait(30)


def _fill(bench: Bench, texts: Sequence[str]) -> None:
    file = _upload(bench.http, "searched.txt", "\n\n".join(texts).encode())
    bench.http.post(f"/v1/vector_stores/{bench.store}/files", json={"file_id": file}).raise_for_status()
    _follow(lambda: _made(bench.http.get(f"/v1/vector_stores/{bench.store}/files/{file}")), 600, lambda _: None)


def _long_file(path: Path, abstracts: JudgedSet, megabytes: int) -> Path:
    """Write a file of so many MiB: abstracts again and again, each time under another number, so that no two chunks are alike."""
    size = 0
    with path.open("w", encoding="utf-8") as file:
        for number, text in enumerate(cycle(abstracts.documents.values())):
            size += len(f"{number}. {text}\n\n".encode())
            if size > megabytes * MIB:
                return path
            file.write(f"{number}. {text}\n\n")
    return path


def _one_long(bench: Bench, path: Path, seconds: float) -> None:
    with _watched(bench):
        bench.steps.say("one long file: upload")
        began = time.monotonic()
        with path.open("rb") as content:
            file = _upload(bench.http, path.name, content)
        bench.note("upload, s", time.monotonic() - began)
        store = _made(bench.http.post("/v1/vector_stores", json={}))["id"]
        bench.steps.say("one long file: indexing")
        with _searching(bench, "meanwhile"):
            _made(bench.http.post(f"/v1/vector_stores/{store}/files", json={"file_id": file}))
            stages: dict[str, float] = {}
            began = time.monotonic()
            last = _follow(
                lambda: _made(bench.http.get(f"/v1/vector_stores/{store}/files/{file}")),
                seconds,
                lambda seen: stages.setdefault(seen["stage"], time.monotonic() - began),
            )
            took = time.monotonic() - began
    bench.note("reading, until the first chunk is embedded, s", stages.get("embedding", took))
    bench.note(f"chunks indexed in {took:.0f} s ({last['status']}, {last['percent']} %)", last["chunks_done"])
    bench.note("chunks/s", last["chunks_done"] / took)


def _alone(path: Path, steps: Steps) -> list[list[object]]:
    """Read and cut the file in this process as the service does, to its end, and embed nothing."""
    steps.say("one long file: reading and chunking alone")
    settings = RetrievalSettings()
    embedder = Embedder(settings.model, settings.embedding_dtype, settings.embedding_batch_size)
    embedder.load()
    parser, process = (
        IsolatedParser(Limits(settings.parse_seconds, settings.parse_memory_bytes, settings.parse_text_bytes)),
        psutil.Process(),
    )
    before, peak, count, began = _memory(process), 0.0, 0, time.monotonic()
    for count, _ in enumerate(chunk(parser(path, path.name), AUTO, embedder), 1):
        if count % 500 == 0:
            peak = max(peak, _memory(process) - before)
    took = time.monotonic() - began
    parser.close()
    embedder.close()
    return [[f"reading and chunking alone to the end ({count} chunks), s", took], ["more memory for that at most, MiB", peak]]


def _many_small(bench: Bench, abstracts: JudgedSet, asked: Asked) -> None:
    texts = cycle(abstracts.documents.values())
    with _watched(bench):
        bench.steps.say(f"{asked.files} small files: upload")
        began = time.monotonic()
        ids = [_upload(bench.http, f"{number}.txt", f"{number}. {next(texts)}".encode()) for number in range(asked.files)]
        bench.note("upload one after the other, files/s", asked.files / (time.monotonic() - began))
        store = _made(bench.http.post("/v1/vector_stores", json={}))["id"]
        bench.steps.say(f"{asked.files} small files: indexing")
        with _searching(bench, "meanwhile"):
            began = time.monotonic()
            for first in range(0, len(ids), BATCH):
                _made(bench.http.post(f"/v1/vector_stores/{store}/file_batches", json={"file_ids": ids[first : first + BATCH]}))
            bench.note("until all were accepted, s", time.monotonic() - began)
            last = _follow(lambda: _made(bench.http.get(f"/v1/vector_stores/{store}")), asked.seconds, lambda _: None)
            took = time.monotonic() - began
    counts = last["file_counts"]
    bench.note(f"files completed in {took:.0f} s ({counts['failed']} failed, {counts['in_progress']} wait)", counts["completed"])
    bench.note("files/s", counts["completed"] / took)


def _follow(look: Callable[[], dict[str, Any]], seconds: float, see: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Look until nothing is in progress or the time is over; return what was seen last."""
    until = time.monotonic() + seconds
    while True:
        seen = look()
        see(seen)
        if seen["status"] != "in_progress" or time.monotonic() > until:
            return seen
        time.sleep(0.2)


@contextmanager
def _searching(bench: Bench, when: str) -> Iterator[None]:
    """Search the small store all the time, one search after the other, and note how long that takes."""
    seconds: list[float] = []
    done = threading.Event()

    def work() -> None:
        questions = cycle(bench.questions)
        while not done.wait(PAUSE):
            began = time.perf_counter()
            bench.http.post(f"/v1/vector_stores/{bench.store}/search", json={"query": next(questions)}).raise_for_status()
            seconds.append(time.perf_counter() - began)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    ordered = sorted(seconds)
    p50, p95, most = (ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 for share in (0.5, 0.95, 1))
    bench.note(f"search {when}: p50, p95, longest of {len(ordered)}, ms", f"{p50:.0f}, {p95:.0f}, {most:.0f}")


@contextmanager
def _watched(bench: Bench) -> Iterator[None]:
    """Note the most memory that the service and what reads files for it take meanwhile."""
    peaks, done = Peaks(), threading.Event()

    def work() -> None:
        while not done.wait(0.05):
            with suppress(psutil.Error):
                peaks.look(bench.process)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    bench.note("memory of the service at most, MiB", peaks.service)
    bench.note("memory of the embedder's process at most, MiB", peaks.embedder)
    bench.note("memory of what reads files at most, MiB", peaks.reader)


def _memory(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / MIB


def _upload(http: httpx.Client, name: str, content: Any) -> str:
    id: str = _made(http.post("/v1/files", files={"file": (name, content)}, data={"purpose": "assistants"}))["id"]
    return id


def _made(response: httpx.Response) -> dict[str, Any]:
    made: dict[str, Any] = response.raise_for_status().json()
    return made


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure ingestion of one long file and of many small ones.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--megabytes", type=int, default=MEGABYTES, help="size of the long file")
    parser.add_argument("--files", type=int, default=FILES, help="number of small files")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="longest time for indexing each of the two")
    given = parser.parse_args()
    sys.stdout.write(measure(given.data, Asked(given.megabytes, given.files, given.seconds)) + "\n")
