"""The latency of each arm: under load, with many questions in flight, and of one question at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.arms.build import Arm

TIMEOUT = "timeout"


@dataclass(frozen=True)
class Latency:
    """Percentiles of an arm's seconds, waits included. 0 if no call under load was answered; None if none was made one at a time."""

    p50: float
    p95: float
    single_p50: float | None
    single_p95: float | None


def measure_latency(arms: Sequence[Arm], answers: Sequence[ArmAnswer], single: Sequence[ArmAnswer] = ()) -> list[Latency]:
    """Return the latency of each arm, in the order of `arms`: under load over `answers`, one question at a time over `single`.

    A timeout counts with its seconds. Refused requests and failures of the infrastructure do not, because they say nothing about the arm.
    """
    return [_measure(_seconds(arm, answers), _seconds(arm, single)) for arm in arms]


def _measure(under_load: Sequence[float], alone: Sequence[float]) -> Latency:
    p50, p95 = _percentiles(under_load) or (0.0, 0.0)
    single_p50, single_p95 = _percentiles(alone) or (None, None)
    return Latency(p50, p95, single_p50, single_p95)


def _percentiles(seconds: Sequence[float]) -> tuple[float, float] | None:
    if not seconds:
        return None
    p50, p95 = np.percentile(seconds, [50, 95])
    return float(p50), float(p95)


def _seconds(arm: Arm, answers: Sequence[ArmAnswer]) -> list[float]:
    return [answer.seconds for answer in answers if answer.arm == arm.name and _is_counted(answer)]


def _is_counted(answer: ArmAnswer) -> bool:
    return answer.failure is None or answer.prompt_tokens > 0 or answer.failure.code == TIMEOUT
