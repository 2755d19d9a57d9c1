"""Large ingestion: one long file, and many small ones, in a service process as it is deployed, with searches at the same time.

python -m benchmarks.retrieval ingestion --data ../shared/data
python -m benchmarks.retrieval.ingestion --data ../shared/data --megabytes 500 --files 10000 --seconds 1800

Memory is resident memory, sampled twenty times a second: of the service, of the processes of the embedder and the index, and of the largest
process that reads files. If the time limit is over before everything is indexed, the table shows the progress. The long file is also read
and cut into chunks by this process alone, without embedding, which takes most of the time otherwise.
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

from benchmarks.processes import run_retrieval
from benchmarks.retrieval.sets import JudgedSet, load
from benchmarks.tables import Progress, table
from services.retrieval.chunk import AUTO, chunk
from services.retrieval.embedding.embedder import Embedder
from services.retrieval.embedding.model_client import SERVER_MODULE
from services.retrieval.index.edge_client import SERVER_MODULE as INDEX_MODULE
from services.retrieval.parse import Limits, SandboxedParser
from services.retrieval.settings import RetrievalSettings

MEGABYTES, FILES, SECONDS = 64, 2_000, 300.0
BATCH = 2_000
SEARCHED_TEXTS = 400
IDLE_SECONDS = 10.0
PAUSE_SECONDS = 0.05
SAMPLE_SECONDS = 0.05
MIB = 1 << 20


@dataclass(frozen=True)
class Options:
    """How much is ingested, and the time limit of each of the two parts."""

    megabytes: int = MEGABYTES
    files: int = FILES
    seconds: float = SECONDS


@dataclass
class Peaks:
    """The peak memory of the service, of the processes of the embedder and the index, and of a process that reads files, in MiB."""

    service: float = 0
    embedder: float = 0
    index: float = 0
    reader: float = 0

    def sample(self, service: psutil.Process) -> None:
        """Include the current memory of the processes."""
        self.service = max(self.service, _memory(service))
        for child in service.children(recursive=True):
            if SERVER_MODULE in child.cmdline():
                self.embedder = max(self.embedder, _memory(child))
            elif INDEX_MODULE in child.cmdline():
                self.index = max(self.index, _memory(child))
            else:
                self.reader = max(self.reader, _memory(child))


@dataclass
class Bench:
    """A service with a store to search."""

    http: httpx.Client
    process: psutil.Process
    store: str
    questions: Sequence[str]
    progress: Progress
    rows: list[list[object]] = field(default_factory=list)

    def add_row(self, what: str, value: object) -> None:
        """Add a row to the table."""
        self.rows.append([what, value])


def main(data: Path, quick: bool = False) -> str:
    """Measure and return the tables; `quick` ingests little."""
    return measure(data, Options(2, 50, 60) if quick else Options())


def measure(data: Path, options: Options) -> str:
    """Measure both parts and return the tables."""
    abstracts, progress = load(data, "scifact"), Progress()
    with TemporaryDirectory() as folder:
        path = _write_long_file(Path(folder) / "long.txt", abstracts, options.megabytes)
        with _run_service(abstracts, progress) as bench:
            _ingest_long_file(bench, path, options.seconds)
            bench.rows += _measure_chunking(path, progress)
            tables = [table(f"One text file of {options.megabytes} MiB", ["what", "figure"], bench.rows)]
    with _run_service(abstracts, progress) as bench:
        _ingest_small_files(bench, abstracts, options)
        tables.append(table(f"{options.files} small files, attached in batches of up to {BATCH}", ["what", "figure"], bench.rows))
    return "\n\n".join(tables)


@contextmanager
def _run_service(abstracts: JudgedSet, progress: Progress) -> Iterator[Bench]:
    """Run a service, index some abstracts, and measure searches while nothing else is done."""
    with (
        TemporaryDirectory() as folder,
        run_retrieval(Path(folder)) as service,
        httpx.Client(base_url=service.url, timeout=600) as http,
    ):
        store: str = _json(http.post("/v1/vector_stores", json={}))["id"]
        bench = Bench(http, psutil.Process(service.process.pid), store, list(abstracts.questions.values()), progress)
        _fill(bench, list(abstracts.documents.values())[:SEARCHED_TEXTS])
        with _search_continuously(bench, "before"):
            time.sleep(IDLE_SECONDS)
        before = Peaks()
        before.sample(bench.process)
        bench.add_row("memory of the service before, MiB", before.service)
        bench.add_row("memory of the embedder's process before, MiB", before.embedder)
        yield bench


def _fill(bench: Bench, texts: Sequence[str]) -> None:
    file = _upload(bench.http, "searched.txt", "\n\n".join(texts).encode())
    bench.http.post(f"/v1/vector_stores/{bench.store}/files", json={"file_id": file}).raise_for_status()
    _poll(lambda: _json(bench.http.get(f"/v1/vector_stores/{bench.store}/files/{file}")), 600, lambda _: None)


def _write_long_file(path: Path, abstracts: JudgedSet, megabytes: int) -> Path:
    """Write a file of so many MiB: abstracts, repeated with a number each, so that no two chunks are the same."""
    size = 0
    with path.open("w", encoding="utf-8") as file:
        for number, text in enumerate(cycle(abstracts.documents.values())):
            size += len(f"{number}. {text}\n\n".encode())
            if size > megabytes * MIB:
                return path
            file.write(f"{number}. {text}\n\n")
    return path


def _ingest_long_file(bench: Bench, path: Path, seconds: float) -> None:
    with _measure_memory(bench):
        bench.progress.report("one long file: upload")
        started = time.monotonic()
        with path.open("rb") as content:
            file = _upload(bench.http, path.name, content)
        bench.add_row("upload, s", time.monotonic() - started)
        store = _json(bench.http.post("/v1/vector_stores", json={}))["id"]
        bench.progress.report("one long file: indexing")
        with _search_continuously(bench, "during ingestion"):
            _json(bench.http.post(f"/v1/vector_stores/{store}/files", json={"file_id": file}))
            stages: dict[str, float] = {}
            started = time.monotonic()
            last = _poll(
                lambda: _json(bench.http.get(f"/v1/vector_stores/{store}/files/{file}")),
                seconds,
                lambda state: stages.setdefault(state["stage"], time.monotonic() - started),
            )
            duration = time.monotonic() - started
    bench.add_row("reading, until the first chunk is embedded, s", stages.get("embedding", duration))
    bench.add_row(f"chunks indexed in {duration:.0f} s ({last['status']}, {last['percent']} %)", last["chunks_done"])
    bench.add_row("chunks/s", last["chunks_done"] / duration)


def _measure_chunking(path: Path, progress: Progress) -> list[list[object]]:
    """Read the file and cut it into chunks as the service does, without embedding."""
    progress.report("one long file: reading and chunking alone")
    settings = RetrievalSettings()
    embedder = Embedder(settings.model, settings.embedding_dtype, settings.embedding_batch_size)
    embedder.load()
    parser, process = (
        SandboxedParser(Limits(settings.parse_seconds, settings.parse_memory_bytes, settings.parse_text_bytes)),
        psutil.Process(),
    )
    before, peak, count, started = _memory(process), 0.0, 0, time.monotonic()
    for count, _ in enumerate(chunk(parser(path, path.name), AUTO, embedder), 1):
        if count % 500 == 0:
            peak = max(peak, _memory(process) - before)
    duration = time.monotonic() - started
    parser.close()
    embedder.close()
    return [[f"reading and chunking alone to the end ({count} chunks), s", duration], ["more memory for that at most, MiB", peak]]


def _ingest_small_files(bench: Bench, abstracts: JudgedSet, options: Options) -> None:
    texts = cycle(abstracts.documents.values())
    with _measure_memory(bench):
        bench.progress.report(f"{options.files} small files: upload")
        started = time.monotonic()
        ids = [_upload(bench.http, f"{number}.txt", f"{number}. {next(texts)}".encode()) for number in range(options.files)]
        bench.add_row("upload one after the other, files/s", options.files / (time.monotonic() - started))
        store = _json(bench.http.post("/v1/vector_stores", json={}))["id"]
        bench.progress.report(f"{options.files} small files: indexing")
        with _search_continuously(bench, "during ingestion"):
            started = time.monotonic()
            for first in range(0, len(ids), BATCH):
                _json(bench.http.post(f"/v1/vector_stores/{store}/file_batches", json={"file_ids": ids[first : first + BATCH]}))
            bench.add_row("until all were attached, s", time.monotonic() - started)
            last = _poll(lambda: _json(bench.http.get(f"/v1/vector_stores/{store}")), options.seconds, lambda _: None)
            duration = time.monotonic() - started
    counts = last["file_counts"]
    bench.add_row(f"files completed in {duration:.0f} s ({counts['failed']} failed, {counts['in_progress']} wait)", counts["completed"])
    bench.add_row("files/s", counts["completed"] / duration)


def _poll(fetch: Callable[[], dict[str, Any]], seconds: float, observe: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Fetch the state until nothing is in progress or the time is over; return the last state."""
    deadline = time.monotonic() + seconds
    while True:
        state = fetch()
        observe(state)
        if state["status"] != "in_progress" or time.monotonic() > deadline:
            return state
        time.sleep(0.2)


