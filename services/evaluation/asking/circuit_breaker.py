"""Ends a comparison whose calls keep failing, instead of asking thousands of questions in vain."""

from collections import Counter

from services.evaluation.arms.answer import ArmAnswer, Failure
from services.evaluation.asking.failures import EMPTY_CODE
from services.evaluation.verdict.failures import MAX_SHARE_OF_AN_ARM
from shared.errors import DeadlineExceeded, InvalidRequest, TandemError, Unavailable

MAX_IN_A_ROW = 10


class CircuitBreaker:
    """Counts questions that fail in a row: by an arm's own fault for each arm, by the infrastructure's for all arms together.

    An empty answer is a finding about the arm, and costs little, so it neither counts nor interrupts a row. Refused questions cost little
    too, and may stand together in a file of `questions`: they end the comparison only if the arm has too many for a verdict already.
    """

    def __init__(self, questions: int = 0, max_in_a_row: int = MAX_IN_A_ROW) -> None:
        self._max_refused = MAX_SHARE_OF_AN_ARM * questions
        self._max_in_a_row = max_in_a_row
        self._refused = Counter[str]()
        self._own: dict[str, set[int]] = {}
        self._infrastructure: set[int] = set()

    def record(self, answer: ArmAnswer) -> None:
        """Count an answer.

        Raises:
            TandemError: at the tenth question in a row, with the message and code of the last failure.
        """
        failure = answer.failure
        if failure is None:
            self._own[answer.arm], self._infrastructure = set(), set()
        elif failure.kind == "infrastructure":
            self._infrastructure.add(answer.question)
            self._check(self._infrastructure, "questions in a row could not be asked", failure)
        elif failure.code != EMPTY_CODE:
            self._own.setdefault(answer.arm, set()).add(answer.question)
            self._refused[answer.arm] += failure.code != DeadlineExceeded.default_code
            if failure.code == DeadlineExceeded.default_code or self._refused[answer.arm] > self._max_refused:
                self._check(self._own[answer.arm], f"questions in a row failed in the arm '{answer.arm}'", failure)

    def _check(self, questions: set[int], problem: str, failure: Failure) -> None:
        if len(questions) < self._max_in_a_row:
            return
        kind: type[TandemError] = InvalidRequest if failure.kind == "own" else Unavailable
        message = f"{len(questions)} {problem}, so the comparison ended. The last error: {failure.message}"
        raise kind(message, code=failure.code)
