"""Every engine: one pool for each base model, and the tasks that watch the replicas' health while the service runs."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from services.generation.serving.engine import Engine
from services.generation.serving.pool import Limits, ReplicaPool, ServedModel
from services.generation.serving.replica import Replica
from shared.errors import Unavailable

UP, ASLEEP = "up", "asleep while a model is trained on its GPU"


class Fleet:
    """The pools of all base models; `pools` has them by the base model's name."""

    def __init__(self, pools: Sequence[ReplicaPool]) -> None:
        self.pools: Mapping[str, ReplicaPool] = {pool.base_model: pool for pool in pools}

    def open_models(self, timeout_seconds: float) -> dict[str, ServedModel]:
        """Return every base model, as a request without an adapter uses it."""
        return {name: ServedModel(pool, timeout_seconds) for name, pool in self.pools.items()}

    def replicas(self, base_model: str) -> list[Replica]:
        """Return the replicas of a base model, none if it is not served."""
        return self.pools[base_model].replicas if base_model in self.pools else []

    async def find_healthy(self, base_model: str) -> list[Replica]:
        """Return the healthy replicas of a base model, without those that sleep. An unhealthy one is checked first: it may have started."""
        pool = self.pools.get(base_model)
        if pool is None:
            return []
        await asyncio.gather(*(pool.check_health(replica) for replica in pool.replicas if replica.problem is not None))
        return [replica for replica in pool.replicas if replica.problem is None and not replica.is_resting]

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[None]:
        """Watch the health of every replica inside the `async with` block."""
        tasks = [asyncio.create_task(pool.watch(replica)) for pool, replica in self._all_replicas()]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def ping(self) -> None:
        """Check every replica now. Raises Unavailable if a base model has no healthy one."""
        await asyncio.gather(*(pool.check_health(replica) for pool, replica in self._all_replicas()))
        for pool in self.pools.values():
            problems = [replica.problem for replica in pool.replicas if replica.problem]
            if len(problems) == len(pool.replicas):
                raise Unavailable(" ".join(problems))

    def state(self) -> dict[str, dict[str, str]]:
        """Return the state of each engine, by base model and URL: `up`, or why it is passed over."""
        return {
            name: {one.engine.url: one.problem or (ASLEEP if one.is_resting else UP) for one in pool.replicas}
            for name, pool in self.pools.items()
        }

    async def close(self) -> None:
        """Close every connection."""
        await asyncio.gather(*(replica.engine.close() for _, replica in self._all_replicas()))

    def _all_replicas(self) -> list[tuple[ReplicaPool, Replica]]:
        return [(pool, replica) for pool in self.pools.values() for replica in pool.replicas]


def open_fleet(engine_urls: Mapping[str, Sequence[str]], setting: str, limits: Limits, timeout_seconds: float) -> Fleet:
    """Return the fleet for `engine_urls`, which has the URLs by base model. It must be called while an event loop runs.

    `setting` is what error messages name as the source of the URLs. `timeout_seconds` limits each wait for bytes of an engine's response.
    """
    is_single = sum(map(len, engine_urls.values())) == 1

    def open_engine(url: str) -> Engine:
        name = f"The engine ({setting})" if is_single else f"The engine {url} ({setting})"
        return Engine(name, url, timeout_seconds)

    return Fleet([ReplicaPool(base, [open_engine(url) for url in urls], limits) for base, urls in engine_urls.items()])
