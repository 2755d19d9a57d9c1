"""Delivers events: a loop in every front door that claims what is due in the outbox, posts it, and stores how that went.

Each endpoint is sent one delivery at a time, so one that hangs holds up only its own.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from starlette.concurrency import run_in_threadpool

from services.generation.jobs.webhooks.outbox import Delivery, Outbox
from services.generation.jobs.webhooks.post import PostFailed, WebhookPoster
from shared.errors import DatabaseUnavailable, TandemError
from shared.log import get_logger

MAX_SENDING = 32
DELETE_OLD_SECONDS = 3600.0
LEASE_KEPT = "how a webhook delivery went could not be stored; it is sent again when its lease expires"

log = get_logger(__name__)


class WebhookDeliveries:
    """The deliveries that this process sends. It looks for new ones every `check_seconds`."""

    def __init__(self, outbox: Outbox, poster: WebhookPoster, check_seconds: float) -> None:
        self._outbox = outbox
        self._poster = poster
        self._check_seconds = check_seconds
        self._tasks: dict[str, asyncio.Task[None]] = {}  # by endpoint
        self._wake = asyncio.Event()
        self._deleted_old_at = time.monotonic()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send deliveries inside the context. At its end, those in progress go back to the outbox."""
        loop = asyncio.create_task(self._run())
        try:
            yield
        finally:
            tasks = [loop, *self._tasks.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self._run_once()
            except TandemError as error:
                log.warning("the outbox of webhooks could not be read", problem=error.message)
            except Exception:
                log.exception("the outbox of webhooks could not be read")
            with suppress(TimeoutError):
                async with asyncio.timeout(self._check_seconds):
                    await self._wake.wait()

    async def _run_once(self) -> None:
        """Start to send as many deliveries as are due and there is room for."""
        room = MAX_SENDING - len(self._tasks)
        for delivery in await run_in_threadpool(self._outbox.claim, room, list(self._tasks)) if room > 0 else ():
            task = self._tasks[delivery.endpoint_id] = asyncio.create_task(self._deliver(delivery))
            task.add_done_callback(partial(self._task_done, delivery.endpoint_id))
        if time.monotonic() - self._deleted_old_at > DELETE_OLD_SECONDS:
            self._deleted_old_at = time.monotonic()
            await run_in_threadpool(self._outbox.delete_old)

    def _task_done(self, endpoint_id: str, _: asyncio.Task[None]) -> None:
        del self._tasks[endpoint_id]
        self._wake.set()

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            problem = await self._attempt(delivery)
            await run_in_threadpool(self._store, delivery, problem)
        except asyncio.CancelledError:
            await run_in_threadpool(self._outbox.requeue, delivery)
            raise
        except DatabaseUnavailable as error:
            log.warning(LEASE_KEPT, webhook_id=delivery.id, problem=error.message)
        except Exception:
            log.exception(LEASE_KEPT, webhook_id=delivery.id)

    async def _attempt(self, delivery: Delivery) -> str | None:
        """Post the delivery; return why the endpoint did not accept it, or None if it did."""
        try:
            status = await self._poster.post(delivery.url, delivery.secrets, delivery.id, delivery.event)
        except PostFailed as error:
            return str(error)
        return None if 200 <= status < 300 else f"The response had the status {status}, not 2xx."

    def _store(self, delivery: Delivery, problem: str | None) -> None:
        about = {"webhook_id": delivery.id, "endpoint": delivery.endpoint_id, "type": delivery.event["type"], "attempts": delivery.attempts}
        if problem is None:
            self._outbox.end(delivery)
            log.info("webhook delivered", **about)
        elif (delay := self._outbox.retry(delivery, problem)) is None:
            log.error("webhook given up", **about, problem=problem)
        else:
            log.warning("webhook not delivered; it is sent again", **about, problem=problem, in_seconds=round(delay, 1))
