"""Searches while files are indexed: how long they take, whether the service stays ready, and how much slower indexing is.

python -m benchmarks.retrieval contention --data ../shared/data

A service as it is deployed, with the embedded index, starts with a store of 23,340 chunks in 5,000 files: real texts with their keywords,
and random vectors, because searching them takes as long. Searches are measured alone. Then fifteen long files are indexed, in turns with
and without searches, because indexing slows down as the index grows. A searcher waits for each result, and then pauses. All the while,
readiness is asked for ten times a second. In the turns with searches, a new store gets one small file.
"""

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import httpx
import numpy as np

from benchmarks.processes import run_retrieval
from benchmarks.retrieval.sets import load
from benchmarks.tables import Progress, table
from services.retrieval.catalog.records import COMPLETED, Attachment, File, Store
from services.retrieval.chunk import AUTO, Chunk
from services.retrieval.embedding.spaces import model_name, space_name
from services.retrieval.index.bm25 import Bm25
from services.retrieval.index.edge import EdgeIndex
from services.retrieval.index.points import ChunkOwner, to_point
from services.retrieval.settings import RetrievalSettings
from services.retrieval.wiring import MIGRATIONS
from shared.records.database import Database, migrate
from shared.records.projects import Project

CHUNKS, FILES, DIMENSION = 23_340, 5_000, 384
LONG_FILES, LONG_TEXTS = 15, 1000
IDLE_SECONDS, BUSY_SECONDS, SETTLE_SECONDS = 15.0, 36.0, 2.0
TURNS = 6
PAUSES = (0.05, 0.1)
READINESS_SECONDS = 0.1
STORE = "vs_bench"
READINESS: "Request" = ("GET", "/health/ready", None)

Request: TypeAlias = tuple[str, str, Any]
"""Method, path, and the body as a value."""


@dataclass
class Times:
    """The durations of requests in seconds, how many failed, and for how long requests were sent."""

    seconds: list[float] = field(default_factory=list)
    failures: int = 0
    duration: float = 0.0

    def row(self) -> list[object]:
        """Return p50, p95 and the longest in ms, how many there were, and how many failed."""
        ordered = sorted(self.seconds)
        figures: list[object] = [round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 1) for share in (0.5, 0.95, 1)]
        return [*figures, len(ordered), self.failures]


def main(data: Path, quick: bool = False) -> str:
    """Measure and return the tables; `quick` measures for a few seconds with a small store."""
    chunks, files, idle, busy = (600, 100, 2.0, 8.0) if quick else (CHUNKS, FILES, IDLE_SECONDS, BUSY_SECONDS)
    abstracts, progress = load(data, "scifact"), Progress()
    texts, questions = list(abstracts.documents.values()), list(abstracts.questions.values())
    with TemporaryDirectory() as folder:
        progress.report(f"{chunks} chunks in {files} files")
        _fill(Path(folder), texts, chunks, files)
        with run_retrieval(Path(folder)) as service, httpx.Client(base_url=service.url, timeout=60) as http:
            return _measure(http, questions, texts, (idle, busy), progress)


