"""How much memory the two services take while nobody calls them, and what takes it.

python -m benchmarks.idle

Both run as processes of their own, without an engine; the embedder is the default one. Memory is what a process has resident, the pages of
libraries that others share included. What the embedder's libraries and its weights take is measured in a third process.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.tables import Steps, table
from tests.integration.retrieval_service import ROOT, Process, model_folder

QUIET_SECONDS = 5.0  # behind readiness: what was needed for starting alone is let go
LOADING = """
from pathlib import Path
from services.retrieval.embed import Embedder
from benchmarks.idle import memory
embedder, places = Embedder({model!r}, "auto", 32), [memory("self")]
import sentence_transformers
places.append(memory("self"))
embedder.embed_query("a question")
print(*places, memory("self"))
"""


def memory(pid: int | str) -> float:
    """Return the memory of a process in MiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Rss:")) / 1024


def main() -> str:
    """Measure and return the table."""
    steps = Steps()
    steps.say("the services")
    retrieval, generation = _services()
    steps.say("the embedder alone")
    before, imported, loaded = _embedder()
    libraries, weights = imported - before, loaded - imported
    rest = retrieval - libraries - weights
    rows: list[list[object]] = [
        ["retrieval, ready", retrieval],
        ["- libraries of the embedder (torch, transformers, sentence-transformers)", libraries],
        ["- its weights and what running it takes", weights],
        ["- everything else", rest],
        ["generation", generation],
        ["both, without the embedder's libraries and weights", rest + generation],
        ["both, without its weights", rest + generation + libraries],
    ]
    return table("Idle services", ["what", "MiB"], rows)


def _services() -> tuple[float, float]:
    with TemporaryDirectory() as folder:
        retrieval = Process(Path(folder))
        with _ended(retrieval.popen), _generation(retrieval.url, folder) as generation:
            retrieval.wait_until_ready()
            time.sleep(QUIET_SECONDS)
            return memory(retrieval.popen.pid), memory(generation.pid)


def _generation(url: str, folder: str) -> AbstractContextManager[subprocess.Popen[bytes]]:
    variables = {"TANDEM_DATA": folder, "GENERATION_PORT": "0", "GENERATION_RETRIEVAL_URL": url}
    command = [sys.executable, "-m", "services.generation.app"]
    return _ended(
        subprocess.Popen(command, cwd=ROOT, env={**os.environ, **variables}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    )


@contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _embedder() -> list[float]:
    code = LOADING.format(model=model_folder())
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [float(number) for number in said.splitlines()[-1].split()]


if __name__ == "__main__":
    print(main())
