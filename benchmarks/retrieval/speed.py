"""How fast retrieval is, everything in one run.

python -m benchmarks.retrieval speed --data ../shared/data

1. Search in the index: both lists and their fusion, without embedding the question, for one and eight clients, several sizes and both
   indexes. Vectors are random directions around 200 centers; words have the frequencies of natural language (Zipf).
2. Search over HTTP, including the embedding of the question.
3. Ingestion: the bare encoder on the chunks, in float32 and in bfloat16, then the whole pipeline over HTTP on the same documents.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import numpy as np

from benchmarks.processes import free_port, run_retrieval
from benchmarks.retrieval.backends import BACKENDS, SPACE, TENANT, fill, open_backend
from benchmarks.retrieval.sets import load
from benchmarks.tables import Progress, table
from deploy.local.qdrant import QdrantServer
from services.retrieval.chunk import AUTO, chunk
from services.retrieval.embedding.embedder import Embedder
from services.retrieval.embedding.vectors import Vectors
from services.retrieval.index import Index, Query, SparseVector
from services.retrieval.parse import Document
from services.retrieval.search.fuse import full_match, fuse
from services.retrieval.settings import RetrievalSettings
from shared.contracts.search import ConvexFusion

SIZES = (1_000, 20_000, 100_000)
CLIENTS = (1, 8)
SEARCHES = 400
WORDS, LENGTH, DIMENSION = 30_000, 80, 384
HTTP_CHUNKS = 2_000
INGESTED_TEXTS = 1_200
DEPTH = 100


def main(data: Path, quick: bool = False) -> str:
    """Measure and return the tables; `quick` uses small sizes only."""
    progress = Progress()
    sizes = SIZES[:1] if quick else SIZES
    return "\n\n".join(
        [_measure_index(sizes, progress), _measure_http(data, 200 if quick else HTTP_CHUNKS, 60 if quick else INGESTED_TEXTS, progress)]
    )


def _measure_index(sizes: Sequence[int], progress: Progress) -> str:
    rows: list[list[object]] = []
    for size in sizes:
        vectors, keywords, queries = _synthetic(size)
        for backend in BACKENDS:
            progress.report(f"{size} chunks, {backend}")
            with open_backend(backend) as (index, process):
                before = process.memory_info().rss
                fill(index, [f"text {number}" for number in range(size)], vectors, keywords)
                used = (process.memory_info().rss - before) / 2**20
                search = _search_function(index, queries, size)
                rows += [
                    [f"{size}, {backend}, {clients} at a time", *_measure_calls(search, clients), f"{used:.0f}"] for clients in CLIENTS
                ]
    columns = ["chunks, index, clients", "p50 ms", "p95 ms", "searches/s", "MiB more"]
    return table("Hybrid search without the question's embedding", columns, rows)


def _search_function(index: Index, queries: Sequence[Query], size: int) -> Callable[[int], None]:
    def search(number: int) -> None:
        query = queries[number % len(queries)]
        fuse(*index.search(SPACE, TENANT, query, None, DEPTH), "hybrid", ConvexFusion(), full_match(query.keywords, size))

    return search


def _synthetic(size: int) -> tuple[Vectors, list[SparseVector], list[Query]]:
    """Return vectors and keywords of `size` chunks, and queries that are close to some of them."""
    dice = np.random.default_rng(7)
    centers = dice.normal(size=(200, DIMENSION))
    vectors = (centers[dice.integers(200, size=size)] + 0.7 * dice.normal(size=(size, DIMENSION))).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    keywords = [_draw_words(dice, LENGTH) for _ in range(size)]
    near = vectors[dice.integers(size, size=100)] + 0.02 * dice.normal(size=(100, DIMENSION))
    return vectors, keywords, [Query(vector.tolist(), _draw_words(dice, 8)) for vector in near]


def _draw_words(dice: np.random.Generator, length: int) -> SparseVector:
    terms = np.unique(dice.zipf(1.3, length) % WORDS)
    return SparseVector([int(term) for term in terms], [1.0] * len(terms))


def _measure_calls(call: Callable[[int], Any], clients: int, calls: int = SEARCHES) -> tuple[float, float, float]:
    """Return p50 and p95 in milliseconds, and calls per second; the first calls do not count."""
    for number in range(20):
        call(number)
    seconds = [0.0] * calls
    numbers = iter(range(calls))
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            started = time.perf_counter()
            call(number)
            seconds[number] = time.perf_counter() - started

    threads = [threading.Thread(target=work) for _ in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = time.perf_counter() - started
    ordered = sorted(seconds)
    return round(ordered[calls // 2] * 1000, 2), round(ordered[int(calls * 0.95)] * 1000, 2), round(calls / total, 1)


def _measure_http(data: Path, chunks: int, ingested: int, progress: Progress) -> str:
    abstracts = load(data, "scifact")
    texts, questions = list(abstracts.documents.values()), list(abstracts.questions.values())
    searches: list[list[object]] = []
    ingestion = ""
    for backend in BACKENDS:
        with _run_service(backend) as http:
            if backend == "edge":
                ingestion = _measure_ingestion(http, texts[:ingested], progress)
            progress.report(f"{chunks} chunks over HTTP, {backend}")
            store, _ = _ingest(http, _join(texts[: int(chunks * 0.22)]))
            searches += _measure_searches(http, store, questions, backend)
    columns = ["index, mode, clients", "p50 ms", "p95 ms", "searches/s", "chunks"]
    return "\n\n".join([table("Search over HTTP with the question's embedding", columns, searches), ingestion])


@contextmanager
def _run_service(backend: str) -> Iterator[httpx.Client]:
    """Yield a client of the service, which runs as a process of its own, with the embedded index or a Qdrant server."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        settings = {}
        if backend == "server":
            server = QdrantServer(Path(folder), free_port(), free_port())
            server.start()
            stack.callback(server.stop)
            settings = {"RETRIEVAL_QDRANT_URL": server.url, "RETRIEVAL_QDRANT_API_KEY": server.key}
            settings["RETRIEVAL_QDRANT_GRPC_PORT"] = str(server.grpc_port)
        service = stack.enter_context(run_retrieval(Path(folder), **settings))
        yield stack.enter_context(httpx.Client(base_url=service.url, timeout=600))


