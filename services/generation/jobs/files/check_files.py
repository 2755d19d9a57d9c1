"""Checks the files of a fine-tuning job: that they exist, and every line of them. Knows nothing of how the job is stored."""

import math
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, Protocol

from services.generation.contracts.fine_tuning import DeviceType
from services.generation.jobs.training_limits import TrainingLimits, check_can_fit, check_examples, check_template
from shared.contracts.files import FileObject
from shared.contracts.fine_tuning import Hyperparameters, TrainingSpec, check_warmup, name_dataset_error
from shared.datasets import MIN_EXAMPLES
from shared.datasets.checks.file_check import FileCheck, require_valid
from shared.datasets.checks.warn import Note, list_notes
from shared.errors import InvalidDataset, InvalidRequest

PURPOSE = "fine-tune"
FileParam = Literal["training_file", "validation_file"]
OnLine = Callable[[int], None]
"""Is called with the bytes of each line before it is checked. It may raise an error, which ends the check."""


class Files(Protocol):
    """The caller's files."""

    def find_file(self, file_id: str, param: str) -> FileObject:
        """Return a file's description. Raises InvalidRequest if there is no such file."""

    def lines(self, file_id: str, param: str) -> AbstractContextManager[Iterator[bytes]]:
        """Open a file's content as lines."""


@dataclass(frozen=True)
class WatchedFiles:
    """Files whose lines are counted as they are read."""

    files: Files
    on_line: OnLine

    def find_file(self, file_id: str, param: str) -> FileObject:
        """Return a file's description. Raises InvalidRequest if there is no such file."""
        return self.files.find_file(file_id, param)

    @contextmanager
    def lines(self, file_id: str, param: str) -> Iterator[Iterator[bytes]]:
        """Open a file's content as lines."""
        with self.files.lines(file_id, param) as lines:
            yield self._watch(lines)

    def _watch(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        for line in lines:
            self.on_line(len(line) + 1)
            yield line


@dataclass(frozen=True)
class Source:
    """A file of a job: the field that names it, its description, and how many examples it needs."""

    param: FileParam
    about: FileObject
    minimum: int

    @property
    def name(self) -> str:
        """What the file is, in words."""
        return self.param.replace("_", " ")


def find_files(training_file: str, validation_file: str | None, files: Files) -> list[Source]:
    """Return the files: the training file, and then perhaps the validation file.

    Raises:
        InvalidRequest: if a file does not exist or has another purpose.
    """
    sources = [Source("training_file", _find_file(training_file, "training_file", files), MIN_EXAMPLES)]
    if validation_file is not None:
        sources.append(Source("validation_file", _find_file(validation_file, "validation_file", files), 1))
    return sources


def check_files(
    sources: list[Source], spec: TrainingSpec, base: str, files: Files, limits: TrainingLimits, device: DeviceType = "auto"
) -> list[Note]:
    """Check every line of the files; return what the job's owner should know about them. `base` is the base model's name in the API.

    `device` is the type of devices that the job may run on: they must have the memory for its longest example.

    Raises:
        InvalidRequest: if a line is invalid, or the files do not fit the job's method, options, or base model.
        TandemError: if a file cannot be fetched.
    """
    training: FileCheck | None = None
    notes: list[Note] = []
    for source in sources:
        check = _check_file(source, files, spec.method.type, training)
        if training is None:
            _check_warmup(spec.method.options.hyperparameters, check.examples)
        check_template(check, source.param, base, limits)
        longest = check_examples(check, source.param, base, limits, spec.method.options.hyperparameters.max_length)
        if training is None:
            notes += check_can_fit(spec.method, device, base, limits, continues=spec.model != base, length=longest)
        notes += [*list_notes(check, source.name), *_note_expiry(source)]
        training = training or check
    return notes


def _find_file(file_id: str, param: str, files: Files) -> FileObject:
    if not file_id:
        raise InvalidRequest(f"'{param}' must not be empty.", param=param, code="invalid_value")
    about = files.find_file(file_id, param)
    if about.purpose != PURPOSE:
        problem = f"The file '{file_id}' must have the purpose '{PURPOSE}'; it has '{about.purpose}'."
        raise InvalidRequest(problem, param=param, code=f"invalid_{param}")
    return about


def _check_file(source: Source, files: Files, method: str, training: FileCheck | None) -> FileCheck:
    try:
        with files.lines(source.about.id, source.param) as lines:
            return require_valid(lines, param=source.param, minimum=source.minimum, training=training, method=method)
    except InvalidDataset as error:
        raise InvalidRequest(error.message, param=source.param, code=name_dataset_error(error)) from error


def _check_warmup(requested: Hyperparameters, num_examples: int) -> None:
    """Check the warm-up if the number of steps is known. The worker, who chooses what is `auto`, checks the others."""
    if requested.n_epochs != "auto" and requested.batch_size != "auto":
        check_warmup(requested, requested.n_epochs * math.ceil(num_examples / requested.batch_size))


def _note_expiry(source: Source) -> Iterator[Note]:
    if source.about.expires_at is not None:
        expires = datetime.fromtimestamp(source.about.expires_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        yield Note("info", f"The {source.name} '{source.about.id}' expires at {expires}, but it is kept until the job has ended.")
