"""Validates preference pairs and encodes them: for each pair, the chat with the preferred answer and the chat with the other one.

Only the answer is learned, not earlier messages of the assistant. A pair is trained as a whole or not at all.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from services.training.data.chat_format import ChatTemplateError
from services.training.data.encode import ChatEncoder, EncodedExample
from services.training.data.validate import Dataset, Row, describe_rows
from shared.datasets import MIN_EXAMPLES, Preference, number_preferences
from shared.datasets.text_lines import read_chunks, split_lines
from shared.errors import InvalidDataset


def validate_preferences(
    source: Path, target: Path, encoder: ChatEncoder, max_length: int, *, param: str, minimum: int = MIN_EXAMPLES
) -> Dataset:
    """Write the encoded pairs of the JSONL file `source` to `target`; return what the dataset contains.

    A line of `target` has `input_ids` and `labels`, each a list of two: the preferred chat's, then the other's. A chat longer than
    `max_length` tokens is truncated. The pair is skipped if then an answer is gone, or the chats are the same.

    Raises:
        InvalidDataset: if a line is wrong, or if fewer than `minimum` pairs remain.
    """
    rows = []
    with source.open("rb") as file, target.open("w") as output:
        for line, pair in number_preferences(split_lines(read_chunks(file), param), param=param, minimum=minimum):
            chats = _encode(line, pair, encoder, param)
            truncated = [chat.truncate(max_length) for chat in chats]
            is_used = all(chat.num_labels for chat in truncated) and truncated[0].input_ids != truncated[1].input_ids
            rows.append(_describe(line, chats, truncated if is_used else [], encoder))
            if is_used:
                fields = {"input_ids": [chat.input_ids for chat in truncated], "labels": [chat.labels for chat in truncated]}
                output.write(json.dumps(fields) + "\n")
    return describe_rows(rows, source, max_length, param=param, minimum=minimum)


def _encode(line: int, pair: Preference, encoder: ChatEncoder, param: str) -> list[EncodedExample]:
    try:
        chats = list(_encode_answers(pair, encoder))
    except ChatTemplateError as error:
        raise InvalidDataset(line, error.message, param=param) from error
    if chats[0].input_ids == chats[1].input_ids:
        problem = "the chat template renders both answers to the same tokens, so there is nothing to prefer; change one or delete the pair."
        raise InvalidDataset(line, problem, param=param)
    return chats


def _encode_answers(pair: Preference, encoder: ChatEncoder) -> Iterator[EncodedExample]:
    """Yield the two chats. Each has a single answer that is learned, so it is one sequence of tokens."""
    for answer in (pair.preferred, pair.rejected):
        yield encoder.encode(pair.complete(answer).messages, pair.tools)[-1]


def _describe(line: int, chats: list[EncodedExample], used: list[EncodedExample], encoder: ChatEncoder) -> Row:
    """Return what became of the pair; `used` has its truncated chats, or nothing."""
    lengths = [len(chat.input_ids) for chat in used]
    return Row(
        line=line,
        lengths=[sum(lengths)] if used else [],
        num_labels=sum(chat.num_labels for chat in used),
        is_truncated=any(len(chat.input_ids) < len(whole.input_ids) for chat, whole in zip(used, chats, strict=False)),
        has_end_token=all(encoder.has_end_token(chat) for chat in chats),
        pair_length=2 * max(lengths, default=0),
    )
