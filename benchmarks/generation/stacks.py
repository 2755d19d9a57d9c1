"""The whole stack for a benchmark, on free ports, in a temporary folder."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil
from openai import OpenAI

from benchmarks.processes import ROOT, free_port
from deploy.local.running import RunningStack

MODELS = ROOT / ".tandem" / "models"
READY_SECONDS = 300
# Settings of the caller must not change what is measured.
NOT_INHERITED = ("TANDEM_", "RETRIEVAL_", "GENERATION_", "TRAINING_", "EVALUATION_", "VLLM_")
PORTS = ("GENERATION_PORT", "RETRIEVAL_PORT", "TANDEM_ENGINE_PORT", "TANDEM_BROKER_PORT")


@dataclass(frozen=True)
class Stack:
    """A running stack: its data folder, its environment, and a client for everything that is not measured."""

    data: Path
    environment: dict[str, str]
    client: OpenAI
    model: str

    @property
    def url(self) -> str:
        """The URL of the front door."""
        return f"http://127.0.0.1:{self.environment['GENERATION_PORT']}"

    @property
    def engine_url(self) -> str:
        """The URL of the engine."""
        return f"http://127.0.0.1:{self.environment['TANDEM_ENGINE_PORT']}"

    @property
    def cpu_seconds(self) -> float:
        """The processor time that the front door has used so far."""
        times = psutil.Process(int((self.data / "run" / "generation.pid").read_text())).cpu_times()
        return float(times.user + times.system)

    def engine_metric(self, name: str) -> float:
        """Return the sum of a metric of the engine over its labels."""
        text = httpx.get(f"{self.engine_url}/metrics", timeout=10).text
        return sum(float(value) for value in re.findall(rf"^{re.escape(name)}(?:{{.*}})? (\S+)$", text, re.MULTILINE))


@contextmanager
def run_stack(**settings: str) -> Iterator[Stack]:
    """Start a stack, yield it when it is ready, and stop it."""
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        (data / "models").symlink_to(MODELS)
        environment = _environment(data, settings)
        running = RunningStack(environment, data / "logs" / "stack.log")
        try:
            running.wait_ready(READY_SECONDS)
            url = f"http://127.0.0.1:{environment['GENERATION_PORT']}/v1"
            with OpenAI(base_url=url, api_key="none", timeout=300) as client:
                yield Stack(data, environment, client, next(iter(client.models.list())).id)
        finally:
            running.stop()


def _environment(data: Path, settings: dict[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(NOT_INHERITED)}
    return {**inherited, **{name: str(free_port()) for name in PORTS}, "TANDEM_DATA": str(data), **settings}
