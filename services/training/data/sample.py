"""Samples a few examples of a training file, spread evenly over it."""

from pathlib import Path

from shared.datasets import Example, read_examples


def sample_examples(path: Path, count: int) -> list[Example]:
    """Return up to `count` examples of the JSONL file `path`, spread evenly over it."""
    with path.open("rb") as lines:
        examples = list(read_examples(lines, param="training_file", minimum=1))
    step = max(1, len(examples) // count)
    return examples[step // 2 :: step][:count]
