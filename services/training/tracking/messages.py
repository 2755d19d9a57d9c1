"""What the worker and a tracker's process tell each other: one JSON object a line.

The worker describes the run, and says at last how the job ended. The process says where the run is, how far it got, and what went wrong.
This module needs nothing but Python, because the process needs nothing else of Tandem.
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

Kind = Literal["started", "reported", "failed", "finished"]
Status = Literal["succeeded", "failed", "cancelled", "paused"]


@dataclass(frozen=True)
class RunDescription:
    """One run in one tracker. `options` is where the caller wants it; `config` are the parameters of the training, none of them nested.

    `key` names the run for all workers that the job may have: the job's id, with a number if the job has two runs of the same `type`.
    """

    type: Literal["wandb", "mlflow"]
    key: str
    job_id: str
    base: str
    options: dict[str, Any]
    config: dict[str, Any]

    @property
    def tags(self) -> list[str]:
        """Words that find the run."""
        return ["tandem/finetune", f"tandem/{self.base}", f"tandem/{self.job_id}"]


@dataclass(frozen=True)
class Outcome:
    """How a job ended, or that it is paused; `summary` is what is known about the result."""

    status: Status
    summary: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TrackerMessage:
    """A line. `started` says in `text` where the run is, with its `url` if there is one; `reported` has a step; `failed` says why."""

    kind: Kind
    text: str = ""
    url: str | None = None
    step: int = 0


def format_message(message: TrackerMessage) -> str:
    """Return the message as one line, without the newline."""
    return json.dumps(asdict(message))


def parse_message(line: str) -> TrackerMessage | None:
    """Return the message in a line, or None if a library printed that line."""
    try:
        fields = json.loads(line)
    except ValueError:
        return None
    is_message = isinstance(fields, dict) and fields.get("kind") in get_args(Kind)
    return TrackerMessage(**fields) if is_message else None


def write_line(value: RunDescription | Outcome) -> str:
    """Return a description or an outcome as a line for the tracker's process."""
    return json.dumps(asdict(value)) + "\n"
