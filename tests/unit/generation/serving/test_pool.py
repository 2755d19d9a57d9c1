"""The pool of replicas: which replica a request gets, which request waits or is refused, and what happens if an engine dies."""

import asyncio
import json

import pytest

from services.generation.http.reply import read_body
from services.generation.serving.pool import ServedModel, request_timeout
from shared.errors import DeadlineExceeded, NotFound, TooManyRequests, Unreachable
from tests.fake_engine import FakeEngine
from tests.unit.generation.serving.pools import CHAT, TwoEngines, chat_body, open_pool, paused, until, use_place

pytestmark = pytest.mark.anyio


def texts_sent(engine: FakeEngine) -> list[str]:
    return [json.loads(sent)["messages"][0]["content"] for sent in engine.bodies]


async def test_requests_go_to_the_least_busy_engine(two_engines: TwoEngines) -> None:
    async with open_pool(two_engines.urls) as pool:
        with paused(*two_engines.engines):
            tasks = [asyncio.create_task(pool.generate(CHAT, chat_body())) for _ in range(6)]
            await until(lambda: sum(engine.running for engine in two_engines.engines) == 6)
            assert [engine.running for engine in two_engines.engines] == [3, 3]
        for reply in await asyncio.gather(*tasks):
            await read_body(reply)


async def test_requests_over_the_limit_wait_in_order_and_those_over_the_next_limit_are_refused(two_engines: TwoEngines) -> None:
    [engine, _] = two_engines.engines
    async with open_pool(two_engines.urls[:1], max_running=1, max_waiting=3) as pool:
        with paused(engine):
            tasks = [asyncio.create_task(pool.generate(CHAT, chat_body(f"number {number}"))) for number in range(4)]
            await until(lambda: engine.running == 1)
            with pytest.raises(TooManyRequests, match="1 requests at a time, and 3 more are waiting") as refused:
                await pool.generate(CHAT, chat_body())
            assert 1 <= refused.value.retry_after <= 60
        for reply in await asyncio.gather(*tasks):
            await read_body(reply)
        await use_place(pool, "number 4")
    assert engine.max_running == 1
    assert texts_sent(engine) == ["number 0", "number 1", "number 2", "number 3", "number 4"]


async def test_a_waiting_request_gets_whichever_replica_is_free_first(two_engines: TwoEngines) -> None:
    slow, fast = two_engines.engines
    async with open_pool(two_engines.urls, max_running=1) as pool:
        with paused(slow):
            first = asyncio.create_task(pool.generate(CHAT, chat_body()))
            await until(lambda: slow.running == 1)
            for reply in await asyncio.gather(*(pool.generate(CHAT, chat_body()) for _ in range(3))):
                await read_body(reply)
            assert (len(slow.bodies), len(fast.bodies)) == (1, 3)
        await read_body(await first)


async def test_a_canceled_request_no_longer_counts_as_waiting(two_engines: TwoEngines) -> None:
    [engine, _] = two_engines.engines
    async with open_pool(two_engines.urls[:1], max_running=1, max_waiting=1) as pool:
        with paused(engine):
            first = asyncio.create_task(pool.generate(CHAT, chat_body("first")))
            await until(lambda: engine.running == 1)
            for _ in range(3):
                leaving = asyncio.create_task(pool.generate(CHAT, chat_body("never sent")))
                await asyncio.sleep(0)
                leaving.cancel()
                await asyncio.gather(leaving, return_exceptions=True)
            second = asyncio.create_task(pool.generate(CHAT, chat_body("second")))
            await asyncio.sleep(0)
        for reply in await asyncio.gather(first, second):
            await read_body(reply)
    assert texts_sent(engine) == ["first", "second"]


async def test_a_place_is_not_lost_if_the_request_that_gets_it_is_canceled_at_that_moment(two_engines: TwoEngines) -> None:
    async with open_pool(two_engines.urls[:1], max_running=1) as pool:
        held = await pool.generate(CHAT, chat_body(stream=True))
        waiting = asyncio.create_task(pool.generate(CHAT, chat_body()))
        await asyncio.sleep(0)
        await held.close()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await use_place(pool)


async def test_a_stream_holds_its_place_until_it_is_closed(two_engines: TwoEngines) -> None:
    async with open_pool(two_engines.urls[:1], max_running=1, max_waiting=0) as pool:
        held = await pool.generate(CHAT, chat_body(stream=True))
        with pytest.raises(TooManyRequests):
            await pool.generate(CHAT, chat_body())
        await read_body(held)
        await held.close()
        await read_body(await pool.generate(CHAT, chat_body()))


