import threading

import anyio
import pytest

from shared.validation.off_loop import INLINE_BYTES, run_off_loop

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


def test_large_work_is_done_one_at_a_time() -> None:
    running: list[int] = []
    counts: list[int] = []

    def work() -> None:
        running.append(1)
        counts.append(len(running))
        running.pop()

    async def run() -> None:
        async with anyio.create_task_group() as tasks:
            for _ in range(50):
                tasks.start_soon(run_off_loop, work, INLINE_BYTES + 1)

    anyio.run(run)
    assert counts == [1] * 50


def test_an_error_of_the_work_is_raised() -> None:
    def fail() -> None:
        raise LookupError("wrong")

    for size in (0, INLINE_BYTES + 1):
        with pytest.raises(LookupError, match="wrong"):
            anyio.run(run_off_loop, fail, size)
