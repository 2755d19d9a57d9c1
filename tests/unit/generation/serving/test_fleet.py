import pytest

from services.generation.serving.fleet import Fleet, open_fleet
from services.generation.serving.pool import Limits
from shared.errors import Unavailable
from tests.unit.generation.serving.pools import TwoEngines, open_pool, until

pytestmark = pytest.mark.anyio


async def test_a_base_model_without_a_healthy_engine_is_unavailable_and_the_state_shows_each_engine(
    two_engines: TwoEngines, dead_url: str
) -> None:
    async with open_pool([two_engines.urls[0], dead_url]) as tiny, open_pool([dead_url], base_model="huge") as huge:
        fleet = Fleet([tiny, huge])
        with pytest.raises(Unavailable, match=dead_url):
            await fleet.ping()
        state = fleet.state()
    assert state["tiny"][two_engines.urls[0]] == "up"
    assert "cannot be reached" in state["tiny"][dead_url]
    assert "cannot be reached" in state["huge"][dead_url]


async def test_every_replica_is_watched(two_engines: TwoEngines) -> None:
    two_engines.engines[1].healthy = False
    async with open_pool(two_engines.urls) as pool, Fleet([pool]).watch():
        await until(lambda: pool.replicas[1].problem)
        two_engines.engines[1].healthy = True
        await until(lambda: pool.replicas[1].problem is None)


async def test_an_engine_is_named_by_its_url_only_if_there_are_several(dead_url: str) -> None:
    other = dead_url.replace("127.0.0.1", "localhost")
    for urls, name in (([dead_url], "The engine (SETTING)"), ([dead_url, other], f"The engine {dead_url} (SETTING)")):
        fleet = open_fleet({"tiny": urls}, "SETTING", Limits(1, 1, 1), 5)
        with pytest.raises(Unavailable) as raised:
            await fleet.ping()
        await fleet.close()
        assert name in raised.value.message


async def test_a_base_model_that_is_not_served_has_no_replicas() -> None:
    assert Fleet([]).replicas("tiny") == []


async def test_an_engine_that_has_become_healthy_is_found_before_its_next_check(two_engines: TwoEngines) -> None:
    two_engines.engines[1].healthy = False
    async with open_pool(two_engines.urls) as pool:
        fleet = Fleet([pool])
        await fleet.ping()
        assert await fleet.find_healthy("tiny") == [pool.replicas[0]]
        two_engines.engines[1].healthy = True
        assert await fleet.find_healthy("tiny") == pool.replicas
        assert await fleet.find_healthy("huge") == []
