"""Asks one arm one question, and measures how long the answer takes."""

import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.arms.build import Arm
from services.evaluation.arms.request import build_request
from shared.contracts.comparisons import ComparisonSpec
from shared.datasets import Question
from shared.errors import TandemError
from shared.workers.api_client import ChatCompletion
from shared.workers.retry import retry


class ChatModels(Protocol):
    """The served models."""

    async def complete_chat(self, request: dict[str, Any]) -> ChatCompletion:
        """Return the answer to the body of a chat completion request."""
        ...


class ArmCaller:
    """Calls arms with the questions of one comparison."""

    def __init__(
        self,
        questions: Sequence[Question],
        spec: ComparisonSpec,
        models: ChatModels,
        retry_seconds: float,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._questions = questions
        self._spec = spec
        self._models = models
        self._retry_seconds = retry_seconds
        self._clock = clock

    async def warm_up(self, arm: Arm) -> None:
        """Request one token that does not count, because the engine loads an adapter at the first request for it."""
        await self._call(0, arm, max_tokens=1)

    async def ask(self, number: int, arm: Arm) -> ArmAnswer:
        """Return the arm's answer to question `number`, which counts from 0.

        Raises:
            TandemError: if the call failed for good; the message names the arm and the question.
        """
        completion, seconds = await self._call(number, arm, self._spec.max_tokens)
        return ArmAnswer(
            question=number,
            arm=arm.name,
            text=completion.text,
            seconds=seconds,
            prompt_tokens=completion.prompt_tokens,
            completion_tokens=completion.completion_tokens,
            citations=completion.citations,
        )

    async def _call(self, number: int, arm: Arm, max_tokens: int) -> tuple[ChatCompletion, float]:
        request = build_request(arm, self._questions[number].question, max_tokens, self._spec.seed)
        try:
            return await retry(lambda: self._complete(request), self._retry_seconds)
        except TandemError as error:
            place = f"Arm '{arm.name}' ({arm.model}), question {number + 1} of {len(self._questions)}"
            raise type(error)(f"{place}: {error.message}", param=error.param, code=error.code) from error

    async def _complete(self, request: dict[str, Any]) -> tuple[ChatCompletion, float]:
        started = self._clock()
        completion = await self._models.complete_chat(request)
        return completion, self._clock() - started