def _measure(http: httpx.Client, questions: Sequence[str], texts: Sequence[str], seconds: tuple[float, float], progress: Progress) -> str:
    time.sleep(SETTLE_SECONDS)
    rows: list[list[object]] = []
    for mode, pause in [("vector", PAUSES[0]), ("keyword", PAUSES[0]), *(("hybrid", pause) for pause in (0.0, *PAUSES))]:
        progress.report(f"searches alone, {mode}, {_describe(pause)}")
        with _repeat(http, _searches(questions, mode), pause) as times:
            time.sleep(seconds[0])
        rows.append([f"{mode}, alone, {_describe(pause)}", *times.row()])
    store, ids = _attach_long_files(http, texts)
    alone, waited, answered = list[float](), list[float](), Times()
    together, searched = [list[float]() for _ in PAUSES], [Times() for _ in PAUSES]
    for turn in range(1, TURNS + 1):
        progress.report(f"indexing alone, {turn} of {TURNS}")
        with _repeat(http, cycle([READINESS]), READINESS_SECONDS, answered):
            alone.append(_indexing_speed(http, store, ids, seconds[1] / TURNS))
        for pause, speeds, times in zip(PAUSES, together, searched, strict=True):
            progress.report(f"indexing and searches, {_describe(pause)}, {turn} of {TURNS}")
            ready = _repeat(http, cycle([READINESS]), READINESS_SECONDS, answered)
            with _repeat(http, _searches(questions, "hybrid"), pause, times), ready:
                waited.append(_index_small_file(http))
                speeds.append(_indexing_speed(http, store, ids, seconds[1] / TURNS))
    rows += [[f"hybrid, while files are indexed, {_describe(pause)}", *times.row()] for pause, times in zip(PAUSES, searched, strict=True)]
    rows.append(["readiness, while files are indexed", *answered.row()])
    columns = ["requests, one after the other", "p50 ms", "p95 ms", "longest ms", "requests", "failed"]
    rates = [f"{len(times.seconds) / times.duration:.1f}" for times in searched]
    ratios = [[rate, fmean(speeds), fmean(speeds) / fmean(alone)] for rate, speeds in zip(rates, together, strict=True)]
    indexing = table("Indexing", ["searches/s", "chunks/s", "of its speed without searches"], [["0", fmean(alone), 1.0], *ratios])
    small = f"A small file of another store is searchable after at most {max(waited):.1f} s."
    return "\n\n".join([table("Searches while files are indexed", columns, rows), indexing, small])


def _describe(pause: float) -> str:
    return f"pauses of {pause * 1000:.0f} ms" if pause else "without pauses"


