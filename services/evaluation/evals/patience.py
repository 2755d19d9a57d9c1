"""Ends a run whose calls keep failing, instead of asking thousands of questions in vain."""

from services.evaluation.arms.answer import Failure
from shared.errors import DeadlineExceeded, TandemError, Unavailable

MAX_IN_A_ROW = 10


class ItemBreaker:
    """Counts the items in a row that could not be answered or graded because a model did not answer.

    A request that a model refuses says something about its row, and neither counts nor interrupts a row.
    """

    def __init__(self) -> None:
        self._failed: set[int] = set()
        self._last: Failure | None = None
        self._has_succeeded = False

    def record_success(self) -> None:
        """Record that an item was answered and graded."""
        self._failed, self._has_succeeded = set(), True

    def record_failure(self, number: int, failure: Failure) -> None:
        """Record why an item could not be answered or graded.

        Raises:
            Unavailable: at the tenth item in a row, with the message and code of the last failure.
        """
        if failure.kind == "own" and failure.code != DeadlineExceeded.default_code:
            return
        self._failed.add(number)
        self._last = failure
        if len(self._failed) >= MAX_IN_A_ROW:
            raise self._give_up(f"{len(self._failed)} items in a row could not be evaluated")

    def check_end(self, has_finished: bool) -> None:
        """Raise Unavailable if no item at all could be evaluated; `has_finished` says whether some were before."""
        if self._last is not None and not self._has_succeeded and not has_finished:
            raise self._give_up("No item could be evaluated")

    def _give_up(self, problem: str) -> TandemError:
        assert self._last is not None  # noqa: S101
        return Unavailable(
            f"{problem}, so the run ended. Create a new run when the model responds. The last error: {self._last.message}",
            code=self._last.code,
        )
