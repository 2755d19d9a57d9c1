"""Validates the files of a fine-tuning job before there is one: reads them line by line, and reports everything that is found.

A file of gigabytes takes minutes, in constant memory. The work runs in a thread of its own and stops when the client leaves.
"""

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Literal, TypeVar

from anyio import CapacityLimiter, from_thread
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync

from services.generation.contracts.validation import (
    ExampleLengths,
    FileProblem,
    FileValidation,
    FileWarning,
    FineTuningValidation,
    FineTuningValidationCreate,
    LengthBucket,
    ValidationEvent,
    ValidationProgress,
)
from services.generation.jobs.finetune import PURPOSE, Files
from shared.contracts.files import FileObject
from shared.datasets import MIN_EXAMPLES
from shared.datasets.checks.file_check import FileCheck, LineProblem
from shared.datasets.checks.warn import list_warnings
from shared.datasets.examples.read import read_entries
from shared.errors import InvalidDataset, InvalidRequest, TandemError, TooManyRequests
from shared.log import get_logger

RUNNING = 2  # each thread that runs Python makes the event loop wait longer for its turn
WAITING = 16
RETRY_SECONDS = 30
PROGRESS_SECONDS = 0.5
PREFERENCE = "preference"
NEEDS_DPO = "the file has preference pairs, which need the method 'dpo'."
NEEDS_PAIRS = "the file has chats, but the method 'dpo' needs lines with 'input', 'preferred_output' and 'non_preferred_output'."
UNTRAINED_METHOD = "Preference pairs cannot be trained here yet: the method 'dpo' is not supported. Use 'supervised' with chats."

FileParam = Literal["training_file", "validation_file"]
Report = Callable[[ValidationProgress], None]
T = TypeVar("T")

log = get_logger(__name__)
_threads: RunVar[CapacityLimiter] = RunVar("_threads")


class Stopped(Exception):
    """Nobody waits for the result any more."""


@dataclass(frozen=True)
class Source:
    """A file to check: the field that names it, its description, and how many examples it needs."""

    param: FileParam
    about: FileObject
    minimum: int


@dataclass
class Reading:
    """How far the reading of the files is."""

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

    def tell(self, source: Source, line: int, check: FileCheck) -> None:
        """Report the progress, if the last report is some time ago."""
        now = time.monotonic()
        if now - self.reported < PROGRESS_SECONDS:
            return
        self.reported = now
        done = min(self.done, self.total)
        percent = round(100 * done / self.total, 1) if self.total else 100.0
        self.report(
            ValidationProgress(
                file=source.param, percent=percent, bytes_read=done, bytes=self.total, lines=line, num_problems=check.num_problems
            )
        )


def find_sources(request: FineTuningValidationCreate, files: Files) -> list[Source]:
    """Return the files of the request: the training file, and then perhaps the validation file.

    Raises:
        InvalidRequest: if a file does not exist or has another purpose.
    """
    sources = [_find_source("training_file", request.training_file, MIN_EXAMPLES, files)]
    if request.validation_file:
        sources.append(_find_source("validation_file", request.validation_file, 1, files))
    return sources


def validate(method: str, sources: list[Source], files: Files, report: Report, stop: threading.Event) -> FineTuningValidation:
    """Return what is found in the files. `report` is called now and then.

    Raises:
        Stopped: soon after `stop` is set.
        TandemError: if a file cannot be fetched.
    """
    reading = Reading(sum(source.about.bytes for source in sources), report, stop)
    checks: list[FileCheck] = []
    for source in sources:
        checks.append(_check_file(method, source, files, reading, checks[0] if checks else None))
    described = [_describe(source.about, check) for source, check in zip(sources, checks, strict=True)]
    return FineTuningValidation(
        valid=all(file.valid for file in described),
        training_file=described[0],
        validation_file=described[1] if len(described) > 1 else None,
        seconds=round(time.monotonic() - reading.started, 3),
    )


def refuse_if_busy() -> None:
    """Raise TooManyRequests if too many others wait already. Call it on the event loop, before `run` or `stream`."""
    if _find_threads().statistics().tasks_waiting >= WAITING:
        raise TooManyRequests("Too many files are being validated. Try again later.", retry_after=RETRY_SECONDS)


