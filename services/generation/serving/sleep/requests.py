"""The requests that an engine sleeps, as the training workers store them in the database."""

from collections.abc import Collection

from starlette.concurrency import run_in_threadpool

from shared.records.database import Database
from shared.records.engine_sleeps import find_age, list_unknown, report_sleep


class SleepRequests:
    """The requests for every engine. Each method raises DatabaseUnavailable if the database does not respond."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_age(self, url: str) -> float | None:
        """Return how long ago, in seconds, a worker requested that the engine sleeps; None if none needs it asleep now."""
        return await run_in_threadpool(self._find_age, url)

    async def report(self, url: str, problem: str | None) -> None:
        """Tell the workers that the engine sleeps, or, with a `problem`, that it cannot."""
        await run_in_threadpool(self._report, url, problem)

    async def list_unknown(self, urls: Collection[str]) -> list[str]:
        """Return the engines that a worker requested to sleep, and that are not at one of the `urls`."""
        return await run_in_threadpool(self._list_unknown, urls)

    def _find_age(self, url: str) -> float | None:
        with self._database.session() as session:
            return find_age(session, url)

    def _report(self, url: str, problem: str | None) -> None:
        with self._database.session() as session:
            report_sleep(session, url, problem)

    def _list_unknown(self, urls: Collection[str]) -> list[str]:
        with self._database.session() as session:
            return list_unknown(session, urls)
