"""The front door as a process, for tests that kill it, overload it, or inspect it from outside."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.ports import free_port
from tests.serving import fetch, is_up, wait_until

ROOT = Path(__file__).parents[2]
READY_SECONDS = 120.0


@dataclass(frozen=True)
class FrontDoor:
    """A running front door: its process, its URL, and its log file."""

    process: subprocess.Popen[str]
    url: str
    log: Path

    @property
    def cpu_seconds(self) -> float:
        """The processor time that the process has used so far."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)

    @property
    def memory_bytes(self) -> int:
        """The resident memory of the process."""
        return int(psutil.Process(self.process.pid).memory_info().rss)

    @property
    def connections(self) -> list[str]:
        """Its open connections, with clients and with other services."""
        connections = psutil.Process(self.process.pid).net_connections("tcp")
        return [f"{one.laddr} {one.raddr} {one.status}" for one in connections if one.status != psutil.CONN_LISTEN]

    @property
    def num_requests_running(self) -> int:
        """The number of requests in progress, without the one that reads the metric."""
        _, text = fetch(f"{self.url}/metrics")
        return int(float(re.findall(rb"^http_requests_running (\S+)$", text, re.MULTILINE)[0])) - 1


@contextmanager
def running(data: Path, engine_url: str, model: str = "tiny", before: str = "", **settings: str) -> Iterator[FrontDoor]:
    """Start a front door that stores everything in `data`, yield it as soon as it responds, and kill it at the end.

    `before` is Python code that runs first in its process.
    """
    port = free_port()
    required = {
        "TANDEM_DATA": str(data),
        "TANDEM_BASE_NAME": model,
        "TANDEM_METRICS": "open",  # `num_requests_running` has no key
        "TANDEM_BROKER_URL": f"redis://127.0.0.1:{free_port()}/0",
        "GENERATION_ENGINE_URL": engine_url,
        "GENERATION_PORT": str(port),
    }
    command = [sys.executable, "-c", f"{before}\nfrom services.generation.app import main\nmain()"]
    variables = {**os.environ, **required, **settings}
    with (data / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=log, stderr=subprocess.STDOUT, text=True)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: process.poll() is not None or is_up(f"{url}/health/live"), READY_SECONDS)
        yield FrontDoor(process, url, data / "log")
    finally:
        process.kill()
        process.wait()
