"""The rows of a run's source, in a fixed order: those of the request or the file as they are written, stored answers newest first."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import islice
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol

from services.evaluation.evals.rows.file_rows import read_file_rows
from services.evaluation.evals.rows.row import Position, Row
from shared.contracts.evals.data_sources import FileContentSource, FileId, Responses, StoredCompletions
from shared.contracts.evals.runs import RunSpec
from shared.workers.retry import retry


class Files(Protocol):
    """Where files are stored."""

    async def copy_file(self, file_id: str, target: BinaryIO) -> None:
        """Replace the content of `target` by that of a file."""
        ...


class StoredAnswers(Protocol):
    """The stored chat completions and responses of the run's project."""

    def read(self, source: StoredCompletions | Responses, spec: RunSpec, after: Position | None) -> Iterator[Row]:
        """Yield the rows of the source behind `after`, newest first."""
        ...


class Rows(Protocol):
    """The rows of a run."""

    def read(self, after: Position | None) -> Iterator[Row]:
        """Yield the rows behind `after`; None stands for the beginning.

        Raises:
            InvalidDataset: if a line of a file is wrong.
        """
        ...


@asynccontextmanager
async def open_rows(spec: RunSpec, files: Files, answers: StoredAnswers, retry_seconds: float) -> AsyncIterator[Rows]:
    """Open the rows of a run. A file is copied to this machine, without a name, so that a worker that is killed leaves none."""
    source = spec.data_source.source
    if isinstance(source, FileContentSource):
        yield ContentRows(source)
    elif isinstance(source, FileId):
        with TemporaryFile() as file:
            await retry(lambda: files.copy_file(source.id, file), retry_seconds)
            yield FileRows(file, spec)
    else:
        yield AnswerRows(source, spec, answers)


class ContentRows:
    """The rows of the request, which were checked when the run was created."""

    def __init__(self, source: FileContentSource) -> None:
        self._source = source

    def read(self, after: Position | None) -> Iterator[Row]:
        """Yield the rows behind `after`."""
        return (Row(row.item, row.sample, 0) for row in islice(self._source.content, after[0] if after else 0, None))


class FileRows:
    """The rows of a file."""

    def __init__(self, file: BinaryIO, spec: RunSpec) -> None:
        self._file = file
        self._schema = spec.item_schema

    def read(self, after: Position | None) -> Iterator[Row]:
        """Yield the rows behind `after`."""
        self._file.seek(0)
        return islice(read_file_rows(self._file, self._schema), after[0] if after else 0, None)


class AnswerRows:
    """The rows of stored answers."""

    def __init__(self, source: StoredCompletions | Responses, spec: RunSpec, answers: StoredAnswers) -> None:
        self._source = source
        self._spec = spec
        self._answers = answers

    def read(self, after: Position | None) -> Iterator[Row]:
        """Yield the rows behind `after`."""
        rows = self._answers.read(self._source, self._spec, after)
        return rows if self._source.limit is None else islice(rows, max(self._source.limit - (after[0] if after else 0), 0))
