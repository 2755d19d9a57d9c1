"""Items enter while they are small enough together; a large one waits until it is alone, and everyone gets a turn."""

import asyncio

import pytest

from services.evaluation.evals.byte_gate import ByteGate


async def run_all(gate: ByteGate, sizes: list[int]) -> list[list[int]]:
    """Enter with all sizes at the same time; return the sizes that were inside together at each entry."""
    inside, seen = list[int](), list[list[int]]()

    async def work(size: int) -> None:
        async with gate.enter(size):
            inside.append(size)
            seen.append(sorted(inside))
            await asyncio.sleep(0)
            inside.remove(size)

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        for size in sizes:
            group.create_task(work(size))
    return seen


def test_items_enter_together_if_they_are_small_enough() -> None:
    seen = asyncio.run(run_all(ByteGate(10), [4, 6, 5, 5, 0, 100, 3]))
    assert len(seen) == 7
    assert all(sum(each) <= 10 or each in ([100], [0, 100]) for each in seen)
    assert [4, 6] in seen


def test_an_item_that_fails_leaves_its_room_to_others() -> None:
    async def fail_and_enter() -> None:
        gate = ByteGate(10)
        with pytest.raises(ValueError, match="failed"):
            async with gate.enter(10):
                raise ValueError("failed")
        async with asyncio.timeout(30), gate.enter(10):
            pass

    asyncio.run(fail_and_enter())
