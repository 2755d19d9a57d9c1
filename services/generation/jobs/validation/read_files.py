"""Reads the files of a fine-tuning job line by line, and notes everything that is found. If tokens are to be counted, a sample is kept."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from anyio import from_thread

from services.generation.contracts.validation import ValidationProgress
from services.generation.jobs.feasibility.count_tokens import CountingModel
from services.generation.jobs.files.check_files import Files, Source
from shared.datasets.checks.example_sample import ExampleSample
from shared.datasets.checks.file_check import FileCheck
from shared.datasets.examples.read import Entry, check_method, read_entries
from shared.errors import InvalidDataset

PROGRESS_SECONDS = 0.5
Report = Callable[[ValidationProgress], None]


class Stopped(Exception):
    """Nobody waits for the result any more."""


@dataclass(frozen=True)
class Validation:
    """What to check: the files for a method, and if `model` is given, their tokens."""

    method: str
    sources: list[Source]
    files: Files
    model: CountingModel | None


@dataclass
class Checked:
    """What is found in a file that was read until `line`."""

    source: Source
    check: FileCheck
    line: int = 0


@dataclass
class Reading:
    """How far the check of the files is. `report` is called on the event loop."""

    total: int
    report: Report
    stop: threading.Event
    done: int = 0
    started: float = field(default_factory=time.monotonic)
    reported: float = 0.0

    def count(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the lines, and count their bytes. Raises Stopped if nobody waits for the result."""
        for line in lines:
            if self.stop.is_set():
                raise Stopped
            self.done += len(line) + 1
            yield line

    def tell(self, checked: Checked) -> None:
        """Report the progress from the thread, if the last report is some time ago."""
        if progress := self._next_report(checked, min(self.done, self.total), 0):
            from_thread.run_sync(self.report, progress)

    def tell_counted(self, checked: Checked, examples: int) -> None:
        """Report from the event loop how many examples of a file are counted, if the last report is some time ago."""
        if progress := self._next_report(checked, self.total, examples):
            self.report(progress)

    def _next_report(self, checked: Checked, done: int, examples_counted: int) -> ValidationProgress | None:
        now = time.monotonic()
        if now - self.reported < PROGRESS_SECONDS:
            return None
        self.reported = now
        return ValidationProgress(
            file=checked.source.param,
            percent=round(100 * done / self.total, 1) if self.total else 100.0,
            bytes_read=done,
            bytes=self.total,
            lines=checked.line,
            num_problems=checked.check.num_problems,
            examples_counted=examples_counted,
        )


def read_files(validation: Validation, reading: Reading) -> list[Checked]:
    """Check every line of the files. Call it in a thread of the server.

    Raises:
        Stopped: soon after nobody waits for the result any more.
        TandemError: if a file cannot be fetched.
    """
    every: list[Checked] = []
    for source in validation.sources:
        check = FileCheck(source.minimum, every[0].check if every else None, ExampleSample() if validation.model else None)
        every.append(Checked(source, check))
        _read_file(validation, every[-1], reading)
    return every


def _read_file(validation: Validation, checked: Checked, reading: Reading) -> None:
    source, check = checked.source, checked.check
    try:
        with validation.files.lines(source.about.id, source.param) as lines:
            for entry in read_entries(reading.count(lines), source.param):
                _add(entry, checked, validation.method)
                reading.tell(checked)
    except InvalidDataset as error:
        check.stop(error)
    check.finish()


def _add(entry: Entry, checked: Checked, method: str) -> None:
    checked.line = entry.line
    check_method(entry, method, checked.source.param)
    checked.check.add(entry)
