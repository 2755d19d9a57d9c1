"""Has each engine sleep while a training needs its GPU, and wakes it as soon as none does.

Every front door does this for every engine, so it does not matter which of them dies: what counts is in the database. A front door
refuses requests as soon as it sees that an engine shall sleep. It waits until all others have seen it too, before it puts the engine to
sleep: a request that reached the engine after that would wait there until the training ends.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from services.generation.serving.fleet import Fleet
from services.generation.serving.pool import ReplicaPool
from services.generation.serving.replica import Replica
from services.generation.serving.sleep.requests import SleepRequests
from shared.errors import NotFound, TandemError
from shared.log import get_logger
from shared.records.database import Database

FIRST_SECONDS = 2.0  # that a front door that starts waits for its first look at the engines
NOTICED_CHECKS = 2  # of a front door, after which it has seen a request
REMEDY = "It must be started with VLLM_SERVER_DEV_MODE=1 and --enable-sleep-mode."
UNKNOWN = (
    "The engine {url} cannot sleep, because the front door does not have it. Set TRAINING_ENGINE_URL to the URL of the engine on the "
    "worker's GPU, as it is in GENERATION_ENGINE_URL or GENERATION_ENGINES."
)

log = get_logger(__name__)


class SleepingEngines:
    """The engines of a fleet, each looked after every `check_seconds`."""

    def __init__(self, fleet: Fleet, database: Database, check_seconds: float) -> None:
        self._fleet = fleet
        self._requests = SleepRequests(database)
        self._check_seconds = check_seconds

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look after the engines inside the `async with` block.

        It begins once all were looked at, so that no request reaches one that sleeps, or after a while, since one may not respond.
        """
        pairs = [(pool, replica, asyncio.Event()) for pool in self._fleet.pools.values() for replica in pool.replicas]
        tasks = [*(asyncio.create_task(self._look_after(*pair)) for pair in pairs), asyncio.create_task(self._watch_for_unknown())]
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(FIRST_SECONDS):
                    await asyncio.gather(*(has_looked.wait() for _, _, has_looked in pairs))
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def follow(self, pool: ReplicaPool, replica: Replica) -> None:
        """Have the engine sleep or wake, as the database says now.

        Raises:
            TandemError: if the engine or the database does not respond.
        """
        url = replica.engine.url
        age, is_asleep = await self._requests.find_age(url), await _is_asleep(replica)
        if age is None:
            await _wake(pool, replica, is_asleep)
        elif replica.can_sleep:
            pool.rest(replica)
            if is_asleep or (age >= NOTICED_CHECKS * self._check_seconds and await _put_to_sleep(replica)):
                await self._requests.report(url, None)
        if age is not None and not replica.can_sleep:
            await self._requests.report(url, f"The engine {url} cannot sleep. {REMEDY}")
            pool.resume(replica)

    async def refuse_unknown(self) -> None:
        """Tell the workers which engines cannot sleep, because the fleet does not have them.

        Raises:
            TandemError: if the database does not respond.
        """
        urls = [replica.engine.url for pool in self._fleet.pools.values() for replica in pool.replicas]
        for url in await self._requests.list_unknown(urls):
            log.warning("a training worker wants an engine to sleep that is not in the settings", url=url)
            await self._requests.report(url, UNKNOWN.format(url=url))

    async def _watch_for_unknown(self) -> None:
        while True:
            try:
                await self.refuse_unknown()
            except TandemError as error:
                log.debug("could not check for unknown engines", problem=error.message)
            except Exception:
                log.exception("could not check for unknown engines")
            await asyncio.sleep(self._check_seconds)

    async def _look_after(self, pool: ReplicaPool, replica: Replica, has_looked: asyncio.Event) -> None:
        while True:
            try:
                await self.follow(pool, replica)
            except TandemError as error:
                log.debug("could not check whether an engine should sleep", url=replica.engine.url, problem=error.message)
            except Exception:
                log.exception("could not check whether an engine should sleep", url=replica.engine.url)
            has_looked.set()
            await asyncio.sleep(self._check_seconds)


async def _wake(pool: ReplicaPool, replica: Replica, is_asleep: bool) -> None:
    """Wake the engine if it sleeps, whoever put it to sleep. The checks of its adapters are made again."""
    if is_asleep:
        await replica.engine.wake()
        log.info("engine was woken", url=replica.engine.url)
    if is_asleep or replica.is_resting:
        replica.forget_adapters()
        pool.resume(replica)


async def _put_to_sleep(replica: Replica) -> bool:
    """Put the engine to sleep; return whether it can."""
    try:
        await replica.engine.sleep()
    except TandemError as error:
        if error.status != 500:
            raise
        log.warning("engine cannot sleep", url=replica.engine.url, problem=error.message)
        replica.can_sleep = False
        await replica.engine.wake()  # it takes no requests after it has tried
        return False
    log.info("engine was put to sleep", url=replica.engine.url)
    return True


async def _is_asleep(replica: Replica) -> bool:
    """Return whether the engine sleeps. Without the endpoints for that, it is not asked again until it has restarted."""
    try:
        return replica.can_sleep and await replica.engine.is_asleep()
    except NotFound:
        replica.can_sleep = False
        return False
