"""Validates a dataset: reads its examples, encodes them, and reports by line which are too long. No example is truncated silently."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.training.data.chat_format import ChatTemplateError
from services.training.data.encode import ChatEncoder, EncodedExample
from shared.datasets import MIN_EXAMPLES, Example, number_examples
from shared.datasets.checks.fit import LONGER, describe_too_few_fit
from shared.datasets.text_lines import read_chunks, split_lines
from shared.errors import InvalidDataset

MAX_LISTED_LINES = 10  # in a warning; the rest are counted


@dataclass(frozen=True)
class Dataset:
    """What a dataset contains.

    `lengths` are the lengths in tokens of what is trained: one sequence an example, and `num_extra` more, because a chat template may need
    one for each answer. `truncated_lines` and `skipped_lines` are line numbers of examples that are too long; `num_without_end` counts
    those that do not end with the end token. If the examples are preference pairs, a length is that of both chats, and `longest_pair` is
    the most tokens that a pair takes in a batch, in which its chats are padded to the same length.
    """

    sha256: str
    lengths: list[int]
    num_labels: int
    truncated_lines: list[int]
    skipped_lines: list[int]
    num_without_end: int
    num_extra: int = 0
    longest_pair: int = 0

    @property
    def longest(self) -> int:
        """The most tokens that an example takes in a batch."""
        return max(self.longest_pair, *self.lengths)

    @property
    def num_examples(self) -> int:
        """Examples of which something is trained."""
        return len(self.lengths) - self.num_extra

    @property
    def num_tokens(self) -> int:
        """Tokens of all examples."""
        return sum(self.lengths)


@dataclass(frozen=True)
class Row:
    """What became of one example: its line, and the lengths and labels of what is trained of it within the limit, which may be nothing."""

    line: int
    lengths: list[int]
    num_labels: int
    is_truncated: bool
    has_end_token: bool
    pair_length: int = 0


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
        rows = [_write_row(row, sequences, output.write) for row, sequences in _encode_rows(lines, encoder, max_length, param, minimum)]
    return describe_rows(rows, source, max_length, param=param, minimum=minimum)


def describe_rows(rows: Sequence[Row], source: Path, max_length: int, *, param: str, minimum: int) -> Dataset:
    """Return what the dataset in the file `source` contains.

    Raises:
        InvalidDataset: if fewer than `minimum` examples are trained.
    """
    used = [row for row in rows if row.lengths]
    if len(used) < minimum:
        raise InvalidDataset(0, describe_too_few_fit(len(used), len(rows), max_length, minimum), param=param)
    lengths = [length for row in used for length in row.lengths]
    return Dataset(
        sha256=_hash_file(source),
        lengths=lengths,
        num_labels=sum(row.num_labels for row in used),
        truncated_lines=[row.line for row in used if row.is_truncated],
        skipped_lines=[row.line for row in rows if not row.lengths],
        num_without_end=sum(not row.is_truncated and not row.has_end_token for row in used),
        num_extra=len(lengths) - len(used),
        longest_pair=max(row.pair_length for row in used),
    )


def describe_problems(dataset: Dataset, max_length: int) -> Iterator[str]:
    """Yield a sentence for everything about the dataset that the user should know."""
    if lines := dataset.truncated_lines:
        yield f"{_count(len(lines), 'is', 'are')} longer than {max_length} tokens and cut off there ({_list_lines(lines)}). {LONGER}"
    if lines := dataset.skipped_lines:
        reason = f"the assistant's answer begins after {max_length} tokens"
        if dataset.longest_pair:
            reason = f"an answer begins after {max_length} tokens, or both answers are the same up to there"
        yield f"{_count(len(lines), 'is', 'are')} skipped because {reason} ({_list_lines(lines)}). {LONGER}"
    if dataset.num_extra:
        yield (
            f"{_count(dataset.num_examples, 'is', 'are')} trained as {len(dataset.lengths):,} sequences, because some answers have other "
            "tokens once later messages follow; each of these is trained in a sequence that ends with it."
        )
    if dataset.num_without_end:
        yield (
            f"{_count(dataset.num_without_end, 'has', 'have')} no end token after the answer, because the chat template adds none, "
            "so the model may not learn to stop."
        )


def _encode_rows(
    lines: Iterable[bytes], encoder: ChatEncoder, max_length: int, param: str, minimum: int
) -> Iterator[tuple[Row, list[EncodedExample]]]:
    for line, example in number_examples(lines, param=param, minimum=minimum):
        sequences = _encode(line, example, encoder, param)
        truncated = [sequence.truncate(max_length) for sequence in sequences]
        used = [sequence for sequence in truncated if sequence.num_labels]
        yield (
            Row(
                line=line,
                lengths=[len(sequence.input_ids) for sequence in used],
                num_labels=sum(sequence.num_labels for sequence in used),
                is_truncated=any(len(sequence.input_ids) > max_length for sequence in sequences),
                has_end_token=all(encoder.has_end_token(sequence) for sequence in sequences),
            ),
            used,
        )


def _write_row(row: Row, sequences: Iterable[EncodedExample], write: Callable[[str], object]) -> Row:
    for sequence in sequences:
        write(json.dumps({"input_ids": sequence.input_ids, "labels": sequence.labels}) + "\n")
    return row


def _encode(line: int, example: Example, encoder: ChatEncoder, param: str) -> list[EncodedExample]:
    try:
        sequences = encoder.encode(example.messages, example.tools)
    except ChatTemplateError as error:
        raise InvalidDataset(line, error.message, param=param) from error
    if not any(sequence.num_labels for sequence in sequences):
        raise InvalidDataset(line, "the messages of the assistant must not be empty; the model learns to write them.", param=param)
    return sequences


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _count(count: int, singular: str, plural: str) -> str:
    return f"1 example {singular}" if count == 1 else f"{count} examples {plural}"


def _list_lines(lines: list[int]) -> str:
    listed = ", ".join(str(number) for number in lines[:MAX_LISTED_LINES])
    more = f" and {len(lines) - MAX_LISTED_LINES} more" if len(lines) > MAX_LISTED_LINES else ""
    return f"line{'s' if len(lines) > 1 else ''} {listed}{more}"
