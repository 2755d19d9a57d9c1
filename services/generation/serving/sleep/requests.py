"""The requests that an engine sleeps, as the training workers store them in the database."""

from starlette.concurrency import run_in_threadpool

from shared.records.database import Database
from shared.records.engine_sleeps import find_age, report_sleep


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

    def _find_age(self, url: str) -> float | None:
        with self._database.session() as session:
            return find_age(session, url.rstrip("/"))

    def _report(self, url: str, problem: str | None) -> None:
        with self._database.session() as session:
            report_sleep(session, url.rstrip("/"), problem)
