"""Engines sleep while a worker that holds a job needs their GPU, and wake whatever becomes of the worker."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import update

from services.generation.http.reply import read_body
from services.generation.serving.fleet import ASLEEP, UP, Fleet
from services.generation.serving.pool import ReplicaPool
from services.generation.serving.sleep.follow import SleepingEngines
from shared.errors import EngineAsleep
from shared.records import MIGRATIONS, jobs
from shared.records.database import Database
from shared.records.engine_sleeps import EngineSleep, SleepState, find_state, request_sleep, withdraw
from tests.migrated import open_migrated
from tests.unit.generation.serving.pools import CHAT, TwoEngines, chat_body, open_pool, paused, until, use_place
from tests.unit.shared.job_rows import expire, submit

pytestmark = pytest.mark.anyio


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_migrated(tmp_path / "jobs.db", MIGRATIONS)
    yield database
    database.close()


@pytest.fixture
def job_id(database: Database) -> str:
    job_id = submit(database)
    with database.session() as session:
        jobs.claim(session, job_id, "worker", 600)
    return job_id


def put_to_sleep(database: Database, url: str, job_id: str, seconds_ago: float = 600) -> None:
    """Request that the engine sleeps, as a worker does, some time ago."""
    with database.session() as session:
        request_sleep(session, url, job_id)
    with database.session() as session:
        session.execute(update(EngineSleep).values(requested_at=EngineSleep.requested_at - seconds_ago))


def state_of(database: Database, job_id: str) -> SleepState | None:
    with database.session() as session:
        return find_state(session, job_id)


@asynccontextmanager
async def open_sleepers(
    database: Database, urls: list[str], check_seconds: float = 2.0
) -> AsyncIterator[tuple[ReplicaPool, SleepingEngines]]:
    """Open a pool and what has its engines sleep, which a test runs step by step."""
    async with open_pool(urls) as pool:
        yield pool, SleepingEngines(Fleet([pool]), database, check_seconds)


async def test_an_engine_sleeps_while_a_job_needs_its_gpu_and_wakes_when_it_does_not(
    two_engines: TwoEngines, database: Database, job_id: str
) -> None:
    engine, url = two_engines.engines[0], two_engines.urls[0]
    engine.sleep_mode = "full"
    async with open_sleepers(database, [url]) as (pool, sleepers):
        put_to_sleep(database, url, job_id)
        await sleepers.follow(pool, pool.replicas[0])
        assert (engine.asleep, engine.calls) == (True, ["sleep level=1&mode=wait"])
        assert state_of(database, job_id) == SleepState(is_asleep=True, problem=None)
        with pytest.raises(EngineAsleep) as refused:
            await pool.generate(CHAT, chat_body())
        assert refused.value.retry_after == 60
        assert Fleet([pool]).state() == {"tiny": {url: ASLEEP}}
        with database.session() as session:
            withdraw(session, job_id)
        await sleepers.follow(pool, pool.replicas[0])
        assert (engine.asleep, engine.calls[1:]) == (False, ["wake_up"])
        await use_place(pool)
        assert Fleet([pool]).state() == {"tiny": {url: UP}}


async def test_the_engine_of_a_worker_that_died_is_woken(two_engines: TwoEngines, database: Database, job_id: str) -> None:
    engine, url = two_engines.engines[0], two_engines.urls[0]
    engine.sleep_mode = "full"
    async with open_sleepers(database, [url]) as (pool, sleepers):
        put_to_sleep(database, url, job_id)
        await sleepers.follow(pool, pool.replicas[0])
        assert engine.asleep
        expire(database, job_id)
        await sleepers.follow(pool, pool.replicas[0])
        assert not engine.asleep
        with database.session() as session:
            assert jobs.claim(session, job_id, "another worker", 600)
        await sleepers.follow(pool, pool.replicas[0])
        assert not engine.asleep


async def test_a_front_door_that_starts_wakes_an_engine_that_was_left_asleep(two_engines: TwoEngines, database: Database) -> None:
    engine, url = two_engines.engines[0], two_engines.urls[0]
    engine.sleep_mode, engine.asleep = "full", True
    async with open_sleepers(database, [url], check_seconds=0.02) as (_, sleepers), sleepers.running():
        await until(lambda: not engine.asleep)


async def test_a_front_door_that_starts_sends_no_request_to_an_engine_that_sleeps(
    two_engines: TwoEngines, database: Database, job_id: str
) -> None:
    engine, url = two_engines.engines[0], two_engines.urls[0]
    engine.sleep_mode, engine.asleep = "full", True
    put_to_sleep(database, url, job_id)
    async with open_sleepers(database, [url]) as (pool, sleepers), sleepers.running():
        with pytest.raises(EngineAsleep):
            await pool.generate(CHAT, chat_body())


async def test_requests_are_refused_before_the_engine_is_put_to_sleep(two_engines: TwoEngines, database: Database, job_id: str) -> None:
    engine, url = two_engines.engines[0], two_engines.urls[0]
    engine.sleep_mode = "full"
    async with open_sleepers(database, [url], check_seconds=60) as (pool, sleepers):
        put_to_sleep(database, url, job_id, seconds_ago=0)
        await sleepers.follow(pool, pool.replicas[0])
        with pytest.raises(EngineAsleep):
            await pool.generate(CHAT, chat_body())
        assert (engine.asleep, state_of(database, job_id)) == (False, SleepState(is_asleep=False, problem=None))


async def test_a_request_in_progress_is_answered_and_those_that_wait_are_refused(
    two_engines: TwoEngines, database: Database, job_id: str
) -> None:
    engine, url = two_engines.engines[0], two_engines.urls[0]
    engine.sleep_mode = "full"
    async with open_pool([url], max_running=1) as pool:
        sleepers = SleepingEngines(Fleet([pool]), database, 2.0)
        with paused(engine):
            running = asyncio.create_task(pool.generate(CHAT, chat_body()))
            await until(lambda: engine.running == 1)
            waiting = asyncio.create_task(pool.generate(CHAT, chat_body()))
            await asyncio.sleep(0)
            put_to_sleep(database, url, job_id)
            falling_asleep = asyncio.create_task(sleepers.follow(pool, pool.replicas[0]))
            with pytest.raises(EngineAsleep):
                await waiting
        await read_body(await running)
        await falling_asleep
        assert engine.asleep
        expire(database, job_id)
        await sleepers.follow(pool, pool.replicas[0])
        await use_place(pool)


async def test_an_engine_that_is_awake_answers_for_one_that_sleeps(two_engines: TwoEngines, database: Database, job_id: str) -> None:
    for engine in two_engines.engines:
        engine.sleep_mode = "full"
    async with open_sleepers(database, two_engines.urls) as (pool, sleepers):
        put_to_sleep(database, two_engines.urls[0], job_id)
        for replica in pool.replicas:
            await sleepers.follow(pool, replica)
        for _ in range(3):
            await use_place(pool)
        assert [len(engine.bodies) for engine in two_engines.engines] == [0, 3]
        assert [replica.engine.url for replica in await Fleet([pool]).find_healthy("tiny")] == two_engines.urls[1:]


@pytest.mark.parametrize("mode", ["none", "dev"])
async def test_an_engine_that_cannot_sleep_goes_on_answering(two_engines: TwoEngines, database: Database, job_id: str, mode: str) -> None:
    engine, url = two_engines.engines[0], two_engines.urls[0]
    engine.sleep_mode = mode
    async with open_sleepers(database, [url]) as (pool, sleepers):
        put_to_sleep(database, url, job_id)
        await sleepers.follow(pool, pool.replicas[0])
        state = state_of(database, job_id)
        assert state
        assert state.problem == f"The engine {url} cannot sleep. It must be started with VLLM_SERVER_DEV_MODE=1 and --enable-sleep-mode."
        await use_place(pool)
        assert not engine.asleep


async def test_a_worker_is_told_if_the_front_door_does_not_have_its_engine(
    two_engines: TwoEngines, database: Database, job_id: str
) -> None:
    async with open_sleepers(database, two_engines.urls[:1], check_seconds=0.02) as (_, sleepers), sleepers.running():
        put_to_sleep(database, two_engines.urls[1] + "/", job_id, seconds_ago=0)
        await until(lambda: has_outcome(database, job_id))
    state = state_of(database, job_id)
    assert state
    assert (state.problem or "").startswith(f"The engine {two_engines.urls[1]} cannot sleep, because the front door does not have it.")


def has_outcome(database: Database, job_id: str) -> bool:
    state = state_of(database, job_id)
    return state is not None and (state.is_asleep or state.problem is not None)


async def test_an_engine_sleeps_although_its_url_is_spelled_differently(two_engines: TwoEngines, database: Database, job_id: str) -> None:
    engine, url = two_engines.engines[0], two_engines.urls[0]
    engine.sleep_mode = "full"
    async with open_sleepers(database, [url]) as (pool, sleepers):
        put_to_sleep(database, url.replace("http://127.0.0.1", "HTTP://LocalHost") + "/", job_id)
        await sleepers.refuse_unknown()
        await sleepers.follow(pool, pool.replicas[0])
        assert (engine.asleep, state_of(database, job_id)) == (True, SleepState(is_asleep=True, problem=None))


async def test_adapters_are_checked_again_after_the_engine_has_slept(two_engines: TwoEngines, database: Database, job_id: str) -> None:
    engine, url = two_engines.engines[0], two_engines.urls[0]
    engine.sleep_mode = "full"
    checks = 0

    async def check() -> None:
        nonlocal checks
        checks += 1

    async with open_sleepers(database, [url]) as (pool, sleepers):
        replica = pool.replicas[0]
        for expected in (1, 1):
            await replica.check_adapter("ft:tiny", check)
            await sleepers.follow(pool, replica)
            assert checks == expected
        put_to_sleep(database, url, job_id)
        await sleepers.follow(pool, replica)
        engine.asleep = False  # another front door has woken it
        expire(database, job_id)
        await sleepers.follow(pool, replica)
        await replica.check_adapter("ft:tiny", check)
        assert checks == 2
