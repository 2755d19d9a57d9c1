"""Collects every arm's answer to every question: several calls at a time, each answer stored as soon as it arrives.

The arms are interleaved question by question and take turns at going first, so that all of them meet the same load.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol, TypeVar

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.arms.build import Arm
from services.evaluation.asking.call_arm import ArmCaller, ChatModels
from services.evaluation.asking.progress import FIRST_PERCENT, AnswerCounter
from shared.contracts.comparisons import ComparisonSpec
from shared.datasets import Question
from shared.workers.job_context import JobContext

Call = tuple[int, Arm]
T = TypeVar("T")


@dataclass(frozen=True)
class CallLimits:
    """How many calls are in flight at the same time, and for how many seconds a call that fails for the moment is repeated."""

    concurrency: int
    retry_seconds: float


class Answers(Protocol):
    """Where answers are stored."""

    def read(self) -> list[ArmAnswer]:
        """Return the answers stored so far."""
        ...

    def add(self, answer: ArmAnswer) -> None:
        """Store a new answer."""
        ...

    def save_scores(self, answers: Sequence[ArmAnswer]) -> None:
        """Store the scores of answers that were stored before."""
        ...


async def collect_answers(
    questions: Sequence[Question],
    arms: Sequence[Arm],
    spec: ComparisonSpec,
    models: ChatModels,
    answers: Answers,
    context: JobContext,
    limits: CallLimits,
) -> list[ArmAnswer]:
    """Return every arm's answer to every question, ordered by question and arm. Answers that are stored already are not requested again.

    Raises:
        TandemError: if a call failed for good; the message names the arm and the question.
    """
    stored = _index(answers.read())
    missing = [(number, arm) for number, arm in _interleave(len(questions), arms) if (number, arm.name) not in stored]
    caller = ArmCaller(questions, spec, models, limits.retry_seconds)
    if missing:
        context.report_progress("warming up", FIRST_PERCENT)
        await _run_in_parallel(caller.warm_up(arm) for arm in arms)
    counter = AnswerCounter(context, total=len(questions) * len(arms), done=len(stored))
    calls = iter(missing)
    collected = await _run_in_parallel(_work_through(calls, caller, answers, counter) for _ in range(limits.concurrency))
    complete = stored | _index(chain.from_iterable(collected))
    return [complete[number, arm.name] for number in range(len(questions)) for arm in arms]


def _index(answers: Iterable[ArmAnswer]) -> dict[tuple[int, str], ArmAnswer]:
    return {(answer.question, answer.arm): answer for answer in answers}


def _interleave(questions: int, arms: Sequence[Arm]) -> Iterator[Call]:
    for number in range(questions):
        first = number % len(arms)
        yield from ((number, arm) for arm in (*arms[first:], *arms[:first]))


async def _work_through(calls: Iterator[Call], caller: ArmCaller, answers: Answers, counter: AnswerCounter) -> list[ArmAnswer]:
    """Make calls until none is left; several of these run at the same time and share `calls`."""
    collected = []
    for number, arm in calls:
        answer = await caller.ask(number, arm)
        await asyncio.to_thread(answers.add, answer)
        await asyncio.to_thread(counter.count)
        collected.append(answer)
    return collected


async def _run_in_parallel(coroutines: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Return all results. The first failure cancels the others, and only it is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(coroutine) for coroutine in coroutines]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]
