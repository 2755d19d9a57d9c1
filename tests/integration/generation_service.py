"""The front door as a process of its own, for tests that kill it, flood it, or look at it from outside."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from tests.fakes import wait_until
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
READY_SECONDS = 30.0


@dataclass(frozen=True)
class FrontDoor:
    """A running front door: its process, its address, and the file that it logs to."""

    process: subprocess.Popen[str]
    url: str
    log: Path

    @property
    def cpu_seconds(self) -> float:
        """The processor time that the process has taken so far."""
        taken = psutil.Process(self.process.pid).cpu_times()
        return float(taken.user + taken.system)

    @property
    def memory(self) -> int:
        """Its resident memory in bytes."""
        return int(psutil.Process(self.process.pid).memory_info().rss)

    @property
    def connections(self) -> list[str]:
        """What it is connected with at the moment, clients and neighbours."""
        found = psutil.Process(self.process.pid).net_connections("tcp")
        return [f"{one.laddr} {one.raddr} {one.status}" for one in found if one.status != psutil.CONN_LISTEN]

    @property
    def requests_running(self) -> int:
        """Requests that it is answering, beside the one that asks this."""
        text = httpx.get(f"{self.url}/metrics").text
        return int(float(re.findall(r"^http_requests_running (\S+)$", text, re.MULTILINE)[0])) - 1


@contextmanager
def running(data: Path, engine_url: str, model: str = "tiny", before: str = "", **settings: str) -> Iterator[FrontDoor]:
    """Start a front door that keeps everything in `data`, and yield it once it answers; kill it at the end.

    `before` is Python that is run first in its process.
    """
    port = free_port()
    needed = {
        "TANDEM_DATA": str(data),
        "TANDEM_BASE_NAME": model,
        "TANDEM_BROKER_URL": f"redis://127.0.0.1:{free_port()}/0",
        "GENERATION_ENGINE_URL": engine_url,
        "GENERATION_PORT": str(port),
    }
    command = [sys.executable, "-c", f"{before}\nfrom services.generation.app import main\nmain()"]
    variables = {**os.environ, **needed, **settings}
    with (data / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=log, stderr=subprocess.STDOUT, text=True)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: process.poll() is not None or _is_live(url), READY_SECONDS)
        yield FrontDoor(process, url, data / "log")
    finally:
        process.kill()
        process.wait()


def _is_live(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/live").is_success
    except httpx.TransportError:
        return False
