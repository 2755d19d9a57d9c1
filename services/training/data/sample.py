"""Samples a few examples of a training file, spread evenly over it."""

from itertools import islice
from pathlib import Path

from shared.datasets import Example, read_examples

PARAM = "training_file"


def sample_examples(path: Path, count: int) -> list[Example]:
    """Return up to `count` examples of the file `path`, spread evenly over it.

    The file is read twice, so that memory does not grow with it.
    """
    step = max(1, _count_examples(path) // count)
    with path.open("rb") as lines:
        return list(islice(read_examples(lines, param=PARAM, minimum=1), step // 2, step // 2 + step * count, step))


def _count_examples(path: Path) -> int:
    with path.open("rb") as lines:
        return sum(1 for _ in read_examples(lines, param=PARAM, minimum=1))
