"""Counts the examples of which nothing is learned, because their first answer begins after the most tokens that are trained."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from services.generation.jobs.feasibility.check_answers import ChatReader, count_chat
from shared.datasets.checks.example_sample import SampledExample
from shared.errors import TandemError

PARALLEL = 4


async def count_unlearned(examples: Sequence[SampledExample], counter: ChatReader, limit: int, seconds: float) -> int:
    """Return how many of the examples certainly have at least `limit` tokens before their first answer.

    An example is left out if the engine refuses to count its tokens, or has not counted them after `seconds` in all.
    """
    waiting, unlearned = iter(examples), 0

    async def count_waiting() -> None:
        nonlocal unlearned
        for example in waiting:
            if before := example.messages[: example.first_answer]:
                with suppress(TandemError, LookupError, TypeError, ValueError):
                    count = await count_chat(counter, example, before)
                    unlearned += count.tokens >= limit

    with suppress(TimeoutError):
        async with asyncio.timeout(seconds), asyncio.TaskGroup() as tasks:
            for _ in range(PARALLEL):
                tasks.create_task(count_waiting())
    return unlearned
