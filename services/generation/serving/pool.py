"""The replicas of one base model, the requests that wait for one of them, and the model as one request uses it.

A replica answers a limited number of requests at a time, and a limited number may wait for each. A waiting request gets whichever
healthy replica is free first. An unhealthy replica is passed over until it is healthy again. If none is healthy, all are tried: a
failed attempt is better than a refusal because of a slow health check. A replica that rests, because its GPU is needed for a training,
gets no requests.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from services.generation.http.reply import Reply
from services.generation.serving.adapters import ServedAdapter
from services.generation.serving.engine import Engine
from services.generation.serving.replica import Replica
from services.generation.serving.tokens import TokenCount
from shared.errors import DeadlineExceeded, EngineAsleep, TooManyRequests, Unavailable, Unreachable

MAX_RETRY_SECONDS = 60  # the longest `Retry-After` of a refused request
EMA_WEIGHT = 0.1  # of the newest request in the moving average of their durations
TIMEOUT_HEADERS = ("x-stainless-read-timeout", "x-stainless-timeout")  # of OpenAI's clients, in seconds

T = TypeVar("T")
Prepare = Callable[[Replica], Awaitable[None]]


@dataclass(frozen=True)
class Limits:
    """Of each replica: the requests it answers at a time, those that may wait for it, and the seconds between health checks."""

    max_running: int
    max_waiting: int
    check_seconds: float


class ReplicaPool:
    """The replicas of `base_model`. It must be created while an event loop runs."""

    def __init__(self, base_model: str, engines: list[Engine], limits: Limits) -> None:
        self.base_model = base_model
        self.replicas = [Replica(engine) for engine in engines]
        self._limits = limits
        self._running = dict.fromkeys(self.replicas, 0)
        self._waiting: deque[asyncio.Future[Replica]] = deque()
        self._mean_seconds = 1.0

    async def generate(self, path: str, body: bytes, prepare: Prepare | None = None) -> Reply:
        """Return a replica's response to `body`, after `prepare`; try the next replica if one accepts no connection.

        A stream keeps its place at the replica until it is closed. A plain response is complete, so its place is free.

        Raises:
            TooManyRequests: if too many requests are waiting.
            EngineAsleep: if every replica rests.
            Unreachable: if no replica accepts a connection.
            TandemError: as `Engine.generate` and `prepare` do.
        """
        tried: dict[Replica, Unreachable] = {}
        while True:
            replica = await self._acquire(tried)
            if replica in tried:
                self._release(replica)
                raise tried[replica]
            try:
                return await self._generate_at(replica, path, body, prepare)
            except Unreachable as error:
                tried[replica] = error

    async def count(self, fields: dict[str, Any]) -> TokenCount:
        """Count the tokens of a prompt (see `Engine.count`). This is fast, so it needs no place at a replica."""
        return await self._call_any(lambda engine: engine.count(fields))

    async def read(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens (see `Engine.read`)."""
        return await self._call_any(lambda engine: engine.read(self.base_model, tokens))

    async def control_tokens(self) -> frozenset[str]:
        """Return the tokenizer's control tokens (see `Engine.control_tokens`)."""
        return await self._call_any(lambda engine: engine.control_tokens())

    async def watch(self, replica: Replica) -> None:
        """Check the replica's health at intervals, and as soon as a request has failed there."""
        while True:
            await self.check_health(replica)
            await replica.wait_for_next_check(self._limits.check_seconds)

    async def check_health(self, replica: Replica) -> None:
        """Check the replica's health; if it is healthy, give its free places to waiting requests."""
        await replica.check_health()
        if replica.problem is None:
            self._serve_waiting()

    def rest(self, replica: Replica) -> None:
        """Give the replica no more requests until `resume`. If no other can take them, those that wait are refused."""
        replica.is_resting = True
        while self._waiting and self._is_asleep:
            place = self._waiting.popleft()
            if not place.done():
                place.set_exception(self._asleep())

    def resume(self, replica: Replica) -> None:
        """Give the replica requests again."""
        if replica.is_resting:
            replica.is_resting = False
            self._serve_waiting()

    @property
    def _is_asleep(self) -> bool:
        return all(replica.is_resting for replica in self.replicas)

    def _asleep(self) -> EngineAsleep:
        problem = f"'{self.base_model}' gives no answers at the moment, because a model is being trained on its GPU. Try again later."
        return EngineAsleep(problem, retry_after=MAX_RETRY_SECONDS)

    async def _generate_at(self, replica: Replica, path: str, body: bytes, prepare: Prepare | None) -> Reply:
        started = time.monotonic()
        is_stream = False
        try:
            if prepare:
                await prepare(replica)
            reply = await replica.engine.generate(path, body)
            is_stream = not isinstance(reply.body, bytes)
            return _on_close(reply, lambda: self._release(replica, started)) if is_stream else reply
        except Unavailable as error:
            replica.report_failure(error)
            raise
        finally:
            if not is_stream:
                self._release(replica, started)

    async def _call_any(self, call: Callable[[Engine], Awaitable[T]]) -> T:
        """Return the result of the first replica that accepts a connection."""
        for replica in sorted(self.replicas, key=self._rank):
            try:
                return await call(replica.engine)
            except Unreachable as error:
                replica.report_failure(error)
                last = error
        raise last

    async def _acquire(self, tried: Collection[Replica]) -> Replica:
        if self._is_asleep:
            raise self._asleep()
        replica = self._find_free(tried)
        if replica is None:
            return await self._wait_for_replica()
        self._running[replica] += 1
        return replica

    def _find_free(self, tried: Collection[Replica] = ()) -> Replica | None:
        awake = [replica for replica in self.replicas if not replica.is_resting]
        best = min(awake, key=lambda replica: (replica in tried, *self._rank(replica)), default=None)
        return best if best is not None and self._running[best] < self._limits.max_running else None

    def _rank(self, replica: Replica) -> tuple[bool, int]:
        return replica.problem is not None, self._running[replica]

    async def _wait_for_replica(self) -> Replica:
        if len(self._waiting) >= self._limits.max_waiting * self._num_usable():
            raise self._busy()
        place: asyncio.Future[Replica] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            return await place
        except asyncio.CancelledError:
            if not place.cancelled() and place.exception() is None:
                self._release(place.result())
            elif place in self._waiting:
                self._waiting.remove(place)
            raise

    def _serve_waiting(self) -> None:
        """Give free places to waiting requests, the oldest first."""
        while self._waiting and (replica := self._find_free()):
            place = self._waiting.popleft()
            if not place.done():
                self._running[replica] += 1
                place.set_result(replica)

    def _release(self, replica: Replica, started: float | None = None) -> None:
        self._running[replica] -= 1
        if started is not None:
            self._mean_seconds += EMA_WEIGHT * (time.monotonic() - started - self._mean_seconds)
        self._serve_waiting()

    def _busy(self) -> TooManyRequests:
        places, waiting = self._limits.max_running * self._num_usable(), len(self._waiting)
        seconds = math.ceil(self._mean_seconds * waiting / places)
        problem = f"'{self.base_model}' is busy: it answers {places} requests at a time, and {waiting} more are waiting. Try again later."
        return TooManyRequests(problem, retry_after=min(max(seconds, 1), MAX_RETRY_SECONDS))

    def _num_usable(self) -> int:
        awake = [replica for replica in self.replicas if not replica.is_resting]
        return sum(replica.problem is None for replica in awake) or len(awake) or len(self.replicas)


