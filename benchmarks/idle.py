"""The memory that the two services use while idle, and for what.

python -m benchmarks.idle

Both run as separate processes, without an engine; the embedder is the default one. Memory is the proportional set size: pages that
processes share count once. The memory of libraries and weights in the process that runs the embedder is measured in another process.
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

from benchmarks.processes import ROOT, run_retrieval
from benchmarks.tables import Progress, table
from services.retrieval.settings import RetrievalSettings

QUIET_SECONDS = 5.0  # after readiness: memory that only starting needs is freed
LOAD_EMBEDDER = """
from services.retrieval.embedding.model_server import Encoder, EmbedTexts, LoadModel
from benchmarks.idle import memory
measured = [memory("self")]
import sentence_transformers
measured.append(memory("self"))
Encoder(LoadModel({model!r}, "auto", 32)).embed(EmbedTexts(["a question"], [3], None, True)).result()
print(*measured, memory("self"))
"""


def memory(pid: int | str) -> float:
    """Return the memory of a process in MiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def main() -> str:
    """Measure and return the table."""
    progress = Progress()
    progress.report("the services")
    own, reader, index, model, generation = _measure_services()
    progress.report("the embedder alone")
    before, imported, loaded = _measure_embedder()
    libraries, weights = imported - before, loaded - imported
    rows: list[list[object]] = [
        ["retrieval", own],
        ["the process that reads files", reader],
        ["the process of the index", index],
        ["the process that runs the embedder", model],
        ["- libraries (torch, transformers, sentence-transformers)", libraries],
        ["- weights and buffers", weights],
        ["generation", generation],
        ["total, without the embedder's process", own + reader + index + generation],
        ["total, without the embedder's weights", own + reader + index + generation + model - weights],
    ]
    return table("Idle services", ["what", "MiB"], rows)


def _measure_services() -> tuple[float, float, float, float, float]:
    with TemporaryDirectory() as folder, run_retrieval(Path(folder)) as retrieval, _run_generation(retrieval.url, folder) as generation:
        time.sleep(QUIET_SECONDS)
        children = {" ".join(child.cmdline()): memory(child.pid) for child in psutil.Process(retrieval.process.pid).children()}
        modules = ("forkserver", "edge_server", "model_server")
        reader, index, model = (sum(mib for name, mib in children.items() if module in name) for module in modules)
        return memory(retrieval.process.pid), reader, index, model, memory(generation.pid)


def _run_generation(url: str, folder: str) -> AbstractContextManager[subprocess.Popen[bytes]]:
    variables = {"TANDEM_DATA": folder, "GENERATION_PORT": "0", "GENERATION_RETRIEVAL_URL": url}
    command = [sys.executable, "-m", "services.generation.app"]
    return _until_exit(
        subprocess.Popen(command, cwd=ROOT, env={**os.environ, **variables}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    )


@contextmanager
def _until_exit(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _measure_embedder() -> list[float]:
    code = LOAD_EMBEDDER.format(model=RetrievalSettings().model)
    output = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [float(number) for number in output.splitlines()[-1].split()]


if __name__ == "__main__":
    print(main())