async def run(method: str, sources: list[Source], files: Files, report: Report = lambda _: None) -> FineTuningValidation:
    """Run `validate` in a thread. If this task is canceled, the thread ends at its next line.

    Raises:
        TandemError: if a file cannot be fetched.
    """
    stop = threading.Event()
    try:
        return await run_sync(partial(validate, method, sources, files, report, stop), limiter=_find_threads())
    finally:
        stop.set()


async def run_in_turn(work: Callable[[], T]) -> T:
    """Run other work that reads whole files in one of the same threads. It waits for its turn, however many wait already."""
    return await run_sync(work, limiter=_find_threads())


async def stream(method: str, sources: list[Source], files: Files) -> AsyncGenerator[ValidationEvent, None]:
    """Yield how far the check is, and at last the result or the error."""
    events: asyncio.Queue[ValidationEvent] = asyncio.Queue()

    def report(progress: ValidationProgress) -> None:
        event = ValidationEvent(type="fine_tuning.validation.progress", progress=progress)
        from_thread.run_sync(events.put_nowait, event)

    async def work() -> None:
        events.put_nowait(await _finish(run(method, sources, files, report)))

    working = asyncio.ensure_future(work())
    try:
        while True:
            event = await events.get()
            yield event
            if event.progress is None:
                return
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def _finish(running: Awaitable[FineTuningValidation]) -> ValidationEvent:
    """Return the last event: the result, or the error."""
    try:
        return ValidationEvent(type="fine_tuning.validation.completed", validation=await running)
    except TandemError as error:
        return ValidationEvent(type="error", **error.envelope())
    except Exception:
        log.exception("a validation failed")
        return ValidationEvent(type="error", **TandemError("Something went wrong here.").envelope())


def _find_threads() -> CapacityLimiter:
    """Return the limiter of the running event loop."""
    try:
        return _threads.get()
    except LookupError:
        _threads.set(CapacityLimiter(RUNNING))
        return _threads.get()


def _find_source(param: FileParam, file_id: str, minimum: int, files: Files) -> Source:
    about = files.find_file(file_id, param)
    if about.purpose != PURPOSE:
        raise InvalidRequest(f"The file '{file_id}' must have the purpose '{PURPOSE}'; it has '{about.purpose}'.", param=param)
    return Source(param, about, minimum)


def _check_file(method: str, source: Source, files: Files, reading: Reading, training: FileCheck | None) -> FileCheck:
    check = FileCheck(source.minimum, training)
    try:
        with files.lines(source.about.id, source.param) as lines:
            for entry in read_entries(reading.count(lines), source.param):
                if entry.example is not None:
                    _check_method(method, entry.format, entry.line)
                check.add(entry)
                reading.tell(source, entry.line, check)
    except InvalidDataset as error:
        check.stop(error)
    if method == "dpo" and check.is_complete:
        check.refuse(LineProblem(None, None, "not_supported", UNTRAINED_METHOD))
    check.finish()
    return check


def _check_method(method: str, format_name: str, line: int) -> None:
    """Raise InvalidDataset if the file has another format than the method needs."""
    if (format_name == PREFERENCE) != (method == "dpo"):
        raise InvalidDataset(line, NEEDS_DPO if format_name == PREFERENCE else NEEDS_PAIRS)


def _describe(about: FileObject, check: FileCheck) -> FileValidation:
    return FileValidation(
        id=about.id,
        filename=about.filename,
        bytes=about.bytes,
        valid=not check.num_problems,
        complete=check.is_complete,
        format=check.format,
        examples=check.examples,
        wrong_lines=check.wrong_lines,
        messages=dict(check.roles),
        num_problems=check.num_problems,
        problems=[FileProblem(**asdict(problem)) for problem in check.problems],
        warnings=[FileWarning(code=each.code, message=each.message, lines=list(each.lines)) for each in list_warnings(check)],
        lengths=_describe_lengths(check),
    )


def _describe_lengths(check: FileCheck) -> ExampleLengths | None:
    lengths = check.lengths
    if lengths.shortest is None:
        return None
    return ExampleLengths(
        shortest=lengths.shortest,
        mean=round(lengths.mean, 1),
        longest=lengths.longest,
        longest_line=lengths.longest_line,
        histogram=[LengthBucket(**asdict(bucket)) for bucket in lengths.buckets()],
    )
