"""How long `/health/live` waits while a service reads the worst bodies that it accepts or refuses.

python -m benchmarks.liveness

Both services run as separate processes, the front door without an engine. A second connection asks for `/health/live` again and again
while the body is sent and answered. The longest wait is what a client, a probe or another caller may notice.
"""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from benchmarks.processes import free_port, run_front_door, run_retrieval
from benchmarks.tables import Progress, table

MIB = 1024 * 1024
SECONDS = 300
PAUSE_SECONDS = 0.002
IDLE_SECONDS = 3.0
STORE = "/v1/vector_stores"
JSON = {"Content-Type": "application/json"}
TINY_CHUNKS = b"1\r\n \r\n" * 1_000_000 + b"0\r\n\r\n"  # as they are sent
Row = list[object]


def many(item: bytes, count: int) -> bytes:
    """Return a JSON list that has the item so many times."""
    return b"[" + b",".join([item] * count) + b"]"


def shared_bodies(field: bytes) -> dict[str, bytes]:
    """Return bodies for any route. `field` is one that it knows, a list."""
    return {
        "7.6 MB of short lists in an unknown field": b'{"zz":' + many(b"[1]", 1_900_000) + b"}",
        "0.8 MB of short lists in an unknown field": b'{"zz":' + many(b"[1]", 199_990) + b"}",
        "0.8 MB of short lists in a known field": b'{"' + field + b'":' + many(b"[1]", 199_990) + b"}",
        "60,000 unknown fields": b"{" + b",".join(b'"zz%d":1' % number for number in range(60_000)) + b"}",
        "10 MB of quotes and commas": b'{"zz":' + many(b'"a,b"', 399_990) + b',"y":"' + b'\\",' * 2_000_000 + b'"}',
        "1 million chunks of one byte": TINY_CHUNKS,
        "NUL after 390,000 strings": b'{"zz":' + many(b'"abcdef"', 390_000) + b',"y":"\\u0000"}',
    }


def retrieval_bodies(store: str, model: str) -> Iterator[tuple[str, str, bytes]]:
    """Yield names, paths and bodies for the retrieval service."""
    for name, body in shared_bodies(b"file_ids").items():
        yield name, STORE, body
    metadata = {"metadata": {str(number): number for number in range(50_000)}}
    yield "50,000 entries of metadata", STORE, json.dumps(metadata).encode()
    attributes = {str(number): "a" * 200 for number in range(16)}
    files = [{"file_id": f"file-{number}", "attributes": attributes} for number in range(2000)]
    yield "2,000 files with 16 attributes each", f"{store}/file_batches", json.dumps({"files": files}).encode()
    values = {"type": "in", "key": "a", "value": [str(number) for number in range(1000)]}
    compound = {"type": "and", "filters": [values] * 127}
    yield "a filter of 127,000 values", f"{store}/search", json.dumps({"query": "seal", "filters": compound}).encode()
    yield "32 queries of 10,000 characters", f"{store}/search", json.dumps({"query": ["orange seal valve " * 555] * 32}).encode()
    yield "a query of 9 MB", f"{store}/search", json.dumps({"query": "orange seal valve " * 500_000}).encode()
    tokens = [[29_000] * 146] * 2048
    yield "300,000 token ids, one unknown", "/v1/embeddings", json.dumps({"model": model, "input": [*tokens[:-1], [10**9]]}).encode()
    yield "9 MB as texts to embed", "/v1/embeddings", json.dumps({"model": model, "input": ["orange seal valve " * 250] * 2000}).encode()
    yield "a preview of 2 million characters", "/v1/chunks/preview", json.dumps({"text": "The seal is orange. " * 100_000}).encode()


def generation_bodies() -> Iterator[tuple[str, str, bytes]]:
    """Yield names, paths and bodies for the front door."""
    for name, body in shared_bodies(b"input").items():
        yield name, "/v1/responses", body
    yield "7.6 MB of short lists in a chat", "/v1/chat/completions", b'{"model":"m","messages":' + many(b"[1]", 1_900_000) + b"}"
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "QUJD" * (7 * MIB)}}
    chat = {"model": "no-such-model", "messages": [{"role": "user", "content": [image]}]}
    yield "a chat with an image of 28 MiB", "/v1/chat/completions", json.dumps(chat).encode()
    items = [{"role": "user", "content": "a"}] * 29_000
    yield "a response with 29,000 items", "/v1/responses", json.dumps({"model": "no-such-model", "input": items}).encode()
    grader = {"type": "string_check", "name": "g", "input": "a" * 99_000, "operation": "eq", "reference": "b"}
    yield "a comparison with 8 MB", "/v1/comparisons", json.dumps({"graders": [grader] * 80}).encode()


def call(url: str, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    """Send a request on a connection of its own; return the status and the body of the response."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=SECONDS)
    try:
        connection.request(method, path, body, {**JSON, "Transfer-Encoding": "chunked"} if body is TINY_CHUNKS else JSON)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


class Watch:
    """Asks for `/health/live` on one connection until it is stopped; `waits` are the seconds of each answer."""

    def __init__(self, url: str) -> None:
        self.waits: list[float] = []
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=SECONDS)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while not self._stopped.wait(PAUSE_SECONDS):
            started = time.perf_counter()
            self._connection.request("GET", "/health/live")
            self._connection.getresponse().read()
            self.waits.append(time.perf_counter() - started)


def measure(service: str, url: str, bodies: Iterator[tuple[str, str, bytes]], progress: Progress) -> Iterator[Row]:
    """Yield a row for an idle service, and one for each body."""
    with Watch(url) as watch:
        time.sleep(IDLE_SECONDS)
    yield [f"{service}: idle", 0.0, 0, IDLE_SECONDS, max(watch.waits) * 1000]
    for name, path, body in bodies:
        progress.report(f"{service}: {name}")
        started = time.perf_counter()
        with Watch(url) as watch:
            status, _ = call(url, "POST", path, body)
        yield [f"{service}: {name}", len(body) / 1e6, status, time.perf_counter() - started, max(watch.waits) * 1000]


def main() -> str:
    """Measure and return the table."""
    progress, rows = Progress(), list[Row]()
    with TemporaryDirectory() as folder, run_retrieval(Path(folder)) as service:
        made: Mapping[str, str] = json.loads(call(service.url, "POST", STORE, b"{}")[1])
        rows += measure("retrieval", service.url, retrieval_bodies(f"{STORE}/{made['id']}", made["embedding_model"]), progress)
    with TemporaryDirectory() as folder, run_front_door(Path(folder), f"http://127.0.0.1:{free_port()}", "tiny") as service:
        rows += measure("front door", service.url, generation_bodies(), progress)
    return table("The longest wait for /health/live", ["body", "MB", "status", "answered after s", "longest wait, ms"], rows)


if __name__ == "__main__":
    print(main())
