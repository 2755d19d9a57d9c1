"""Validates the files of a fine-tuning job before there is one: reads them line by line, and reports everything that is found.

A file of gigabytes takes minutes, in constant memory. The work runs in a thread of its own and stops when the client leaves. If a model
is given, its engine then counts the tokens of a sample.
"""

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from dataclasses import asdict
from functools import partial
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync

from services.generation.contracts.validation import (
    ExampleLengths,
    FileProblem,
    FileValidation,
    FileWarning,
    FineTuningValidation,
    LengthBucket,
    ValidationEvent,
    ValidationProgress,
)
from services.generation.jobs.feasibility.count_tokens import CountingModel, TokenReport, count_tokens
from services.generation.jobs.training_limits import list_template_problems
from services.generation.jobs.validation.read_files import Checked, Reading, Report, Validation, read_files
from shared.datasets.checks.file_check import MAX_PROBLEMS, FileCheck
from shared.datasets.checks.warn import DatasetWarning, list_warnings
from shared.datasets.examples.read import TOO_FEW_CODE
from shared.errors import TandemError, TooManyRequests
from shared.log import get_logger
from shared.validation.shorten import short_envelope

RUNNING = 2  # each thread that runs Python makes the event loop wait longer for its turn
WAITING = 16
RETRY_SECONDS = 30
UNEXPECTED = "The server had an error while checking the files. Its log has the details."
REFUSED_BY_TEMPLATE = "chat_template"
T = TypeVar("T")

log = get_logger(__name__)
_threads: RunVar[CapacityLimiter] = RunVar("_threads")
_places: RunVar[CapacityLimiter] = RunVar("_places")


def refuse_if_busy() -> None:
    """Raise TooManyRequests if too many others wait already. Call it on the event loop, before `run` or `stream`."""
    if sum(limiter.statistics().tasks_waiting for limiter in (_find_places(), _find_threads())) >= WAITING:
        raise TooManyRequests("Too many files are being validated. Try again later.", retry_after=RETRY_SECONDS)


async def run(validation: Validation, report: Report = lambda _: None) -> FineTuningValidation:
    """Return what is found in the files. `report` is called now and then. If this task is canceled, the reading ends at the next line.

    Raises:
        TandemError: if a file cannot be fetched.
    """
    async with _find_places():
        total = sum(source.about.bytes for source in validation.sources)
        reading = Reading(total, report, threading.Event())
        try:
            checked = await run_sync(partial(read_files, validation, reading), limiter=_find_threads())
        finally:
            reading.stop.set()
        described = [_describe(each, await _count(each, validation.model, reading), validation.model) for each in checked]
        return FineTuningValidation(
            valid=all(file.valid for file in described),
            training_file=described[0],
            validation_file=described[1] if len(described) > 1 else None,
            seconds=round(time.monotonic() - reading.started, 3),
        )


async def run_in_turn(work: Callable[[], T]) -> T:
    """Run other work that reads whole files in one of the same threads. It waits for its turn, however many wait already."""
    return await run_sync(work, limiter=_find_threads())


async def stream(validation: Validation) -> AsyncGenerator[ValidationEvent, None]:
    """Yield how far the check is, and at last the result or the error."""
    events: asyncio.Queue[ValidationEvent] = asyncio.Queue()

    def report(progress: ValidationProgress) -> None:
        events.put_nowait(ValidationEvent(type="fine_tuning.validation.progress", progress=progress))

    async def work() -> None:
        events.put_nowait(await _finish(run(validation, report)))

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
        return ValidationEvent(type="error", **short_envelope(error))
    except Exception:
        log.exception("a validation failed")
        return ValidationEvent(type="error", **short_envelope(TandemError(UNEXPECTED)))


def _find_threads() -> CapacityLimiter:
    """Return the running event loop's limiter of threads that read files, also for jobs that are created."""
    return _find_limiter(_threads)


def _find_places() -> CapacityLimiter:
    """Return the running event loop's limiter of validations. One keeps its place while it counts tokens, but no thread."""
    return _find_limiter(_places)


def _find_limiter(variable: RunVar[CapacityLimiter]) -> CapacityLimiter:
    try:
        return variable.get()
    except LookupError:
        variable.set(CapacityLimiter(RUNNING))
        return variable.get()


async def _count(checked: Checked, model: CountingModel | None, reading: Reading) -> TokenReport:
    """Return the tokens of a file, without any if there is no model or no example."""
    sample = checked.check.sample
    if model is None or sample is None or not sample.examples:
        return TokenReport(None, [])
    return await count_tokens(sample, model, partial(reading.tell_counted, checked), checked.check.minimum)


def _describe(checked: Checked, counted: TokenReport, model: CountingModel | None) -> FileValidation:
    about, check = checked.source.about, checked.check
    refused = list(_list_refused(checked, counted, model))
    return FileValidation(
        id=about.id,
        filename=about.filename,
        bytes=about.bytes,
        valid=not check.num_problems and not refused,
        complete=check.is_complete,
        format=check.format,
        examples=check.examples,
        wrong_lines=check.wrong_lines,
        messages=dict(check.roles),
        num_problems=check.num_problems + len(refused),
        problems=[*(FileProblem(**asdict(problem)) for problem in check.problems), *refused][:MAX_PROBLEMS],
        warnings=[FileWarning(code=each.code, message=each.message, lines=list(each.lines)) for each in _list_warnings(check, counted)],
        lengths=_describe_lengths(check),
        tokens=counted.tokens,
    )


def _list_refused(checked: Checked, counted: TokenReport, model: CountingModel | None) -> Iterator[FileProblem]:
    """Yield what the model cannot learn: a job with this file would be refused."""
    for problem in list_template_problems(checked.check, model.name, model.template) if model is not None else ():
        yield FileProblem(line=None, field=None, code=REFUSED_BY_TEMPLATE, message=problem)
    if counted.too_few_fit and not checked.check.num_problems:
        yield FileProblem(line=None, field=None, code=TOO_FEW_CODE, message=counted.too_few_fit)
    for each in counted.refused:
        yield FileProblem(line=each.line, field=None, code=REFUSED_BY_TEMPLATE, message=each.message[:1].upper() + each.message[1:])


def _list_warnings(check: FileCheck, counted: TokenReport) -> Iterator[DatasetWarning]:
    """Yield all warnings. What is too long is known once tokens are counted, and guessed otherwise."""
    for warning in list_warnings(check):
        if counted.tokens is None or warning.code != "long_examples":
            yield warning
    yield from counted.warnings


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
