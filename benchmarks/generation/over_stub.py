"""The front door over an engine that takes no time: what it takes itself, and how much one core of it carries.

Its process has a core of its own; the stub and the callers share another.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from benchmarks.generation.load import chat, repeated
from benchmarks.generation.measure import HEAD, beside
from benchmarks.generation.stub import MODEL, TOKENS
from benchmarks.tables import Steps, table
from tests.serving import wait_until
from tests.integration.generation_service import ROOT, FrontDoor, running
from tests.ports import free_port

PLAIN, STREAMED = 2000, 800  # calls a round; a caller alone makes a tenth
PACED = 6  # calls of each caller
KINDS: dict[str, dict[str, bool]] = {"plain": {}, "streamed": {"stream": True}, "paced": {"stream": True, "paced": True}}
TEXT = "Under which code name was the Tarnwick 6 developed? " * 4


def main(callers: Sequence[int], quick: bool = False) -> str:
    """Measure and return the table."""
    steps, rows = Steps(), list[list[object]]()
    with TemporaryDirectory() as folder, _stub() as engine_url, _alone(Path(folder), engine_url) as door:
        for kind in KINDS:
            call = chat(MODEL, TEXT, **KINDS[kind])
            for number in callers:
                steps.say(f"{number} callers, {kind}")
                calls = repeated(call, _calls(kind, number) // (10 if quick else 1) or 1)
                rows.append(beside(engine_url, door, calls, number).row(f"{number}, {kind}"))
    title = f"The front door on one core over a stub engine; a streamed answer has {TOKENS} tokens, 1 ms apart, a paced one 20 to 40 ms"
    return table(title, HEAD, rows)


def _calls(kind: str, callers: int) -> int:
    """Return how many calls a round has."""
    if kind == "paced":
        return PACED * callers
    return (PLAIN if kind == "plain" else STREAMED) // (10 if callers == 1 else 1)


@contextmanager
def _stub() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.generation.stub", str(port)], cwd=ROOT)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: _answers(url))
        yield url
    finally:
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.TransportError:
        time.sleep(0.05)
        return False


@contextmanager
def _alone(folder: Path, engine_url: str) -> Iterator[FrontDoor]:
    """Start the front door on the first core; yield it with everything else on the others, where there are others."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:1])
    try:
        with running(folder, engine_url, MODEL) as door:
            os.sched_setaffinity(0, cores[1:] or cores)
            yield door
    finally:
        os.sched_setaffinity(0, cores)