@contextmanager
def _search_continuously(bench: Bench, when: str) -> Iterator[None]:
    """Search the small store, one search after the other, and add the durations to the table."""
    seconds: list[float] = []
    done = threading.Event()

    def work() -> None:
        questions = cycle(bench.questions)
        while not done.wait(PAUSE_SECONDS):
            started = time.perf_counter()
            bench.http.post(f"/v1/vector_stores/{bench.store}/search", json={"query": next(questions)}).raise_for_status()
            seconds.append(time.perf_counter() - started)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    ordered = sorted(seconds)
    p50, p95, longest = (ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 for share in (0.5, 0.95, 1))
    bench.add_row(f"search {when}: p50, p95, longest of {len(ordered)}, ms", f"{p50:.0f}, {p95:.0f}, {longest:.0f}")


@contextmanager
def _measure_memory(bench: Bench) -> Iterator[None]:
    """Add the peak memory of the service and its processes to the table."""
    peaks, done = Peaks(), threading.Event()

    def work() -> None:
        while not done.wait(SAMPLE_SECONDS):
            with suppress(psutil.Error):
                peaks.sample(bench.process)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    bench.add_row("peak memory of the service, MiB", peaks.service)
    bench.add_row("peak memory of the embedder's process, MiB", peaks.embedder)
    bench.add_row("peak memory of the index's process, MiB", peaks.index)
    bench.add_row("peak memory of a process that reads files, MiB", peaks.reader)


def _memory(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / MIB


def _upload(http: httpx.Client, name: str, content: Any) -> str:
    id: str = _json(http.post("/v1/files", files={"file": (name, content)}, data={"purpose": "assistants"}))["id"]
    return id


def _json(response: httpx.Response) -> dict[str, Any]:
    body: dict[str, Any] = response.raise_for_status().json()
    return body


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure ingestion of one long file and of many small ones.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--megabytes", type=int, default=MEGABYTES, help="size of the long file")
    parser.add_argument("--files", type=int, default=FILES, help="number of small files")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="time limit of each of the two parts")
    options = parser.parse_args()
    sys.stdout.write(measure(options.data, Options(options.megabytes, options.files, options.seconds)) + "\n")
