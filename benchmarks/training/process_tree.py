"""The memory of processes that this one started."""

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

SECONDS = 0.1


class PeakMemory:
    """The peaks of the resident sets of all processes below this one, added up. Linux records each peak, so none is missed in between."""

    def __init__(self) -> None:
        self._peaks: dict[int, int] = {}

    @property
    def bytes(self) -> int:
        """The sum so far."""
        return sum(self._peaks.values())

    def read(self) -> None:
        """Read the peak of each process that is running."""
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(OSError, ValueError):  # it has ended
                self._peaks[process.pid] = read_peak(process.pid)


def read_peak(pid: int) -> int:
    """Return the most bytes of memory that a running process has had. Raises ValueError if it has ended but was not waited for."""
    with Path(f"/proc/{pid}/status").open() as lines:
        peak = next((line for line in lines if line.startswith("VmHWM")), None)
    if peak is None:
        raise ValueError(f"The process {pid} has ended.")
    return int(peak.split()[1]) * 1024


@contextmanager
def watch_memory() -> Iterator[PeakMemory]:
    """Yield the peak of the processes that run below this one meanwhile."""
    peak, done = PeakMemory(), threading.Event()

    def watch() -> None:
        while not done.wait(SECONDS):
            peak.read()

    thread = threading.Thread(target=watch, name="memory", daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()
