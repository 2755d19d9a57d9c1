"""Ends a comparison whose calls keep failing, instead of asking thousands of questions in vain."""

from services.evaluation.arms.answer import ArmAnswer, Failure
from services.evaluation.asking.failures import EMPTY_CODE
from shared.errors import InvalidRequest, TandemError, Unavailable

MAX_IN_A_ROW = 10


class CircuitBreaker:
    """Counts failures in a row: an arm's own for each arm, those of the infrastructure for all arms together.

    An empty answer is a finding about the arm, and costs little, so it neither counts nor interrupts a row.
    """

    def __init__(self, max_in_a_row: int = MAX_IN_A_ROW) -> None:
        self._max_in_a_row = max_in_a_row
        self._own: dict[str, int] = {}
        self._infrastructure = 0

    def record(self, answer: ArmAnswer) -> None:
        """Count an answer.

        Raises:
            TandemError: at the tenth failure in a row, with its message and code.
        """
        failure = answer.failure
        if failure is None:
            self._own[answer.arm] = self._infrastructure = 0
        elif failure.kind == "infrastructure":
            self._infrastructure += 1
            self._check(self._infrastructure, "calls in a row failed", failure)
        elif failure.code != EMPTY_CODE:
            self._own[answer.arm] = self._own.get(answer.arm, 0) + 1
            self._check(self._own[answer.arm], f"calls of the arm '{answer.arm}' in a row failed", failure)

    def _check(self, count: int, problem: str, failure: Failure) -> None:
        if count < self._max_in_a_row:
            return
        kind: type[TandemError] = InvalidRequest if failure.kind == "own" else Unavailable
        message = f"{count} {problem}, so the comparison was ended. The last one: {failure.message}"
        raise kind(message, code=failure.code)
