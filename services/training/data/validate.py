"""Reads the examples of a dataset, encodes them, and says by line which are too long. Truncation is never silent."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from services.training.data.encode import Encoded, Encoder, TemplateUnfit
from shared.datasets import MIN_EXAMPLES, Example, read_examples
from shared.errors import InvalidDataset

NAMED_LINES = 10  # in a warning; a file with more is told how many


@dataclass(frozen=True)
class Dataset:
    """What is in a dataset. `lengths` are in tokens; `cut` and `empty` are line numbers, `endless` counts examples."""

    sha256: str
    lengths: list[int]
    learned_tokens: int
    cut: list[int]
    empty: list[int]
    endless: int

    @property
    def tokens(self) -> int:
        """Tokens of all examples."""
        return sum(self.lengths)


def validate(source: Path, target: Path, encoder: Encoder, max_length: int, *, param: str, minimum: int = MIN_EXAMPLES) -> Dataset:
    """Write the encoded examples of the JSONL file `source` to `target`; return what is in it.

    An example above `max_length` tokens is cut there, and left out where nothing of the assistant's is left of it.

    Raises:
        InvalidDataset: a line is wrong, or too few examples are left.
    """
    lengths: list[int] = []
    cut: list[int] = []
    empty: list[int] = []
    learned = endless = 0
    with source.open("rb") as lines, target.open("w") as output:
        for number, example in _numbered(lines, param, minimum):
            encoded = _encode(number, example, encoder, param)
            kept = encoded.cut(max_length)
            if len(encoded.input_ids) > max_length:
                (cut if kept.learned else empty).append(number)
            elif not encoder.ends(encoded):
                endless += 1
            if kept.learned:
                output.write(json.dumps({"input_ids": kept.input_ids, "labels": kept.labels}) + "\n")
                lengths.append(len(kept.input_ids))
                learned += kept.learned
    if len(lengths) < minimum:
        raise InvalidDataset(0, f"only {len(lengths)} examples fit into {max_length} tokens; at least {minimum} are needed", param=param)
    return Dataset(_hash(source), lengths, learned, cut, empty, endless)


def describe_problems(dataset: Dataset, max_length: int) -> Iterator[str]:
    """Yield what the user should know about the dataset, in words."""
    if dataset.cut:
        yield f"{_count(dataset.cut)} longer than {max_length} tokens and cut off there ({_lines(dataset.cut)})."
    if dataset.empty:
        yield f"{_count(dataset.empty)} left out: the assistant's answer begins after {max_length} tokens ({_lines(dataset.empty)})."
    if dataset.endless:
        yield f"In {dataset.endless} examples the chat template puts no end token after the answer, so the model may not learn to stop."


def choose_probes(source: Path, count: int) -> list[dict[str, object]]:
    """Return up to `count` prompts spread over the dataset, with the answer each was taught: `{"messages", "expected"}`."""
    with source.open("rb") as lines:
        examples = [example for _, example in _numbered(lines, "training_file", 1)]
    step = max(1, len(examples) // count)
    chosen = examples[step // 2 :: step][:count]
    return [
        {"messages": [message.model_dump() for message in example.messages[:-1]], "expected": example.messages[-1].content}
        for example in chosen
    ]


def _numbered(lines: Iterable[bytes], param: str, minimum: int) -> Iterator[tuple[int, Example]]:
    numbers: list[int] = []

    def noting() -> Iterator[bytes]:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                numbers.append(number)
            yield line

    for example in read_examples(noting(), param=param, minimum=minimum):
        yield numbers[-1], example


def _encode(number: int, example: Example, encoder: Encoder, param: str) -> Encoded:
    try:
        encoded = encoder.encode(example.messages)
    except TemplateUnfit as error:
        raise InvalidDataset(number, error.message, param=param) from error
    if not encoded.learned:
        raise InvalidDataset(number, "the assistant's messages have no tokens; there is nothing to learn from it", param=param)
    return encoded


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _count(lines: list[int]) -> str:
    return "1 example is" if len(lines) == 1 else f"{len(lines)} examples are"


def _lines(lines: list[int]) -> str:
    named = ", ".join(str(number) for number in lines[:NAMED_LINES])
    more = f" and {len(lines) - NAMED_LINES} more" if len(lines) > NAMED_LINES else ""
    return f"line{'s' if len(lines) > 1 else ''} {named}{more}"
