"""A replica: one engine, whether it is healthy, and which of its adapters were checked since it started."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from services.generation.serving.engine import Engine
from shared.errors import TandemError, Unavailable, Unreachable
from shared.log import get_logger

Check = Callable[[], Coroutine[Any, Any, str | None]]

log = get_logger(__name__)


class Replica:
    """An engine and its state. `problem` says why it is unhealthy; it is None if the engine is healthy.

    `is_resting` tells that it gets no requests because it sleeps, or is about to; `can_sleep` is False after it was seen that it cannot.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.problem: str | None = None
        self.is_resting = False
        self.can_sleep = True
        self._adapter_checks: dict[str, asyncio.Task[str | None]] = {}
        self._check_now = asyncio.Event()

    async def check_health(self) -> None:
        """Ask the engine whether it is healthy and which adapters it still has, and update the state."""
        try:
            await self.engine.ping()
            await self._invalidate_unloaded_adapters()
        except TandemError as error:
            self._mark_unhealthy(error)
            return
        if self.problem is not None:
            log.info("engine is healthy again", url=self.engine.url)
            self.problem = None

    async def wait_for_next_check(self, interval_seconds: float) -> None:
        """Return after the interval, or as soon as a request has failed here."""
        with suppress(TimeoutError):
            async with asyncio.timeout(interval_seconds):
                await self._check_now.wait()
        self._check_now.clear()

    def report_failure(self, error: Unavailable) -> None:
        """Record that a request failed here: check the engine's health now. An engine that accepts no connection is unhealthy."""
        if self.problem is None:
            self._check_now.set()
        if isinstance(error, Unreachable):
            self._mark_unhealthy(error)

    async def check_adapter(self, name: str, check: Check) -> str | None:
        """Return the result of `check`, which runs once until the engine restarts or unloads the adapter. Concurrent callers share it.

        Raises:
            Exception: whatever `check` raises; the next call then runs `check` again.
        """
        task = self._adapter_checks.get(name)
        if task is None:
            task = self._adapter_checks[name] = asyncio.create_task(check())
        try:
            return await asyncio.shield(task)
        except Exception:
            if self._adapter_checks.get(name) is task:
                del self._adapter_checks[name]
            raise

    def forget_adapters(self) -> None:
        """Have the adapters checked again, each at its next use."""
        self._adapter_checks.clear()

    async def _invalidate_unloaded_adapters(self) -> None:
        """Invalidate the checks of adapters that the engine no longer has, because it was restarted or has unloaded them."""
        finished = [name for name, task in self._adapter_checks.items() if task.done()]
        if not finished:
            return
        loaded = await self.engine.loaded_models()
        for name in finished:
            if name not in loaded:
                self._adapter_checks.pop(name, None)

    def _mark_unhealthy(self, error: TandemError) -> None:
        if self.problem is None:
            log.warning("engine is unhealthy", url=self.engine.url, problem=error.message)
        self.problem = error.message
        if isinstance(error, Unavailable):  # an engine that is only slow still has its adapters
            self.can_sleep = True  # it may be started again with other options
            self._adapter_checks.clear()