def _fill(folder: Path, texts: Sequence[str], chunks: int, files: int) -> None:
    """Write the records and the points of a store whose files are indexed, as the service would have written them."""
    space = space_name(RetrievalSettings().model)
    database = Database(f"sqlite:///{folder / 'retrieval.db'}")
    migrate(database, MIGRATIONS)
    counts = [chunks // files + (number < chunks % files) for number in range(files)]
    with database.session() as session:
        session.merge(Project(id="default", created_at=time.time()))
        session.flush()
        session.add(Store(id=STORE, project_id="default", name="", embedding_model=model_name(RetrievalSettings().model), space=space))
        session.add_all(_records(space, counts))
    database.close()
    index, bm25, dice = EdgeIndex(folder / "index"), Bm25(), np.random.default_rng(7)
    index.ensure_space(space, DIMENSION)
    passages, positions = cycle(texts), ((file, position) for file, count in enumerate(counts) for position in range(count))
    while batch := list(islice(positions, 256)):
        vectors = dice.normal(size=(len(batch), DIMENSION)).tolist()
        index.upsert(space, [_point(bm25, each, text, vector) for each, text, vector in zip(batch, passages, vectors, strict=False)])
    index.optimize()
    index.close()


def _records(space: str, counts: Sequence[int]) -> Iterator[File | Attachment]:
    for number, count in enumerate(counts):
        yield File(id=f"file-{number}", project_id="default", filename=f"{number}.txt", purpose="assistants", bytes=1, sha256=f"{number}")
        values: dict[str, Any] = {"status": COMPLETED, "stage": "completed", "may_have_points": True, "chunk_count": count}
        keys = {"id": f"vsf_{number}", "vector_store_id": STORE, "file_id": f"file-{number}", "space": space, "sha256": f"{number}"}
        yield Attachment(**keys, **values, chunking=AUTO.model_dump())


def _point(bm25: Bm25, place: tuple[int, int], text: str, vector: list[float]) -> Any:
    file, position = place
    chunk = Chunk(position, text, 0, len(text), None, [], None)
    return to_point(ChunkOwner(STORE, f"file-{file}", f"vsf_{file}"), chunk, vector, bm25.encode_passage(text))


def _searches(questions: Sequence[str], mode: str) -> Iterator[Request]:
    return (("POST", f"/v1/vector_stores/{STORE}/search", {"query": each, "search_mode": mode}) for each in cycle(questions))


@contextmanager
def _repeat(http: httpx.Client, requests: Iterator[Request], pause: float, earlier: Times | None = None) -> Iterator[Times]:
    """Send one request after the other until the block ends; the first ones do not count. Add to the `earlier` times, if there are any.

    The sender shares the two cores, so it is Python's own client, which takes less than half of httpx's processor time.
    """
    times, done = earlier or Times(), threading.Event()
    connection = HTTPConnection(http.base_url.host, http.base_url.port)
    for request in islice(requests, 10):
        _send(connection, request)

    def work() -> None:
        while not done.wait(pause):
            request, started = next(requests), time.perf_counter()
            is_success = _send(connection, request)
            times.seconds.append(time.perf_counter() - started)
            times.failures += not is_success

    thread, started = threading.Thread(target=work), time.perf_counter()
    thread.start()
    try:
        yield times
    finally:
        done.set()
        thread.join()
        times.duration += time.perf_counter() - started
        connection.close()


def _send(connection: HTTPConnection, request: Request) -> bool:
    """Return whether the request succeeded."""
    method, path, body = request
    connection.request(method, path, body and json.dumps(body), {"Content-Type": "application/json"})
    response = connection.getresponse()
    response.read()
    return response.status < 300


def _attach_long_files(http: httpx.Client, texts: Sequence[str]) -> tuple[str, list[str]]:
    """Upload files that take longer to index than the measurement, attach them, and wait until the first chunks are indexed."""
    passages, ids = cycle(texts), []
    for number in range(LONG_FILES):
        text = "\n\n".join(f"{number} {each}" for each in islice(passages, LONG_TEXTS))
        ids.append(_upload(http, f"long-{number}.txt", text))
    store: str = _json(http.post("/v1/vector_stores", json={"file_ids": ids}))["id"]
    while not _chunks_done(http, store, ids):
        time.sleep(0.1)
    return store, ids


def _indexing_speed(http: httpx.Client, store: str, ids: Sequence[str], seconds: float) -> float:
    """Return chunks per second.

    Raises:
        RuntimeError: if nothing was left to index at the end, so that the figure would be too low.
    """
    time.sleep(SETTLE_SECONDS)
    before, started = _chunks_done(http, store, ids), time.perf_counter()
    time.sleep(seconds)
    speed = (_chunks_done(http, store, ids) - before) / (time.perf_counter() - started)
    if not _json(http.get(f"/v1/vector_stores/{store}"))["file_counts"]["in_progress"]:
        raise RuntimeError("All files were indexed before the end of the measurement. Use more files.")
    return speed


def _chunks_done(http: httpx.Client, store: str, ids: Sequence[str]) -> int:
    return sum(int(_json(http.get(f"/v1/vector_stores/{store}/files/{id}"))["chunks_done"]) for id in ids)


def _index_small_file(http: httpx.Client) -> float:
    """Return how many seconds after it was attached a small file of a new store is searchable."""
    file = _upload(http, "small.txt", "The seal of the pump is turquoise.")
    started = time.perf_counter()
    store = _json(http.post("/v1/vector_stores", json={"file_ids": [file]}))["id"]
    while not _json(http.post(f"/v1/vector_stores/{store}/search", json={"query": "seal", "search_mode": "keyword"}))["data"]:
        time.sleep(0.05)
    return time.perf_counter() - started


def _upload(http: httpx.Client, name: str, text: str) -> str:
    id: str = _json(http.post("/v1/files", files={"file": (name, text.encode())}, data={"purpose": "assistants"}))["id"]
    return id


def _json(response: httpx.Response) -> dict[str, Any]:
    body: dict[str, Any] = response.raise_for_status().json()
    return body