@dataclass(frozen=True)
class ServedModel:
    """A model as one request uses it: a base model, or an adapter of it.

    `timeout_seconds` limits the time until a response begins, waiting for a replica included.
    """

    pool: ReplicaPool
    timeout_seconds: float
    adapter: ServedAdapter | None = None

    async def generate(self, path: str, body: bytes) -> Reply:
        """Return the response to `body`: a plain one with its body read, a stream of events as it comes.

        Raises:
            InvalidRequest: if the adapter is out of service.
            DeadlineExceeded: if the response does not begin in time; the engine then stops.
            TandemError: as `ReplicaPool.generate` does.
        """
        try:
            async with asyncio.timeout(self.timeout_seconds):
                return await (self._generate_with(self.adapter, path, body) if self.adapter else self.pool.generate(path, body))
        except TimeoutError as error:
            raise DeadlineExceeded(f"The model did not respond within {self.timeout_seconds:g} s, the request's timeout.") from error

    async def _generate_with(self, adapter: ServedAdapter, path: str, body: bytes) -> Reply:
        await adapter.check_in_service(self.pool.replicas)
        adapter.acquire()
        is_stream = False
        try:
            reply = await self.pool.generate(path, body, adapter.prepare)
            is_stream = not isinstance(reply.body, bytes)
        finally:
            if not is_stream:
                adapter.release()
        return _on_close(reply, adapter.release) if is_stream else reply

    async def count(self, fields: dict[str, Any]) -> TokenCount:
        """Count the tokens of a prompt. An adapter has its base model's tokenizer and chat template."""
        return await self.pool.count({**fields, "model": self.pool.base_model})

    async def read(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens. An adapter has its base model's tokenizer."""
        return await self.pool.read(tokens)

    async def control_tokens(self) -> frozenset[str]:
        """Return the tokens that no document may form. An adapter has its base model's."""
        return await self.pool.control_tokens()


def request_timeout(headers: Mapping[str, str], max_seconds: float) -> float:
    """Return the seconds that the client waits for a response, according to its headers, but at most `max_seconds`."""
    for name in TIMEOUT_HEADERS:
        with suppress(KeyError, ValueError):
            seconds = float(headers[name])
            return min(seconds, max_seconds) if seconds > 0 else max_seconds
    return max_seconds


def _on_close(reply: Reply, callback: Callable[[], None]) -> Reply:
    """Return the reply, with `callback` called when it is closed for the first time."""
    is_open = True

    async def close() -> None:
        nonlocal is_open
        if is_open:
            is_open = False
            callback()
        await reply.close()

    return replace(reply, close=close)
