"""Samples a few examples of a training file, spread evenly over it. Of a preference pair, the chat with the preferred answer counts."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from shared.datasets import Example, Preference
from shared.datasets.examples.read import read_entries
from shared.datasets.text_lines import read_chunks, split_lines

PARAM = "training_file"


def sample_examples(path: Path, count: int) -> list[Example]:
    """Return up to `count` examples of the file `path`, spread evenly over it.

    The file, which was validated before, is read twice, so that memory does not grow with it.
    """
    step = max(1, _count_examples(path) // count)
    with path.open("rb") as file:
        return list(islice(_read(file), step // 2, step // 2 + step * count, step))


def _count_examples(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in _read(file))


def _read(file: BinaryIO) -> Iterator[Example]:
    for entry in read_entries(split_lines(read_chunks(file), PARAM), PARAM):
        if entry.example is not None:
            yield entry.example.complete(entry.example.preferred) if isinstance(entry.example, Preference) else entry.example
