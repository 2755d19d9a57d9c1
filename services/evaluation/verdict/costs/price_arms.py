"""What each arm costs: a question in tokens or money, and what was paid once for training and indexing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.arms.build import Arm
from shared.contracts.comparisons import Prices

SECONDS_PER_HOUR = 3600
TOKENS_PER_UNIT = 1_000_000


@dataclass(frozen=True)
class ArmCost:
    """What an arm costs, in money if there is a price sheet, otherwise in tokens.

    `prompt_tokens`, `completion_tokens` and `engine_seconds` are means over the answers. `marginal` is the cost of one more question,
    `fixed` what was paid once, and `cost` that of a question with its share of `fixed`.
    """

    arm: str
    prompt_tokens: float
    completion_tokens: float
    engine_seconds: float | None
    marginal: float = 0.0
    fixed: float = 0.0
    expected_questions: int = 1

    @property
    def cost(self) -> float:
        """The cost of a question, with its share of what was paid once."""
        return self.marginal + self.fixed / self.expected_questions

    def per_correct(self, correct_share: float) -> float | None:
        """Return the cost of a correct answer, given the share of correct ones; None if none is correct."""
        return self.cost / correct_share if correct_share > 0 else None


def price_arms(
    prices: Prices | None,
    arms: Sequence[Arm],
    answers: Sequence[ArmAnswer],
    single: Sequence[ArmAnswer] = (),
    training_seconds: float | None = None,
    indexing_seconds: Mapping[str, float] | None = None,
) -> list[ArmCost]:
    """Return the cost of each arm, in the order of `arms`. Calls that failed before the engine worked on them do not count.

    With `engine_hour`, an answer costs the engine's seconds, as measured one question at a time (`single`), because under load an engine
    works on several answers at the same time. That is the upper limit of what a busy engine needs. If the seconds of an arm are unknown,
    all arms are priced by their tokens, so that they stay comparable. A fine-tuned model bears the cost of training, documents that of
    indexing (`indexing_seconds`, by arm); other adapters are taken to have cost as much, and unknown seconds of training or indexing
    cost nothing.
    """
    work = [_measure_work(arm, answers, single) for arm in arms]
    if prices is None:
        return [replace(each, marginal=each.prompt_tokens + each.completion_tokens) for each in work]
    is_by_seconds = prices.engine_hour is not None and not lacks_seconds(work)
    training, indexing = training_seconds or 0.0, indexing_seconds or {}
    return [
        replace(
            each,
            marginal=_price_seconds(prices, each) if is_by_seconds else _price_tokens(prices, each),
            fixed=_price_once(prices, training if arm.is_fine_tuned else 0.0, indexing.get(arm.name, 0.0)),
            expected_questions=prices.expected_questions,
        )
        for arm, each in zip(arms, work, strict=True)
    ]


def lacks_seconds(costs: Sequence[ArmCost]) -> bool:
    """Return whether the engine's seconds are unknown for an arm that it worked for."""
    return any(each.engine_seconds is None and each.prompt_tokens for each in costs)


def _measure_work(arm: Arm, answers: Sequence[ArmAnswer], single: Sequence[ArmAnswer]) -> ArmCost:
    """Return the means of an arm's tokens and engine seconds, not yet priced."""
    counted = [answer for answer in answers if answer.arm == arm.name and _is_counted(answer)]
    alone = [answer for answer in single if answer.arm == arm.name and _is_counted(answer)]
    seconds = _mean_engine_seconds(alone)
    return ArmCost(
        arm.name,
        prompt_tokens=float(np.mean([answer.prompt_tokens for answer in counted])) if counted else 0.0,
        completion_tokens=float(np.mean([answer.completion_tokens for answer in counted])) if counted else 0.0,
        engine_seconds=_mean_engine_seconds(counted) if seconds is None else seconds,
    )


def _is_counted(answer: ArmAnswer) -> bool:
    """Return whether the engine worked on the answer. An empty one has tokens; an abstention without a model is an answer, and free."""
    return answer.failure is None or answer.prompt_tokens > 0


def _mean_engine_seconds(answers: Sequence[ArmAnswer]) -> float | None:
    seconds = [answer.engine_seconds for answer in answers if answer.engine_seconds is not None]
    return float(np.mean(seconds)) if seconds else None


def _price_seconds(prices: Prices, work: ArmCost) -> float:
    return (prices.engine_hour or 0.0) * (work.engine_seconds or 0.0) / SECONDS_PER_HOUR


def _price_tokens(prices: Prices, work: ArmCost) -> float:
    return (work.prompt_tokens * prices.prompt + work.completion_tokens * prices.completion) / TOKENS_PER_UNIT


def _price_once(prices: Prices, training_seconds: float, indexing_seconds: float) -> float:
    return (prices.training_hour * training_seconds + prices.indexing_hour * indexing_seconds) / SECONDS_PER_HOUR
