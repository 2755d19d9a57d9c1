"""The whole stack for a benchmark, as the end-to-end tests start it, in a folder that goes away."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from openai import OpenAI

from tests.e2e.stack import Stack


@dataclass(frozen=True)
class Running:
    """A running stack: the base model's name, and a client for everything that is not measured."""

    stack: Stack
    client: OpenAI
    model: str

    @property
    def url(self) -> str:
        """The front door's address."""
        return self.stack.base_url.removesuffix("/v1")

    @property
    def engine_url(self) -> str:
        """The engine's address."""
        return f"http://127.0.0.1:{self.stack.environment['TANDEM_ENGINE_PORT']}"

    @property
    def cpu_seconds(self) -> float:
        """The processor time that the front door has taken so far."""
        taken = psutil.Process(self.stack.pid("generation")).cpu_times()
        return float(taken.user + taken.system)


@contextmanager
def running(**settings: str) -> Iterator[Running]:
    """Start a stack, yield it when it is ready, and end it."""
    with TemporaryDirectory() as folder:
        stack = Stack(Path(folder) / "data", **settings)
        try:
            stack.wait_ready()
            with OpenAI(base_url=stack.base_url, api_key="none", timeout=300) as client:
                yield Running(stack, client, next(iter(client.models.list())).id)
        finally:
            stack.stop()
