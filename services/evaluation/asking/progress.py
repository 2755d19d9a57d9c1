"""Reports how many answers have arrived, over all phases."""

import threading

from shared.workers.job_context import JobContext

FIRST_PERCENT, LAST_PERCENT = 2.0, 90.0  # the part of a job's percent that the answers take
NUM_EVENTS = 10


class AnswerCounter:
    """Counts answers. Every one moves the job's stage and percent; an event is added after each tenth of them."""

    def __init__(self, context: JobContext, total: int, done: int) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._total = total
        self._done = done

    def count(self, stage: str) -> None:
        """Count one more answer, in the phase that is shown as `stage`. Safe to call from several threads."""
        with self._lock:
            self._done += 1
            self._report(stage, self._done, self._total)

    def show(self, stage: str) -> None:
        """Show a stage at the percent so far."""
        self._context.report_progress(stage, self._percent())

    def _report(self, stage: str, done: int, total: int) -> None:
        self._context.report_progress(f"{stage} {done}/{total}", self._percent())
        if done * NUM_EVENTS // total > (done - 1) * NUM_EVENTS // total:
            self._context.add_event(f"Collected {done} of {total} answers.", data={"asked": done, "of": total})

    def _percent(self) -> float:
        return FIRST_PERCENT + self._done / self._total * (LAST_PERCENT - FIRST_PERCENT)