async def test_a_canceled_request_stops_in_the_engine_and_frees_its_place(two_engines: TwoEngines) -> None:
    [engine, _] = two_engines.engines
    async with open_pool(two_engines.urls[:1], max_running=1, max_waiting=0) as pool:
        with paused(engine):
            leaving = asyncio.create_task(pool.generate(CHAT, chat_body()))
            await until(lambda: engine.running == 1)
            leaving.cancel()
            await until(lambda: engine.running == 0)
        await read_body(await pool.generate(CHAT, chat_body()))


async def test_a_refusal_frees_its_place(two_engines: TwoEngines) -> None:
    async with open_pool(two_engines.urls[:1], max_running=1, max_waiting=0) as pool:
        for _ in range(3):
            with pytest.raises(NotFound, match="does not exist"):
                await pool.generate(CHAT, chat_body(model="other"))
        await read_body(await pool.generate(CHAT, chat_body()))


async def test_a_request_that_meets_a_dead_engine_goes_to_the_next_one(two_engines: TwoEngines) -> None:
    two_engines.stop(0)
    async with open_pool(two_engines.urls) as pool:
        for _ in range(4):
            await read_body(await pool.generate(CHAT, chat_body()))
            assert (await pool.count({"model": "tiny", "prompt": "one two"})).tokens == 2
    assert len(two_engines.engines[1].bodies) == 4


async def test_a_restarted_engine_is_used_again(two_engines: TwoEngines) -> None:
    two_engines.stop(0)
    async with open_pool(two_engines.urls) as pool:
        watching = asyncio.create_task(pool.watch(pool.replicas[0]))
        await until(lambda: pool.replicas[0].problem)
        await read_body(await pool.generate(CHAT, chat_body()))
        await asyncio.to_thread(two_engines.start, 0)
        await until(lambda: pool.replicas[0].problem is None)
        await read_body(await pool.generate(CHAT, chat_body()))
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    assert [len(engine.bodies) for engine in two_engines.engines] == [1, 1]


async def test_if_every_engine_is_dead_the_error_names_one_and_comes_immediately(two_engines: TwoEngines) -> None:
    for number in (0, 1):
        two_engines.stop(number)
    async with open_pool(two_engines.urls, max_running=1, max_waiting=0) as pool:
        for _ in range(2):
            with pytest.raises(Unreachable, match="The engine http"):
                await pool.generate(CHAT, chat_body())
        with pytest.raises(Unreachable):
            await pool.count({"model": "tiny", "prompt": "one"})
        await asyncio.to_thread(two_engines.start, 1)
        await use_place(pool)


async def test_the_timeout_covers_the_wait_for_a_replica(two_engines: TwoEngines) -> None:
    [engine, _] = two_engines.engines
    async with open_pool(two_engines.urls[:1], max_running=1) as pool:
        with paused(engine):
            first = asyncio.create_task(pool.generate(CHAT, chat_body()))
            await until(lambda: engine.running == 1)
            with pytest.raises(DeadlineExceeded, match=r"0\.05 s"):
                await ServedModel(pool, 0.05).generate(CHAT, chat_body("never sent"))
        await read_body(await first)
    assert len(engine.bodies) == 1


async def test_the_timeout_stops_the_generation(two_engines: TwoEngines, monkeypatch: pytest.MonkeyPatch) -> None:
    [engine, _] = two_engines.engines
    loop = asyncio.get_running_loop()
    async with open_pool(two_engines.urls[:1], max_running=1) as pool:
        with paused(engine):
            waiting = asyncio.create_task(ServedModel(pool, 4).generate(CHAT, chat_body()))
            await until(lambda: engine.running == 1)
            now = loop.time
            monkeypatch.setattr(loop, "time", lambda: now() + 4.5)
            with pytest.raises(DeadlineExceeded, match="4 s, the request's timeout"):
                await waiting
            await until(lambda: engine.running == 0)
        monkeypatch.undo()
        await use_place(pool)


async def test_an_unhealthy_engine_gets_no_requests(two_engines: TwoEngines) -> None:
    unhealthy, healthy = two_engines.engines
    unhealthy.healthy = False
    async with open_pool(two_engines.urls) as pool:
        await pool.check_health(pool.replicas[0])
        for _ in range(3):
            await read_body(await pool.generate(CHAT, chat_body()))
    assert (len(unhealthy.bodies), len(healthy.bodies)) == (0, 3)


def test_the_timeout_is_read_from_the_clients_headers() -> None:
    assert request_timeout({"x-stainless-read-timeout": "7.5"}, 600) == 7.5
    assert request_timeout({"x-stainless-timeout": "30"}, 600) == 30
    for value in ("600", "1e9", "-1", "0", "soon", "nan"):
        assert request_timeout({"x-stainless-read-timeout": value}, 60) == 60
    assert request_timeout({}, 600) == 600
