"""How much memory the two services take while nobody calls them, and what takes it.

python -m benchmarks.idle

Both run as processes of their own, without an engine; the embedder is the default one. Memory is a process's proportional share: pages that
several have in common count once. What libraries and weights take in the process that runs the embedder is measured in one of its own.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from benchmarks.tables import Steps, table
from tests.integration.retrieval_service import ROOT, Process, model_folder

QUIET_SECONDS = 5.0  # behind readiness: what was needed for starting alone is let go
LOADING = """
from services.retrieval.embedding.model_server import Encoder, EmbedTexts, LoadModel
from benchmarks.idle import memory
places = [memory("self")]
import sentence_transformers
places.append(memory("self"))
Encoder(LoadModel({model!r}, "auto", 32)).embed(EmbedTexts(["a question"], [3], None, True)).result()
print(*places, memory("self"))
"""


def memory(pid: int | str) -> float:
    """Return the memory of a process in MiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def main() -> str:
    """Measure and return the table."""
    steps = Steps()
    steps.say("the services")
    own, reader, model, generation = _services()
    steps.say("the embedder alone")
    before, imported, loaded = _embedder()
    libraries, weights = imported - before, loaded - imported
    rows: list[list[object]] = [
        ["retrieval", own],
        ["the process that reads files", reader],
        ["the process that runs the embedder", model],
        ["- libraries (torch, transformers, sentence-transformers)", libraries],
        ["- weights, and what running them takes", weights],
        ["generation", generation],
        ["all, without the embedder's process", own + reader + generation],
        ["all, without the embedder's weights", own + reader + generation + model - weights],
    ]
    return table("Idle services", ["what", "MiB"], rows)


def _services() -> tuple[float, float, float, float]:
    with TemporaryDirectory() as folder:
        retrieval = Process(Path(folder))
        with _ended(retrieval.popen), _generation(retrieval.url, folder) as generation:
            retrieval.wait_until_ready()
            time.sleep(QUIET_SECONDS)
            beside = {" ".join(child.cmdline()): memory(child.pid) for child in psutil.Process(retrieval.popen.pid).children()}
            reader, model = (sum(mib for name, mib in beside.items() if part in name) for part in ("nursery", "encode"))
            return memory(retrieval.popen.pid), reader, model, memory(generation.pid)


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
