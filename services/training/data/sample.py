"""Samples a few examples of a training file, spread evenly over it."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from shared.datasets import Example, read_examples
from shared.datasets.text_lines import read_chunks, split_lines

PARAM = "training_file"


def sample_examples(path: Path, count: int) -> list[Example]:
    """Return up to `count` examples of the file `path`, spread evenly over it.

    The file is read twice, so that memory does not grow with it.
    """
    step = max(1, _count_examples(path) // count)
    with path.open("rb") as file:
        return list(islice(_read(file), step // 2, step // 2 + step * count, step))


def _count_examples(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in _read(file))


def _read(file: BinaryIO) -> Iterator[Example]:
    return read_examples(split_lines(read_chunks(file), PARAM), param=PARAM, minimum=1)
