"""Writes the examples of each part into a file of its own, and stores the files."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol

from shared.contracts.datasets import Part
from shared.errors import InvalidRequest, TooLarge
from shared.workers.retry import retry

PURPOSE = "fine-tune"


class Files(Protocol):
    """Where files are stored."""

    async def delete_namesakes(self, file_id: str | None, filename: str, purpose: str) -> None:
        """Delete the other files with this name and purpose."""
        ...

    async def upload_stream(self, filename: str, content: BinaryIO, purpose: str) -> str:
        """Store a file and return its id, or the id of a file that has the same name, purpose and content."""
        ...


def count_parts(is_validation: Sequence[bool], parts: Sequence[Part]) -> dict[str, int]:
    """Return the number of examples in each part."""
    validation = sum(is_validation)
    counts = {"train": len(is_validation) - validation, "validation": validation}
    return {part: counts[part] for part in parts}


async def write_parts(
    job_id: str, examples: BinaryIO, is_validation: Sequence[bool], files: Files, retry_seconds: float, limit: str
) -> Mapping[Part, str]:
    """Return the ids of the files, without those that would be empty. `examples` has a line for each example.

    `limit` is the path of the field in the request that limits their number.

    The files on this machine have no name, so a worker that is killed leaves none. What it has stored is found again, or deleted if it is
    different, because the answers have changed since.

    Raises:
        InvalidRequest: if a file is larger than a file may be; `param` is `limit`.
    """
    stored: dict[Part, str] = {}
    with ExitStack() as stack:
        parts: dict[Part, BinaryIO] = {name: stack.enter_context(TemporaryFile()) for name in ("train", "validation")}
        for part, line in _sort(examples, is_validation):
            parts[part].write(line)
        for part, file in parts.items():
            filename = f"{job_id}-{part}.jsonl"
            if file.tell():
                stored[part] = await _store(filename, file, files, retry_seconds, limit)
            await retry(partial(files.delete_namesakes, stored.get(part), filename, PURPOSE), retry_seconds)
    return stored


def _sort(examples: BinaryIO, is_validation: Sequence[bool]) -> Iterator[tuple[Part, bytes]]:
    examples.seek(0)
    for line, validates in zip(examples, is_validation, strict=True):
        yield ("validation" if validates else "train"), line


async def _store(filename: str, file: BinaryIO, files: Files, retry_seconds: float, limit: str) -> str:
    try:
        return await retry(lambda: files.upload_stream(filename, file, PURPOSE), retry_seconds)
    except TooLarge as error:
        problem = f"The file '{filename}' is too large: {error.message} Send a lower '{limit}'."
        raise InvalidRequest(problem, param=limit, code=error.code) from error
