"""Asking every question of every arm, several at a time, and keeping each answer as it comes.

The arms are interleaved question by question, and take turns at being first, so that all of them meet the same load.
"""

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol, TypeVar

from services.evaluation.arms.build import Arm, write_request
from services.evaluation.asking.retry import patiently
from services.evaluation.front_door import Completion
from shared.contracts.comparisons import ComparisonSpec
from shared.datasets import Question
from shared.errors import TandemError
from shared.records.answers import Answer
from shared.workers.job_context import JobContext

FIRST_PERCENT, LAST_PERCENT = 2.0, 90.0
EVENTS = 10
Call = tuple[int, Arm]
T = TypeVar("T")


@dataclass(frozen=True)
class Pace:
    """How many calls are in flight at the same time, and how many seconds a refused one is tried again."""

    concurrency: int
    patience_seconds: float


class Answering(Protocol):
    """Whoever answers chat completion requests."""

    async def complete(self, body: dict[str, Any]) -> Completion:
        """Return the answer to one request."""
        ...


class Answers(Protocol):
    """Where answers are kept."""

    job_id: str

    def read(self) -> list[Answer]:
        """Return the answers kept so far."""
        ...

    def add(self, answer: Answer) -> None:
        """Keep a new answer."""
        ...

    def keep(self, answers: Sequence[Answer]) -> None:
        """Keep what changed in answers."""
        ...


async def ask(
    questions: Sequence[Question],
    arms: Sequence[Arm],
    spec: ComparisonSpec,
    answering: Answering,
    answers: Answers,
    context: JobContext,
    pace: Pace,
) -> list[Answer]:
    """Return every arm's answer to every question, ordered by question and arm; those kept before are not asked again.

    Raises:
        TandemError: a call failed for good; the message names the arm and the question.
    """
    kept = {(answer.question, answer.arm): answer for answer in answers.read()}
    asker = Asker(questions, spec, answering, answers, pace)
    todo = [(number, arm) for number, arm in _interleave(len(questions), arms) if (number, arm.name) not in kept]
    if todo:
        context.report_progress("warming up", FIRST_PERCENT)
        await _in_parallel([asker.warm_up(arm) for arm in arms])
    tally = Tally(context, total=len(questions) * len(arms), done=len(kept))
    waiting = iter(todo)
    given = await _in_parallel([_work_off(waiting, asker, tally) for _ in range(pace.concurrency)])
    kept |= {(answer.question, answer.arm): answer for answer in chain.from_iterable(given)}
    return [kept[number, arm.name] for number in range(len(questions)) for arm in arms]


def _interleave(questions: int, arms: Sequence[Arm]) -> Iterator[Call]:
    for number in range(questions):
        first = number % len(arms)
        yield from ((number, arm) for arm in (*arms[first:], *arms[:first]))


async def _work_off(waiting: Iterator[Call], asker: "Asker", tally: "Tally") -> list[Answer]:
    answers = []
    for number, arm in waiting:
        answers.append(await asker.ask(number, arm))
        await asyncio.to_thread(tally.count)
    return answers


async def _in_parallel(calls: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Return the results of all; the first failure cancels the others and is raised by itself."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(call) for call in calls]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]


class Asker:
    """Asks one question of one arm at a time, and keeps the answer."""

    def __init__(self, questions: Sequence[Question], spec: ComparisonSpec, answering: Answering, answers: Answers, pace: Pace) -> None:
        self._questions = questions
        self._spec = spec
        self._answering = answering
        self._answers = answers
        self._pace = pace

    async def warm_up(self, arm: Arm) -> None:
        """Ask the first question for one token, uncounted: the engine loads an adapter when it is first asked for."""
        await self._complete(0, arm, max_tokens=1)

    async def ask(self, number: int, arm: Arm) -> Answer:
        """Ask question `number` (from 0); return the answer once it is kept."""
        completion, seconds = await self._complete(number, arm, self._spec.max_tokens)
        answer = Answer(
            job_id=self._answers.job_id,
            question=number,
            arm=arm.name,
            text=completion.text,
            scores={},
            seconds=seconds,
            prompt_tokens=completion.prompt_tokens,
            completion_tokens=completion.completion_tokens,
            citations=completion.citations,
        )
        await asyncio.to_thread(self._answers.add, answer)
        return answer

    async def _complete(self, number: int, arm: Arm, max_tokens: int) -> tuple[Completion, float]:
        body = write_request(arm, self._questions[number].question, max_tokens, self._spec.seed)
        try:
            return await patiently(lambda: self._timed(body), self._pace.patience_seconds)
        except TandemError as error:
            where = f"Arm '{arm.name}' ({arm.model}), question {number + 1} of {len(self._questions)}"
            raise type(error)(f"{where}: {error.message}", param=error.param, code=error.code) from error

    async def _timed(self, body: dict[str, Any]) -> tuple[Completion, float]:
        started = time.perf_counter()
        completion = await self._answering.complete(body)
        return completion, time.perf_counter() - started


class Tally:
    """Counts answers and tells the job: its stage at every answer, an event at every tenth part."""

    def __init__(self, context: JobContext, total: int, done: int) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._total = total
        self._done = done

    def count(self) -> None:
        """Count one more answer; safe to call from several threads."""
        with self._lock:
            self._done += 1
            part = self._done / self._total
            self._context.report_progress(f"asking {self._done}/{self._total}", FIRST_PERCENT + part * (LAST_PERCENT - FIRST_PERCENT))
            if self._done * EVENTS // self._total > (self._done - 1) * EVENTS // self._total:
                self._context.add_event(f"Asked {self._done} of {self._total}.", data={"asked": self._done, "of": self._total})
