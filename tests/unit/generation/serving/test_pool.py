"""The line before the engines: who is asked, who waits, who is refused, and what happens when an engine dies."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass

import pytest

from services.generation.http.relay import Reply
from services.generation.serving.engine import Engine
from services.generation.serving.fleet import Fleet
from services.generation.serving.pool import Limits, ReplicaPool
from services.generation.serving.served_model import ServedModel, request_timeout
from shared.errors import DeadlineExceeded, NotFound, TooManyRequests, Unavailable, Unreachable
from tests.fakes import DEADLINE, FakeEngine, serving
from tests.ports import free_port

CHAT = "/v1/chat/completions"


@dataclass
class Yard:
    """Two engines that can be stopped and started again where they were."""

    engines: list[FakeEngine]
    ports: list[int]
    running: list[ExitStack]

    @property
    def urls(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    def start(self, number: int) -> None:
        self.running[number].enter_context(serving(self.engines[number].app(), self.ports[number]))

    def stop(self, number: int) -> None:
        self.running[number].close()


@pytest.fixture
def yard() -> Iterator[Yard]:
    yard = Yard([FakeEngine(), FakeEngine()], [free_port(), free_port()], [ExitStack(), ExitStack()])
    with yard.running[0], yard.running[1]:
        for number in (0, 1):
            yard.start(number)
        yield yard


@asynccontextmanager
async def lined_up(urls: list[str], running: int = 8, waiting: int = 8, check_seconds: float = 0.02) -> AsyncIterator[ReplicaPool]:
    line = ReplicaPool("tiny", [Engine(f"The engine {url}", url, 5) for url in urls], Limits(running, waiting, check_seconds))
    fleet = Fleet([line])
    try:
        yield line
    finally:
        await fleet.close()


def body(text: str = "one two", **fields: object) -> bytes:
    return json.dumps({"model": "tiny", "messages": [{"role": "user", "content": text}], **fields}).encode()


def said(engine: FakeEngine) -> list[str]:
    return [json.loads(sent)["messages"][0]["content"] for sent in engine.bodies]


async def read(reply: Reply) -> bytes:
    try:
        return b"".join([chunk async for chunk in reply.chunks])
    finally:
        await reply.close()


async def reached(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(DEADLINE):
        while not holds():
            await asyncio.sleep(0.005)


@contextmanager
def at_rest(*engines: FakeEngine) -> Iterator[None]:
    """Let generations wait meanwhile."""
    for engine in engines:
        engine.go.clear()
    try:
        yield
    finally:
        for engine in engines:
            engine.go.set()


@pytest.mark.anyio
async def test_requests_go_to_the_least_busy_engine(yard: Yard) -> None:
    async with lined_up(yard.urls) as line:
        with at_rest(*yard.engines):
            asking = [asyncio.create_task(line.generate(CHAT, body())) for _ in range(6)]
            await reached(lambda: sum(engine.running for engine in yard.engines) == 6)
            assert [engine.running for engine in yard.engines] == [3, 3]
        for reply in await asyncio.gather(*asking):
            await read(reply)


@pytest.mark.anyio
async def test_so_many_run_so_many_wait_in_their_order_and_the_next_is_refused(yard: Yard) -> None:
    [engine, _] = yard.engines
    async with lined_up(yard.urls[:1], running=1, waiting=3) as line:
        with at_rest(engine):
            asking = [asyncio.create_task(line.generate(CHAT, body(f"number {number}"))) for number in range(4)]
            await reached(lambda: engine.running == 1)
            with pytest.raises(TooManyRequests, match="1 requests at a time and 3 wait") as refused:
                await line.generate(CHAT, body())
            assert 1 <= refused.value.retry_after <= 60
        for reply in await asyncio.gather(*asking):
            await read(reply)
    assert engine.most == 1
    assert said(engine) == ["number 0", "number 1", "number 2", "number 3"]
    assert line.replicas[0].running == 0


@pytest.mark.anyio
async def test_a_place_falls_to_who_waits_whichever_engine_it_is_at(yard: Yard) -> None:
    slow, fast = yard.engines
    async with lined_up(yard.urls, running=1) as line:
        with at_rest(slow):
            first = asyncio.create_task(line.generate(CHAT, body()))
            await reached(lambda: slow.running == 1)
            for reply in await asyncio.gather(*(line.generate(CHAT, body()) for _ in range(3))):
                await read(reply)
            assert (len(slow.bodies), len(fast.bodies)) == (1, 3)
        await read(await first)


@pytest.mark.anyio
async def test_who_leaves_while_waiting_gives_the_place_in_the_line_back(yard: Yard) -> None:
    [engine, _] = yard.engines
    async with lined_up(yard.urls[:1], running=1, waiting=1) as line:
        with at_rest(engine):
            first = asyncio.create_task(line.generate(CHAT, body("first")))
            await reached(lambda: engine.running == 1)
            for _ in range(3):
                leaving = asyncio.create_task(line.generate(CHAT, body("never sent")))
                await asyncio.sleep(0)
                leaving.cancel()
                await asyncio.gather(leaving, return_exceptions=True)
            second = asyncio.create_task(line.generate(CHAT, body("second")))
            await asyncio.sleep(0)
        for reply in await asyncio.gather(first, second):
            await read(reply)
    assert said(engine) == ["first", "second"]


@pytest.mark.anyio
async def test_a_place_given_to_one_that_leaves_at_that_moment_is_not_lost(yard: Yard) -> None:
    async with lined_up(yard.urls[:1], running=1) as line:
        held = await line.generate(CHAT, body(stream=True))
        waiting = asyncio.create_task(line.generate(CHAT, body()))
        await asyncio.sleep(0)
        await held.close()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert line.replicas[0].running == 0
        await read(await line.generate(CHAT, body()))


@pytest.mark.anyio
async def test_a_stream_holds_its_place_until_it_is_closed(yard: Yard) -> None:
    async with lined_up(yard.urls[:1], running=1, waiting=0) as line:
        held = await line.generate(CHAT, body(stream=True))
        with pytest.raises(TooManyRequests):
            await line.generate(CHAT, body())
        await read(held)
        await held.close()
        await read(await line.generate(CHAT, body()))


@pytest.mark.anyio
async def test_what_is_cancelled_stops_in_the_engine_and_frees_its_place(yard: Yard) -> None:
    [engine, _] = yard.engines
    async with lined_up(yard.urls[:1], running=1, waiting=0) as line:
        with at_rest(engine):
            leaving = asyncio.create_task(line.generate(CHAT, body()))
            await reached(lambda: engine.running == 1)
            leaving.cancel()
            await reached(lambda: engine.running == 0)
        await read(await line.generate(CHAT, body()))


@pytest.mark.anyio
async def test_a_refusal_frees_its_place(yard: Yard) -> None:
    async with lined_up(yard.urls[:1], running=1, waiting=0) as line:
        for _ in range(3):
            with pytest.raises(NotFound, match="does not exist"):
                await line.generate(CHAT, body(model="other"))
        await read(await line.generate(CHAT, body()))


@pytest.mark.anyio
async def test_a_dead_engine_is_passed_over_within_the_same_request(yard: Yard) -> None:
    yard.stop(0)
    async with lined_up(yard.urls) as line:
        for _ in range(4):
            await read(await line.generate(CHAT, body()))
            assert (await line.count({"model": "tiny", "prompt": "one two"})).tokens == 2
    assert len(yard.engines[1].bodies) == 4


@pytest.mark.anyio
async def test_an_engine_that_comes_back_is_used_again(yard: Yard) -> None:
    yard.stop(0)
    async with lined_up(yard.urls) as line:
        watching = asyncio.create_task(line.look_after(line.replicas[0]))
        await reached(lambda: line.replicas[0].problem)
        await read(await line.generate(CHAT, body()))
        await asyncio.to_thread(yard.start, 0)
        await reached(lambda: line.replicas[0].problem is None)
        await read(await line.generate(CHAT, body()))
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    assert [len(engine.bodies) for engine in yard.engines] == [1, 1]


@pytest.mark.anyio
async def test_an_ill_engine_gets_no_requests(yard: Yard) -> None:
    ill, well = yard.engines
    ill.healthy = False
    async with lined_up(yard.urls) as line:
        await line.look_at(line.replicas[0])
        for _ in range(3):
            await read(await line.generate(CHAT, body()))
    assert (len(ill.bodies), len(well.bodies)) == (0, 3)


@pytest.mark.anyio
async def test_what_was_seen_of_an_adapter_is_forgotten_when_the_engine_has_it_no_more(yard: Yard) -> None:
    async def see() -> None:
        return None

    yard.engines[0].adapters = {"kept"}
    async with lined_up(yard.urls[:1]) as line:
        [replica] = line.replicas
        going_on = asyncio.Event()
        replica.ready = {name: asyncio.create_task(see()) for name in ("kept", "lost")}
        replica.ready["being looked at"] = asyncio.create_task(seen_after(going_on))
        await asyncio.sleep(0)
        await line.look_at(replica)
        assert set(replica.ready) == {"kept", "being looked at"}
        going_on.set()
        await replica.ready["being looked at"]


async def seen_after(event: asyncio.Event) -> None:
    await event.wait()


@pytest.mark.anyio
async def test_where_every_engine_is_dead_the_error_names_one_and_comes_at_once(yard: Yard) -> None:
    for number in (0, 1):
        yard.stop(number)
    async with lined_up(yard.urls) as line:
        for _ in range(2):
            with pytest.raises(Unreachable, match="The engine http"):
                await line.generate(CHAT, body())
        with pytest.raises(Unreachable):
            await line.count({"model": "tiny", "prompt": "one"})
        assert [replica.running for replica in line.replicas] == [0, 0]
        await asyncio.to_thread(yard.start, 1)
        await read(await line.generate(CHAT, body()))


@pytest.mark.anyio
async def test_a_base_model_without_a_healthy_engine_is_said_and_the_others_are_told_apart(yard: Yard) -> None:
    dead = f"http://127.0.0.1:{free_port()}"
    async with lined_up([yard.urls[0], dead]) as line, lined_up([dead]) as other:
        other.base = "huge"
        fleet = Fleet([line, other])
        with pytest.raises(Unavailable, match=dead):
            await fleet.ping()
        state = fleet.state()
    assert state["tiny"][yard.urls[0]] == "up"
    assert "cannot be reached" in state["tiny"][dead]
    assert "cannot be reached" in state["huge"][dead]


@pytest.mark.anyio
async def test_a_deadline_covers_the_wait_in_the_line(yard: Yard) -> None:
    [engine, _] = yard.engines
    async with lined_up(yard.urls[:1], running=1) as line:
        with at_rest(engine):
            first = asyncio.create_task(line.generate(CHAT, body()))
            await reached(lambda: engine.running == 1)
            with pytest.raises(DeadlineExceeded, match=r"0\.05 s"):
                await ServedModel(line, 0.05).generate(CHAT, body("never sent"))
        await read(await first)
    assert len(engine.bodies) == 1


@pytest.mark.anyio
async def test_a_deadline_stops_the_generation(yard: Yard) -> None:
    [engine, _] = yard.engines
    async with lined_up(yard.urls[:1]) as line:
        with at_rest(engine), pytest.raises(DeadlineExceeded):
            await ServedModel(line, 0.2).generate(CHAT, body())
        await reached(lambda: engine.running == 0)
    assert engine.started.is_set()


def test_how_long_a_caller_waits_is_read_from_its_headers() -> None:
    assert request_timeout({"x-stainless-read-timeout": "7.5"}, 600) == 7.5
    assert request_timeout({"x-stainless-timeout": "30"}, 600) == 30
    for told in ("600", "1e9", "-1", "0", "soon", "nan"):
        assert request_timeout({"x-stainless-read-timeout": told}, 60) == 60
    assert request_timeout({}, 600) == 600