def _measure_searches(http: httpx.Client, store: str, questions: Sequence[str], backend: str) -> list[list[object]]:
    def search(mode: str, number: int) -> None:
        body = {"query": questions[number % len(questions)], "search_mode": mode}
        http.post(f"/v1/vector_stores/{store}/search", json=body).raise_for_status()

    files = http.get(f"/v1/vector_stores/{store}/files", params={"limit": 100}).json()["data"]
    count = sum(file["chunk_count"] for file in files)
    return [
        [f"{backend}, {mode}, {clients} at a time", *_measure_calls(partial(search, mode), clients), count]
        for mode in ("vector", "keyword", "hybrid")
        for clients in CLIENTS
    ]


def _measure_ingestion(http: httpx.Client, texts: Sequence[str], progress: Progress) -> str:
    """Return the table of the bare encoder and of the pipeline on the same chunks."""
    from sentence_transformers import SentenceTransformer

    settings = RetrievalSettings()
    embedder = Embedder(settings.model, settings.embedding_dtype, settings.embedding_batch_size)
    documents = _join(texts)
    chunks = [each.in_context for text in documents for each in chunk(Document(text), AUTO, embedder)]
    embedder.close()
    rows: list[list[object]] = []
    for name in ("float32", "bfloat16"):
        progress.report(f"encoding {len(chunks)} chunks, {name}")
        bare = SentenceTransformer(settings.model, device="cpu")
        bare = bare.bfloat16() if name == "bfloat16" else bare
        bare.encode(chunks[:32], show_progress_bar=False)
        started = time.perf_counter()
        bare.encode(chunks, batch_size=32, show_progress_bar=False, convert_to_numpy=False)
        rows.append([f"SentenceTransformer.encode, {name}", len(chunks) / (time.perf_counter() - started)])
    fastest = max(float(str(row[1])) for row in rows)
    progress.report("the whole pipeline")
    _, seconds = _ingest(http, documents)
    rows.append(["Tandem, from attaching over HTTP until all are completed", len(chunks) / seconds])
    rows = [[*row, f"{float(str(row[1])) / fastest:.2f}"] for row in rows]
    return table(f"Ingesting {len(chunks)} chunks in {len(documents)} files", ["what", "chunks/s", "of the fastest"], rows)


def _join(texts: Sequence[str]) -> list[str]:
    """Return documents of twenty abstracts each."""
    return ["\n\n".join(texts[first : first + 20]) for first in range(0, len(texts), 20)]


def _ingest(http: httpx.Client, documents: Sequence[str]) -> tuple[str, float]:
    """Upload files and attach them in one batch; return the store, and the seconds from attaching until all are completed."""
    ids = []
    for number, text in enumerate(documents):
        response = http.post("/v1/files", files={"file": (f"{number}.txt", text.encode())}, data={"purpose": "assistants"})
        ids.append(response.raise_for_status().json()["id"])
    store: str = http.post("/v1/vector_stores", json={}).json()["id"]
    started = time.perf_counter()
    batch = http.post(f"/v1/vector_stores/{store}/file_batches", json={"file_ids": ids}).raise_for_status().json()
    while batch["status"] == "in_progress":
        time.sleep(0.1)
        batch = http.get(f"/v1/vector_stores/{store}/file_batches/{batch['id']}").json()
    return store, time.perf_counter() - started
