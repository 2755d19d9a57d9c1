"""The services as separate processes, for benchmarks that measure them from outside."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from services.retrieval.settings import RetrievalSettings

ROOT = Path(__file__).parents[1]
READY_SECONDS = 120.0
POLL_SECONDS = 0.05
EXIT_SECONDS = 30


@dataclass(frozen=True)
class ServiceProcess:
    """A running service: its process and its URL."""

    process: subprocess.Popen[bytes]
    url: str

    @property
    def cpu_seconds(self) -> float:
        """The processor time that the process has used so far."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)


@contextmanager
def run_retrieval(folder: Path, **settings: str) -> Iterator[ServiceProcess]:
    """Start the retrieval service with the configured embedder, yield it when it is ready, and end it."""
    port = str(free_port())
    required = {"TANDEM_DATA": str(folder), "RETRIEVAL_PORT": port, "RETRIEVAL_EMBEDDING_MODEL": RetrievalSettings().model}
    environment = {**required, **settings}
    with _run("services.retrieval.app", folder / "retrieval.log", environment) as process:
        yield _wait_until_ready(process, f"http://127.0.0.1:{port}", "ready")


@contextmanager
def run_front_door(folder: Path, engine_url: str, model: str, **settings: str) -> Iterator[ServiceProcess]:
    """Start the front door of an engine, yield it when it responds, and end it."""
    port = str(free_port())
    required = {
        "TANDEM_DATA": str(folder),
        "TANDEM_BASE_NAME": model,
        "TANDEM_BROKER_URL": f"redis://127.0.0.1:{free_port()}/0",
        "GENERATION_ENGINE_URL": engine_url,
        "GENERATION_PORT": port,
    }
    with _run("services.generation.app", folder / "generation.log", {**required, **settings}) as process:
        yield _wait_until_ready(process, f"http://127.0.0.1:{port}", "live")


@contextmanager
def _run(module: str, log: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as file:
        command = [sys.executable, "-m", module]
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=file, stderr=file)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(EXIT_SECONDS)


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, check: str) -> ServiceProcess:
    wait_until(lambda: process.poll() is not None or responds(f"{url}/health/{check}"))
    if process.poll() is not None:
        raise RuntimeError(f"The service at {url} did not start: exit code {process.poll()}.")
    return ServiceProcess(process, url)


def responds(url: str) -> bool:
    """Return whether a GET request succeeds."""
    try:
        return httpx.get(url).is_success
    except httpx.TransportError:
        return False


def wait_until(condition: Callable[[], object], seconds: float = READY_SECONDS) -> None:
    """Return once the condition holds.

    Raises:
        TimeoutError: if it does not hold within so many seconds.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"The condition did not hold within {seconds:g} seconds.")
        time.sleep(POLL_SECONDS)


def free_port() -> int:
    """Return a port on loopback that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
