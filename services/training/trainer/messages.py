"""What the training process reports to the worker: one JSON object a line on its standard output."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Kind = Literal["alive", "progress", "answers", "checkpoint", "paused", "trained", "failed"]


@dataclass(frozen=True)
class Message:
    """A line from the training process. `checkpoint` has the step, `trained` the metrics, `failed` a code and a message.

    `answers` has the step, and the answers to a few questions after it. `alive` only says that the training goes on, and `paused` that it
    ended early, after a checkpoint.
    """

    kind: Kind
    fields: dict[str, Any] = field(default_factory=dict)


Report = Callable[[Message], None]


def format_message(message: Message) -> str:
    """Return the message as one line, without the newline."""
    return json.dumps({"kind": message.kind, **message.fields})


def parse_message(line: str) -> Message | None:
    """Return the message in a line of the process's output, or None if a library printed that line."""
    try:
        fields = json.loads(line)
    except ValueError:
        return None
    if not isinstance(fields, dict) or fields.get("kind") not in get_args(Kind):
        return None
    return Message(fields.pop("kind"), fields)
