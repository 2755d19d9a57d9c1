"""How fast retrieval is, side by side in one run.

python -m benchmarks.retrieval speed --data ../shared/data

1. Search alone: the index called for both lists and their fusion, without the question's embedding, by one and by eight callers, at several
   sizes, on both indexes. Vectors are random directions around 200 centres, words are drawn as they are drawn in language (Zipf).
2. Search end to end: over HTTP, the question's embedding included.
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

from benchmarks.retrieval.backends import BACKENDS, SPACE, TENANT, fill, opened
from benchmarks.retrieval.sets import load
from benchmarks.tables import Steps, table
from services.retrieval.chunk import AUTO, chunk
from services.retrieval.embedding.embedder import Embedder
from services.retrieval.embedding.vectors import Vectors
from services.retrieval.index import Index, Query, SparseVector
from services.retrieval.parse import Document
from services.retrieval.search.fuse import fuse
from services.retrieval.settings import RetrievalSettings
from shared.contracts.search import ConvexFusion
from tests.integration.qdrant import QdrantServer
from tests.integration.retrieval_service import Process

SIZES = (1_000, 20_000, 100_000)
CLIENTS = (1, 8)
SEARCHES = 400
WORDS, LENGTH, DIMENSION = 30_000, 80, 384
END_TO_END = 2_000
INGESTED = 1_200
DEPTH = 100


def main(data: Path, quick: bool = False) -> str:
    """Measure and return the tables; `quick` takes small sizes only."""
    steps = Steps()
    sizes = SIZES[:1] if quick else SIZES
    return "\n\n".join([_alone(sizes, steps), _over_http(data, 200 if quick else END_TO_END, 60 if quick else INGESTED, steps)])


def _alone(sizes: Sequence[int], steps: Steps) -> str:
    rows: list[list[object]] = []
    for size in sizes:
        vectors, keywords, queries = _synthetic(size)
        for backend in BACKENDS:
            steps.say(f"{size} chunks, {backend}")
            with opened(backend) as (index, process):
                before = process.memory_info().rss
                fill(index, [f"text {number}" for number in range(size)], vectors, keywords)
                used = (process.memory_info().rss - before) / 2**20
                search = _searching(index, queries)
                rows += [[f"{size}, {backend}, {clients} at a time", *_timed(search, clients), f"{used:.0f}"] for clients in CLIENTS]
    head = ["chunks, index, callers", "p50 ms", "p95 ms", "searches/s", "MiB more"]
    return table("Hybrid search without the question's embedding", head, rows)


def _searching(index: Index, queries: Sequence[Query]) -> Callable[[int], None]:
    def search(number: int) -> None:
        fuse(*index.search(SPACE, TENANT, queries[number % len(queries)], None, DEPTH), "hybrid", ConvexFusion(), DEPTH)

    return search


def _synthetic(size: int) -> tuple[Vectors, list[SparseVector], list[Query]]:
    """Return vectors and keywords of `size` chunks, and questions that are near some of them."""
    dice = np.random.default_rng(7)
    centres = dice.normal(size=(200, DIMENSION))
    vectors = (centres[dice.integers(200, size=size)] + 0.7 * dice.normal(size=(size, DIMENSION))).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    keywords = [_words(dice, LENGTH) for _ in range(size)]
    near = vectors[dice.integers(size, size=100)] + 0.02 * dice.normal(size=(100, DIMENSION))
    return vectors, keywords, [Query(vector.tolist(), _words(dice, 8)) for vector in near]


def _words(dice: np.random.Generator, length: int) -> SparseVector:
    terms = np.unique(dice.zipf(1.3, length) % WORDS)
    return SparseVector([int(term) for term in terms], [1.0] * len(terms))


def _timed(call: Callable[[int], Any], clients: int, calls: int = SEARCHES) -> tuple[float, float, float]:
    """Return p50 and p95 in ms and calls a second; the first calls do not count."""
    for number in range(20):
        call(number)
    seconds = [0.0] * calls
    numbers = iter(range(calls))
    turn = threading.Lock()

    def work() -> None:
        while True:
            with turn:
                number = next(numbers, None)
            if number is None:
                return
            began = time.perf_counter()
            call(number)
            seconds[number] = time.perf_counter() - began

    threads = [threading.Thread(target=work) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = time.perf_counter() - began
    ordered = sorted(seconds)
    return round(ordered[calls // 2] * 1000, 2), round(ordered[int(calls * 0.95)] * 1000, 2), round(calls / whole, 1)


def _over_http(data: Path, chunks: int, ingested: int, steps: Steps) -> str:
    abstracts = load(data, "scifact")
    texts, questions = list(abstracts.documents.values()), list(abstracts.questions.values())
    searches: list[list[object]] = []
    ingestion = ""
    for backend in BACKENDS:
        with _serving(backend) as http:
            if backend == "edge":
                ingestion = _ingestion(http, texts[:ingested], steps)
            steps.say(f"{chunks} chunks over HTTP, {backend}")
            store, _ = _ingest(http, _joined(texts[: int(chunks * 0.22)]))
            searches += _end_to_end(http, store, questions, backend)
    head = ["index, mode, clients", "p50 ms", "p95 ms", "searches/s", "chunks"]
    return "\n\n".join([table("Search over HTTP with the question's embedding", head, searches), ingestion])


@contextmanager
def _serving(backend: str) -> Iterator[httpx.Client]:
    """Yield a client of the service as a process of its own, with the index in it or beside it."""
    with TemporaryDirectory() as folder, ExitStack() as ends:
        further = {}
        if backend == "server":
            server = QdrantServer(Path(folder))
            server.start()
            ends.callback(server.stop)
            further = {"RETRIEVAL_QDRANT_URL": server.url, "RETRIEVAL_QDRANT_API_KEY": server.key}
            further["RETRIEVAL_QDRANT_GRPC_PORT"] = str(server.grpc_port)
        process = Process(Path(folder), further)
        ends.callback(process.popen.wait, 20)
        ends.callback(process.popen.terminate)
        process.wait_until_ready()
        yield ends.enter_context(httpx.Client(base_url=process.url, timeout=600))


def _end_to_end(http: httpx.Client, store: str, questions: Sequence[str], backend: str) -> list[list[object]]:
    def search(mode: str, number: int) -> None:
        body = {"query": questions[number % len(questions)], "search_mode": mode}
        http.post(f"/v1/vector_stores/{store}/search", json=body).raise_for_status()

    files = http.get(f"/v1/vector_stores/{store}/files", params={"limit": 100}).json()["data"]
    count = sum(file["chunk_count"] for file in files)
    return [
        [f"{backend}, {mode}, {clients} at a time", *_timed(partial(search, mode), clients), count]
        for mode in ("vector", "keyword", "hybrid")
        for clients in CLIENTS
    ]


def _ingestion(http: httpx.Client, texts: Sequence[str], steps: Steps) -> str:
    """Return the table of the bare encoder and the pipeline on the same chunks."""
    from sentence_transformers import SentenceTransformer

    settings = RetrievalSettings()
    embedder = Embedder(settings.model, settings.embedding_dtype, settings.embedding_batch_size)
    documents = _joined(texts)
    chunks = [each.in_context for text in documents for each in chunk(Document(text), AUTO, embedder)]
    embedder.close()
    rows: list[list[object]] = []
    for name in ("float32", "bfloat16"):
        steps.say(f"encoding {len(chunks)} chunks, {name}")
        bare = SentenceTransformer(settings.model, device="cpu")
        bare = bare.bfloat16() if name == "bfloat16" else bare
        bare.encode(chunks[:32], show_progress_bar=False)
        began = time.perf_counter()
        bare.encode(chunks, batch_size=32, show_progress_bar=False, convert_to_numpy=False)
        rows.append([f"SentenceTransformer.encode, {name}", len(chunks) / (time.perf_counter() - began)])
    fastest = max(float(str(row[1])) for row in rows)
    steps.say("the whole pipeline")
    _, seconds = _ingest(http, documents)
    rows.append(["attached over HTTP until all are completed", len(chunks) / seconds])
    rows = [[*row, f"{float(str(row[1])) / fastest:.2f}"] for row in rows]
    return table(f"Ingesting {len(chunks)} chunks in {len(documents)} files", ["what", "chunks/s", "of the fastest"], rows)


def _joined(texts: Sequence[str]) -> list[str]:
    """Return documents of twenty abstracts each."""
    return ["\n\n".join(texts[first : first + 20]) for first in range(0, len(texts), 20)]


def _ingest(http: httpx.Client, documents: Sequence[str]) -> tuple[str, float]:
    """Upload, attach in one batch, wait; return the store and the seconds from attaching until everything was completed."""
    ids = []
    for number, text in enumerate(documents):
        sent = http.post("/v1/files", files={"file": (f"{number}.txt", text.encode())}, data={"purpose": "assistants"})
        ids.append(sent.raise_for_status().json()["id"])
    store: str = http.post("/v1/vector_stores", json={}).json()["id"]
    began = time.perf_counter()
    batch = http.post(f"/v1/vector_stores/{store}/file_batches", json={"file_ids": ids}).raise_for_status().json()
    while batch["status"] == "in_progress":
        time.sleep(0.1)
        batch = http.get(f"/v1/vector_stores/{store}/file_batches/{batch['id']}").json()
    return store, time.perf_counter() - began
