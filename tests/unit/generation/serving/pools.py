"""Pools over fake engines that the tests of this folder stop and start."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass

from services.generation.http.reply import read_body
from services.generation.serving.engine import Engine
from services.generation.serving.fleet import Fleet
from services.generation.serving.pool import Limits, ReplicaPool
from tests.fake_engine import FakeEngine
from tests.serving import DEADLINE, serving

CHAT = "/v1/chat/completions"


@dataclass
class TwoEngines:
    """Two engines that can be stopped and started again on the same port."""

    engines: list[FakeEngine]
    ports: list[int]
    running: list[ExitStack]

    @property
    def urls(self) -> list[str]:
        """The engines' URLs."""
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    def start(self, number: int) -> None:
        """Start an engine."""
        self.running[number].enter_context(serving(self.engines[number].app(), self.ports[number]))

    def stop(self, number: int) -> None:
        """Stop an engine."""
        self.running[number].close()


@asynccontextmanager
async def open_pool(
    urls: list[str], max_running: int = 8, max_waiting: int = 8, check_seconds: float = 0.02, base_model: str = "tiny"
) -> AsyncIterator[ReplicaPool]:
    """Open a pool, and close its connections at the end."""
    engines = [Engine(f"The engine {url}", url, 5) for url in urls]
    pool = ReplicaPool(base_model, engines, Limits(max_running, max_waiting, check_seconds))
    try:
        yield pool
    finally:
        await Fleet([pool]).close()


def chat_body(text: str = "one two", **fields: object) -> bytes:
    """Return the body of a chat call."""
    return json.dumps({"model": "tiny", "messages": [{"role": "user", "content": text}], **fields}).encode()


async def use_place(pool: ReplicaPool, text: str = "one two") -> None:
    """Make a call; fail if no replica has a free place for it."""
    async with asyncio.timeout(DEADLINE):
        await read_body(await pool.generate(CHAT, chat_body(text)))


async def until(condition: Callable[[], object]) -> None:
    """Return as soon as `condition` is true."""
    async with asyncio.timeout(DEADLINE):
        while not condition():
            await asyncio.sleep(0.005)


@contextmanager
def paused(*engines: FakeEngine) -> Iterator[None]:
    """Let the engines generate nothing inside the `with` block."""
    for engine in engines:
        engine.may_answer.clear()
    try:
        yield
    finally:
        for engine in engines:
            engine.may_answer.set()
