import threading
from collections.abc import Callable
from itertools import pairwise

import anyio
import pytest

from shared.validation.off_loop import INLINE_BYTES, LANES, run_off_loop

SECONDS = 30  # for what is certain to happen


def test_small_work_is_done_at_once_and_large_work_in_a_thread() -> None:
    async def run() -> list[int]:
        return [await run_off_loop(threading.get_ident, size) for size in (0, INLINE_BYTES, INLINE_BYTES + 1)]

    own = threading.get_ident()
    assert [each == own for each in anyio.run(run)] == [True, True, False]


def test_the_event_loop_goes_on_while_large_work_is_done() -> None:
    async def run() -> bool:
        gone_on, finished = threading.Event(), list[bool]()

        async def work() -> None:
            finished.append(await run_off_loop(lambda: gone_on.wait(SECONDS), INLINE_BYTES + 1))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(work)
            await anyio.lowlevel.checkpoint()
            gone_on.set()
        return finished == [True]

    assert anyio.run(run)


@pytest.mark.parametrize("size", [INLINE_BYTES + 1, *LANES, LANES[-1] + 1])
def test_large_work_of_about_the_same_size_is_done_one_at_a_time(size: int) -> None:
    running: list[int] = []
    counts: list[int] = []

    def work() -> None:
        running.append(1)
        counts.append(len(running))
        running.pop()

    async def run() -> None:
        async with anyio.create_task_group() as tasks:
            for _ in range(50):
                tasks.start_soon(run_off_loop, work, size)

    anyio.run(run)
    assert counts == [1] * 50


@pytest.mark.parametrize(("size", "larger"), list(pairwise([INLINE_BYTES + 1, *(each + 1 for each in LANES)])))
def test_work_does_not_wait_for_larger_work(size: int, larger: int) -> None:
    async def run() -> list[int]:
        finished = list[int]()
        smaller_is_done = threading.Event()

        async def work(size: int, function: Callable[[], object]) -> None:
            await run_off_loop(function, size)
            finished.append(size)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(work, larger, lambda: smaller_is_done.wait(SECONDS))
            await anyio.lowlevel.checkpoint()
            tasks.start_soon(work, size, smaller_is_done.set)
        return finished

    assert anyio.run(run) == [size, larger]


def test_an_error_of_the_work_is_raised() -> None:
    def fail() -> None:
        raise LookupError("wrong")

    for size in (0, INLINE_BYTES + 1):
        with pytest.raises(LookupError, match="wrong"):
            anyio.run(run_off_loop, fail, size)
