"""The front door over an engine that takes no time: its own cost, and how much one core can handle.

Its process has its own core; the stub and the clients share another.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.generation.load import chat_request, repeat_request
from benchmarks.generation.measure import COLUMNS, compare
from benchmarks.generation.stub import MODEL, TOKENS
from benchmarks.processes import ROOT, ServiceProcess, free_port, responds, run_front_door, wait_until
from benchmarks.tables import Progress, table

PLAIN, STREAMED = 2000, 800  # requests in a round; a single client sends a tenth
PACED = 6  # requests of each client
KINDS: dict[str, dict[str, bool]] = {"plain": {}, "streamed": {"stream": True}, "paced": {"stream": True, "paced": True}}
TEXT = "Under which code name was the Tarnwick 6 developed? " * 4


def main(client_counts: Sequence[int], quick: bool = False) -> str:
    """Measure and return the table."""
    progress, rows = Progress(), list[list[object]]()
    with TemporaryDirectory() as folder, _run_stub() as engine_url, _run_on_own_core(Path(folder), engine_url) as front_door:
        for kind in KINDS:
            request = chat_request(MODEL, TEXT, **KINDS[kind])
            for clients in client_counts:
                progress.report(f"{clients} clients, {kind}")
                requests = repeat_request(request, _count_requests(kind, clients) // (10 if quick else 1) or 1)
                rows.append(compare(engine_url, front_door, requests, clients).row(f"{clients}, {kind}"))
    title = f"The front door on one core over a stub engine; a streamed answer has {TOKENS} tokens, 1 ms apart, a paced one 20 to 40 ms"
    return table(title, COLUMNS, rows)


def _count_requests(kind: str, clients: int) -> int:
    """Return the number of requests in a round."""
    if kind == "paced":
        return PACED * clients
    return (PLAIN if kind == "plain" else STREAMED) // (10 if clients == 1 else 1)


@contextmanager
def _run_stub() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.generation.stub", str(port)], cwd=ROOT)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: responds(url))
        yield url
    finally:
        process.kill()
        process.wait()


@contextmanager
def _run_on_own_core(folder: Path, engine_url: str) -> Iterator[ServiceProcess]:
    """Start the front door on the first core; while it is yielded, everything else is on the other cores, if there are any."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:1])
    try:
        with run_front_door(folder, engine_url, MODEL) as front_door:
            os.sched_setaffinity(0, cores[1:] or cores)
            yield front_door
    finally:
        os.sched_setaffinity(0, cores)
