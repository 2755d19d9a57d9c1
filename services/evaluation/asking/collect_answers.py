"""Collects every arm's answers: phase by phase, several calls at a time, each answer stored as soon as it arrives.

Nothing that is stored is asked again. A call that fails becomes an answer with a failure, unless the failure would hit every call. If the
infrastructure failed, the call is made once more at the end of its phase, because an engine that was away may be back.
"""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.arms.build import Arm
from services.evaluation.asking.call_arm import ArmCaller, ChatModels
from services.evaluation.asking.circuit_breaker import CircuitBreaker
from services.evaluation.asking.phases import REPEAT, SINGLE, Call, Phase, plan_phases
from services.evaluation.asking.phases import CallLimits as CallLimits
from services.evaluation.asking.progress import AnswerCounter
from shared.contracts.comparisons import ComparisonSpec
from shared.datasets import Question
from shared.records.evaluation.answers import MAIN
from shared.workers.job_context import JobContext


class Answers(Protocol):
    """Where answers are stored, for each phase."""

    def read(self, phase: str = MAIN) -> list[ArmAnswer]:
        """Return the answers of a phase that are stored so far."""
        ...

    def add(self, answer: ArmAnswer, phase: str = MAIN) -> None:
        """Store a new answer. One that is stored already is kept."""
        ...

    def save_scores(self, answers: Iterable[ArmAnswer], phase: str = MAIN) -> None:
        """Store the scores and failures of answers that were stored before."""
        ...


@dataclass(frozen=True)
class Collected:
    """The answers of a comparison, by question and arm: those that the verdict rests on, and what was measured beside them.

    `single` were asked one at a time, `repeated` once more under load. `other_seeds` has those of each other adapter, by its name.
    """

    answers: list[ArmAnswer]
    single: list[ArmAnswer]
    repeated: list[ArmAnswer]
    other_seeds: dict[str, list[ArmAnswer]]


async def collect_answers(
    questions: Sequence[Question],
    arms: Sequence[Arm],
    spec: ComparisonSpec,
    models: ChatModels,
    answers: Answers,
    context: JobContext,
    limits: CallLimits,
    *,
    left_out: Collection[int] = (),
    other_models: Sequence[str] = (),
) -> Collected:
    """Return the arms' answers to every question but those in `left_out`. `other_models` are adapters of other seeds.

    Raises:
        TandemError: if an arm cannot be called, or calls keep failing.
        JobInterrupted: if the job must end.
    """
    numbers = [number for number in range(len(questions)) if number not in left_out]
    stored = {phase: await asyncio.to_thread(answers.read, phase) for phase in (MAIN, REPEAT, SINGLE, *other_models)}
    asked = {phase: {answer.question for answer in found} for phase, found in stored.items()}
    phases = plan_phases(numbers, arms, spec, limits, asked, other_models)
    missing = {phase.name: _list_missing(phase, stored[phase.name]) for phase in phases}
    total = sum(len(phase.calls) for phase in phases)
    counter = AnswerCounter(context, total, total - sum(map(len, missing.values())))
    caller = ArmCaller(questions, spec, models, limits.retry_seconds, context.job.id)
    collection = _Collection(numbers, caller, answers, counter, CircuitBreaker(len(numbers)))
    for phase in phases:
        await collection.run(phase, missing[phase.name])
    main, repeated, single, *seeds = [_sort(await asyncio.to_thread(answers.read, phase.name), numbers, arms) for phase in phases]
    return Collected(main, single, repeated, dict(zip(other_models, seeds, strict=True)))


@dataclass(frozen=True)
class _Collection:
    """Makes the calls of one phase after the other. `warm` has the models that have answered a request of each arm."""

    numbers: Sequence[int]
    caller: ArmCaller
    answers: Answers
    counter: AnswerCounter
    breaker: CircuitBreaker
    warm: set[tuple[str, str]] = field(default_factory=set)

    async def run(self, phase: Phase, missing: Sequence[Call]) -> None:
        """Make the calls of a phase that are missing."""
        cold = {(arm.name, arm.model): arm for _, arm in missing if (arm.name, arm.model) not in self.warm}
        if cold:
            self.counter.show("warming up")
            await _run_in_parallel(self.caller.warm_up(arm, self.numbers) for arm in cold.values())
            self.warm.update(cold)
        lost: list[Call] = []
        await self._make(missing, phase, lost.append)
        await self._make(lost, phase, None)

    async def _make(self, calls: Sequence[Call], phase: Phase, postpone: Callable[[Call], None] | None) -> None:
        """Make calls and store the answers. Those that the infrastructure failed go to `postpone`, if there is one, and are not stored."""
        shared = iter(calls)
        await _run_in_parallel(self._work_through(shared, phase, postpone) for _ in range(min(phase.concurrency, len(calls))))

    async def _work_through(self, calls: Iterator[Call], phase: Phase, postpone: Callable[[Call], None] | None) -> None:
        """Make calls until none is left; several of these run at the same time and share `calls`."""
        for number, arm in calls:
            answer = await self.caller.ask(number, arm, phase.name)
            is_lost = answer.failure is not None and answer.failure.kind == "infrastructure"
            if is_lost:
                await self.caller.warm_up(arm, self.numbers)  # ends the comparison if the arm does not answer anything
            if is_lost and postpone:
                postpone((number, arm))
            else:
                await asyncio.to_thread(self.answers.add, answer, phase.name)
                await asyncio.to_thread(self.counter.count, phase.stage)
            self.breaker.record(answer)


def _list_missing(phase: Phase, stored: Iterable[ArmAnswer]) -> list[Call]:
    keys = {(answer.question, answer.arm) for answer in stored}
    return [(number, arm) for number, arm in phase.calls if (number, arm.name) not in keys]


def _sort(answers: Iterable[ArmAnswer], numbers: Sequence[int], arms: Sequence[Arm]) -> list[ArmAnswer]:
    """Return the answers of these arms to these questions, by question and arm."""
    found = {(answer.question, answer.arm): answer for answer in answers}
    return [found[number, arm.name] for number in numbers for arm in arms if (number, arm.name) in found]


async def _run_in_parallel(coroutines: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all. The first failure cancels the others, and only it is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for coroutine in coroutines:
                group.create_task(coroutine)
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
