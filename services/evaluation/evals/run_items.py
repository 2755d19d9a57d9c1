"""Evaluates the output items of a run, several at a time: each is asked about, if the run asks a model, and graded.

At any moment, the memory holds the items that are in work, which are fewer if they are large. An item whose model did not answer is
tried once more at the end, because an engine that was away may be back.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from services.evaluation.arms.answer import Failure
from services.evaluation.evals import byte_gate
from services.evaluation.evals.byte_gate import ByteGate
from services.evaluation.evals.grade_item import ERROR, grade_item
from services.evaluation.evals.item_store import OutputItems, StoredItem
from services.evaluation.evals.patience import ItemBreaker
from services.evaluation.evals.progress import ItemCounter
from services.evaluation.evals.sampling.ask import Asker
from shared.contracts.evals.runs import NamedCriterion
from shared.graders.outcome import GraderModels

Postpone = Callable[[int], None]


@dataclass(frozen=True)
class ItemRunner:
    """Evaluates items. Without an `asker`, the answers that they bring are graded."""

    items: OutputItems
    asker: Asker | None
    criteria: Sequence[NamedCriterion]
    models: GraderModels
    counter: ItemCounter
    breaker: ItemBreaker
    concurrency: int

    async def run(self, pending: Sequence[int], has_finished: bool) -> None:
        """Evaluate the items `pending`; `has_finished` says whether others were evaluated before.

        Raises:
            TandemError: if the model of the run cannot be called, or models keep failing.
            JobInterrupted: if the job must end.
        """
        lost: list[int] = []
        await self._run_all(pending, lost.append)
        await self._run_all(lost, None)
        self.breaker.check_end(has_finished)

    async def _run_all(self, numbers: Sequence[int], postpone: Postpone | None) -> None:
        shared, gate = iter(numbers), ByteGate(byte_gate.MAX_BYTES)
        await _run_in_parallel(self._work_through(shared, gate, postpone) for _ in range(min(self.concurrency, len(numbers))))

    async def _work_through(self, numbers: Iterator[int], gate: ByteGate, postpone: Postpone | None) -> None:
        """Evaluate items until none is left; several of these run at the same time and share `numbers` and `gate`."""
        for number in numbers:
            async with gate.enter(await asyncio.to_thread(self.items.measure, number)):
                await self._evaluate(number, postpone)

    async def _evaluate(self, number: int, postpone: Postpone | None) -> None:
        answered = await self._answer(await asyncio.to_thread(self.items.read, number), postpone)
        if answered is not None:
            await self._grade(answered, postpone)

    async def _answer(self, item: StoredItem, postpone: Postpone | None) -> StoredItem | None:
        """Return the item with its answer; None if there is none."""
        if self.asker is None or item.shape is not None:
            return item
        asked = await self.asker.ask(item.item)
        sample = asked.sample.model_dump(mode="json")
        if asked.shape is not None:
            await asyncio.to_thread(self.items.save_sample, item.number, sample, asked.shape)
            return replace(item, sample=sample, shape=asked.shape)
        if asked.failure is not None:
            await self._fail(item.number, asked.failure, partial(self.items.finish, item.number, ERROR, [], sample), postpone)
        return None

    async def _grade(self, item: StoredItem, postpone: Postpone | None) -> None:
        async def save(results: list[dict[str, Any]]) -> None:
            await asyncio.to_thread(self.items.save_results, item.number, results)

        graded = await grade_item(item, self.criteria, self.models, save)
        store = partial(self.items.finish, item.number, graded.status, graded.results)
        if graded.lost is None:
            await asyncio.to_thread(store)
            await asyncio.to_thread(self.counter.count)
            self.breaker.record_success()
        else:
            await save(graded.kept)
            await self._fail(item.number, Failure("infrastructure", graded.lost.code, graded.lost.message), store, postpone)

    async def _fail(self, number: int, failure: Failure, store: Callable[[], None], postpone: Postpone | None) -> None:
        """Store that an item failed, or postpone it if another try may help."""
        if postpone and failure.kind == "infrastructure":
            postpone(number)
        else:
            await asyncio.to_thread(store)
            await asyncio.to_thread(self.counter.count)
        self.breaker.record_failure(number, failure)


async def _run_in_parallel(coroutines: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all. The first failure cancels the others, and only it is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for coroutine in coroutines:
                group.create_task(coroutine)
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
