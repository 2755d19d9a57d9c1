import asyncio
from collections.abc import AsyncIterator

import pytest

from services.generation.serving.engine import Engine
from services.generation.serving.replica import Replica
from shared.errors import NotFound, Unavailable, Unreachable
from tests.fake_engine import FakeEngine

pytestmark = pytest.mark.anyio


@pytest.fixture
async def replica(engine_url: str) -> AsyncIterator[Replica]:
    client = Engine("The engine", engine_url, 5)
    yield Replica(client)
    await client.close()


class Check:
    """Waits until it may finish, and counts how often it ran."""

    def __init__(self, error: Exception | None = None) -> None:
        self.runs = 0
        self.may_finish = asyncio.Event()
        self.error = error

    async def __call__(self) -> str | None:
        self.runs += 1
        await self.may_finish.wait()
        if self.error:
            raise self.error
        return "broken"


async def test_concurrent_callers_share_one_check_and_its_result_is_kept(replica: Replica) -> None:
    check = Check()
    waiting = [asyncio.create_task(replica.check_adapter("one", check)) for _ in range(3)]
    await asyncio.sleep(0)
    check.may_finish.set()
    assert await asyncio.gather(*waiting) == ["broken"] * 3
    assert await replica.check_adapter("one", check) == "broken"
    assert check.runs == 1


@pytest.mark.parametrize("error", [NotFound("no such adapter"), PermissionError("the weights cannot be read")])
async def test_a_check_that_could_not_be_made_runs_again(replica: Replica, error: Exception) -> None:
    check = Check(error)
    check.may_finish.set()
    for _ in range(2):
        with pytest.raises(type(error)):
            await replica.check_adapter("one", check)
    assert check.runs == 2


async def test_a_check_is_forgotten_when_the_engine_no_longer_has_the_adapter(replica: Replica, engine: FakeEngine) -> None:
    engine.adapters = {"kept"}
    finished, running = Check(), Check()
    finished.may_finish.set()
    for name in ("kept", "lost"):
        await replica.check_adapter(name, finished)
    waiting = asyncio.create_task(replica.check_adapter("running", running))
    await asyncio.sleep(0)
    await replica.check_health()
    again = Check()
    again.may_finish.set()
    sharing = asyncio.create_task(replica.check_adapter("running", again))
    assert await replica.check_adapter("kept", again) == "broken"
    assert again.runs == 0
    await replica.check_adapter("lost", again)
    assert again.runs == 1
    running.may_finish.set()
    assert [await waiting, await sharing] == ["broken", "broken"]
    assert (running.runs, again.runs) == (1, 1)


async def test_an_engine_that_accepts_no_connection_is_unhealthy_and_loses_its_checks(replica: Replica) -> None:
    check = Check()
    check.may_finish.set()
    await replica.check_adapter("one", check)
    replica.report_failure(Unreachable("gone"))
    assert replica.problem == "gone"
    await replica.check_health()
    assert replica.problem is None
    await replica.check_adapter("one", check)
    assert check.runs == 2


async def test_a_broken_connection_makes_the_next_health_check_immediate(replica: Replica) -> None:
    replica.report_failure(Unavailable("broke off"))
    async with asyncio.timeout(5):
        await replica.wait_for_next_check(600)
    assert replica.problem is None


async def test_an_unhealthy_engine_says_why(replica: Replica, engine: FakeEngine) -> None:
    engine.healthy = False
    await replica.check_health()
    assert replica.problem is not None
    assert "/health" in replica.problem
