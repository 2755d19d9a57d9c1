"""Asks one arm one question, and measures how long the answer takes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from services.evaluation.arms.answer import ArmAnswer, Failure
from services.evaluation.arms.build import Arm
from services.evaluation.arms.request import build_request
from services.evaluation.asking.failures import EMPTY, describe_failure, is_fatal
from services.evaluation.asking.retries import Clock, call_with_retries
from shared.contracts.comparisons import ComparisonSpec
from shared.datasets import Question
from shared.errors import InvalidRequest, TandemError, TooLarge
from shared.workers.api_client import ChatCompletion

MAX_SALT_CHARS = 128  # vLLM's limit
NOT_IN_SALTS = re.compile(r"[^A-Za-z0-9_.:-]")
MAX_WARM_UPS = 3  # questions that are tried before an arm counts as broken
REFUSED = (InvalidRequest, TooLarge)


class ChatModels(Protocol):
    """The served models."""

    async def complete_chat(self, request: dict[str, Any]) -> ChatCompletion:
        """Return the answer to the body of a chat completion request."""
        ...


@dataclass(frozen=True)
class TimedCompletion:
    """A completion, and the seconds of the attempt that it came from."""

    completion: ChatCompletion
    seconds: float


class ArmCaller:
    """Calls arms with the questions of the comparison `job_id`."""

    def __init__(
        self,
        questions: Sequence[Question],
        spec: ComparisonSpec,
        models: ChatModels,
        patience_seconds: float,
        job_id: str,
        clock: Clock | None = None,
    ) -> None:
        self._questions = questions
        self._spec = spec
        self._models = models
        self._patience_seconds = patience_seconds
        self._job_id = job_id
        self._clock = clock or Clock()

    async def warm_up(self, arm: Arm, numbers: Sequence[int]) -> None:
        """Request one token that does not count, because the engine loads an adapter at the first request for it.

        If the question is refused, the next shortest of `numbers` are tried.

        Raises:
            TandemError: if the arm does not answer, or refuses the three shortest questions.
        """
        shortest = sorted(numbers, key=lambda number: len(self._questions[number].question))[:MAX_WARM_UPS]
        for attempt, number in enumerate(shortest, start=1):
            request = {**self._request(number, arm, "warm-up"), "max_tokens": 1}
            try:
                await self._call(request)
                return
            except TandemError as error:
                if not isinstance(error, REFUSED) or is_fatal(error) or attempt == MAX_WARM_UPS:
                    raise self._locate(error, number, arm) from error

    async def ask(self, number: int, arm: Arm, phase: str) -> ArmAnswer:
        """Return the arm's answer to question `number`, which counts from 0, or its failure.

        Raises:
            TandemError: if the error would hit every call; the message names the arm and the question.
        """
        started = self._clock.now()
        try:
            timed = await self._call(self._request(number, arm, phase))
        except TandemError as error:
            if is_fatal(error):
                raise self._locate(error, number, arm) from error
            return _fail(number, arm, self._clock.now() - started, describe_failure(error))
        return _read_answer(number, arm, self._clock.now() - started, timed)

    def _request(self, number: int, arm: Arm, phase: str) -> dict[str, Any]:
        salt = NOT_IN_SALTS.sub("-", f"{self._job_id}-{phase}")[:MAX_SALT_CHARS]
        return build_request(arm, self._questions[number], self._spec.max_tokens, self._spec.seed, salt)

    async def _call(self, request: dict[str, Any]) -> TimedCompletion:
        return await call_with_retries(partial(self._complete, request), self._patience_seconds, self._clock)

    async def _complete(self, request: dict[str, Any]) -> TimedCompletion:
        started = self._clock.now()
        completion = await self._models.complete_chat(request)
        return TimedCompletion(completion, self._clock.now() - started)

    def _locate(self, error: TandemError, number: int, arm: Arm) -> TandemError:
        """Return the error with its arm and question in the message."""
        place = f"Arm '{arm.name}' ({arm.model}), question {number + 1} of {len(self._questions)}"
        return type(error)(f"{place}: {error.message}", param=error.param, code=error.code)


def _read_answer(number: int, arm: Arm, seconds: float, timed: TimedCompletion) -> ArmAnswer:
    """Return the answer. Without documents, the whole attempt is the engine's work, but for the few milliseconds of the front door."""
    completion = timed.completion
    return ArmAnswer(
        question=number,
        arm=arm.name,
        text=completion.text,
        seconds=seconds,
        prompt_tokens=completion.prompt_tokens,
        completion_tokens=completion.completion_tokens,
        citations=completion.citations,
        failure=None if completion.text.strip() else EMPTY,
        finish_reason=completion.finish_reason,
        engine_seconds=completion.engine_seconds if arm.retrieval else timed.seconds,
        retrieved=completion.retrieved,
    )


def _fail(number: int, arm: Arm, seconds: float, failure: Failure) -> ArmAnswer:
    return ArmAnswer(number, arm.name, "", seconds, prompt_tokens=0, completion_tokens=0, citations=[], failure=failure)
