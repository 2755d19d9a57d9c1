"""Validates a dataset: reads its examples, encodes them, and reports by line which are too long. No example is truncated silently."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from services.training.data.encode import ChatEncoder, EncodedExample
from services.training.data.templates import ChatTemplateError
from shared.datasets import MIN_EXAMPLES, Example, number_examples
from shared.datasets.text_lines import read_chunks, split_lines
from shared.errors import InvalidDataset

MAX_LISTED_LINES = 10  # in a warning; the rest are counted


@dataclass(frozen=True)
class Dataset:
    """What a dataset contains.

    `lengths` are the examples' lengths in tokens. `truncated_lines` and `skipped_lines` are line numbers of examples that are too long;
    `num_without_end` counts those that do not end with the end token.
    """

    sha256: str
    lengths: list[int]
    num_labels: int
    truncated_lines: list[int]
    skipped_lines: list[int]
    num_without_end: int

    @property
    def num_tokens(self) -> int:
        """Tokens of all examples."""
        return sum(self.lengths)


@dataclass(frozen=True)
class _Row:
    """What became of one example: its line, and its tokens and labels within the limit."""

    line: int
    length: int
    num_labels: int
    is_truncated: bool
    has_end_token: bool


def validate_dataset(
    source: Path, target: Path, encoder: ChatEncoder, max_length: int, *, param: str, minimum: int = MIN_EXAMPLES
) -> Dataset:
    """Write the encoded examples of the JSONL file `source` to `target`; return what the dataset contains.

    An example longer than `max_length` tokens is truncated, and skipped if nothing of the assistant's messages remains.

    Raises:
        InvalidDataset: if a line is wrong, or if fewer than `minimum` examples remain.
    """
    with source.open("rb") as file, target.open("w") as output:
        lines = split_lines(read_chunks(file), param)
        rows = [_write_row(row, example, output.write) for row, example in _encode_rows(lines, encoder, max_length, param, minimum)]
    used = [row for row in rows if row.num_labels]
    if len(used) < minimum:
        raise InvalidDataset(0, f"Only {_count(len(used))} into {max_length} tokens; at least {minimum} must fit.", param=param)
    return Dataset(
        sha256=_hash_file(source),
        lengths=[row.length for row in used],
        num_labels=sum(row.num_labels for row in used),
        truncated_lines=[row.line for row in used if row.is_truncated],
        skipped_lines=[row.line for row in rows if not row.num_labels],
        num_without_end=sum(not row.is_truncated and not row.has_end_token for row in used),
    )


def describe_problems(dataset: Dataset, max_length: int) -> Iterator[str]:
    """Yield a sentence for everything about the dataset that the user should know."""
    if lines := dataset.truncated_lines:
        yield f"{_count(len(lines), 'is', 'are')} longer than {max_length} tokens and truncated there ({_list_lines(lines)})."
    if lines := dataset.skipped_lines:
        reason = f"the assistant's answer begins after {max_length} tokens"
        yield f"{_count(len(lines), 'is', 'are')} skipped because {reason} ({_list_lines(lines)})."
    if dataset.num_without_end:
        yield (
            f"{_count(dataset.num_without_end, 'has', 'have')} no end token after the answer, because the chat template adds none, "
            "so the model may not learn to stop."
        )


def _encode_rows(
    lines: Iterable[bytes], encoder: ChatEncoder, max_length: int, param: str, minimum: int
) -> Iterator[tuple[_Row, EncodedExample]]:
    for line, example in number_examples(lines, param=param, minimum=minimum):
        encoded = _encode(line, example, encoder, param)
        truncated = encoded.truncate(max_length)
        yield (
            _Row(
                line=line,
                length=len(truncated.input_ids),
                num_labels=truncated.num_labels,
                is_truncated=len(encoded.input_ids) > max_length,
                has_end_token=encoder.has_end_token(encoded),
            ),
            truncated,
        )


def _write_row(row: _Row, example: EncodedExample, write: Callable[[str], object]) -> _Row:
    if row.num_labels:
        write(json.dumps({"input_ids": example.input_ids, "labels": example.labels}) + "\n")
    return row


def _encode(line: int, example: Example, encoder: ChatEncoder, param: str) -> EncodedExample:
    try:
        encoded = encoder.encode(example.messages)
    except ChatTemplateError as error:
        raise InvalidDataset(line, error.message, param=param) from error
    if not encoded.num_labels:
        raise InvalidDataset(line, "the messages of the assistant must not be empty; the model learns to write them.", param=param)
    return encoded


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _count(count: int, singular: str = "fits", plural: str = "fit") -> str:
    return f"1 example {singular}" if count == 1 else f"{count} examples {plural}"


def _list_lines(lines: list[int]) -> str:
    listed = ", ".join(str(number) for number in lines[:MAX_LISTED_LINES])
    more = f" and {len(lines) - MAX_LISTED_LINES} more" if len(lines) > MAX_LISTED_LINES else ""
    return f"line{'s' if len(lines) > 1 else ''} {listed}{more}"
