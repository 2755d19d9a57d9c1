"""Stored chat completions as rows. `item.input` has the messages that the model got, `item.output_text` its answer."""

from collections.abc import Iterator
from typing import Any

from services.evaluation.datasets.distillation.read_completions import CompletionReader, StoredChat
from services.evaluation.evals.rows.row import Row
from services.evaluation.evals.sampling.shapes import read_shape

SAMPLING = ("temperature", "top_p", "seed", "max_completion_tokens")
INSTRUCTIONS = ("system", "developer")


def read_completion_rows(reader: CompletionReader, after: tuple[int, str] | None) -> Iterator[Row]:
    """Yield the completions that the reader selects behind `after`, newest first."""
    for window in reader.read(after):
        yield from map(_to_row, window.turns)


def _to_row(chat: StoredChat) -> Row:
    shape, messages = read_shape(chat.body), list(chat.messages)
    item = {
        "id": chat.id,
        "created_at": chat.body["created"],
        "model": chat.request["model"],
        "metadata": dict(chat.metadata),
        "instructions": next((message.get("content") for message in messages if message.get("role") in INSTRUCTIONS), None),
        "input": messages,
        "output": shape["output"],
        "output_text": shape["output_text"],
        "tools": chat.request.get("tools") or [],
    }
    sampling: dict[str, Any] = {name: chat.request[name] for name in SAMPLING if name in chat.request}
    return Row(item, {**chat.body, "input": messages, **sampling}, chat.size)
