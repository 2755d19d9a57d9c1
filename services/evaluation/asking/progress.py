"""Reports how many answers have arrived."""

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

    def count(self) -> None:
        """Count one more answer. Safe to call from several threads."""
        with self._lock:
            self._done += 1
            self._report(self._done, self._total)

    def _report(self, done: int, total: int) -> None:
        self._context.report_progress(f"asking {done}/{total}", FIRST_PERCENT + done / total * (LAST_PERCENT - FIRST_PERCENT))
        if done * NUM_EVENTS // total > (done - 1) * NUM_EVENTS // total:
            self._context.add_event(f"Collected {done} of {total} answers.", data={"asked": done, "of": total})
