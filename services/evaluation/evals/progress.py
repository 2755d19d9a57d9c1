"""Reports how many items are evaluated."""

import threading

from shared.workers.job_context import JobContext

FIRST_PERCENT, LAST_PERCENT = 5.0, 98.0  # the part of a job's percent that the items take
NUM_EVENTS = 10


class ItemCounter:
    """Counts items. The job's stage and percent move with each tenth of a percent; an event is added after each tenth of the items."""

    def __init__(self, context: JobContext, total: int, done: int) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._total = total
        self._done = done
        self._shown = -1.0
        self._has_advanced = False  # recorded once: takeovers only count up when another worker claims the job

    def count(self) -> None:
        """Count one more item. Safe to call from several threads. Raises JobInterrupted if the job must end."""
        with self._lock:
            self._done += 1
            if self.show() and not self._has_advanced:
                self._context.record_advance()
                self._has_advanced = True
            if self._done * NUM_EVENTS // self._total > (self._done - 1) * NUM_EVENTS // self._total:
                message = f"Evaluated {self._done} of {self._total} {'item' if self._total == 1 else 'items'}."
                self._context.add_event(message, data={"evaluated": self._done, "of": self._total})

    def show(self) -> bool:
        """Show how far the run is; return whether that is further than what was shown before."""
        percent = round(FIRST_PERCENT + self._done / self._total * (LAST_PERCENT - FIRST_PERCENT), 1)
        if percent <= self._shown:
            return False
        self._shown = percent
        self._context.report_progress(f"evaluating {self._done}/{self._total}", percent)
        return True
