"""What the worker and the training process tell each other: the plan going in, one JSON line for each message coming out.

The plan is made once and kept in the job's work folder, so that a worker that takes the job over trains the same thing.
Knows nothing of how either side works.
"""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

FINISHED = "finished"  # in a checkpoint's folder: it was written to its end


@dataclass(frozen=True)
class Shape:
    """The adapter's shape (Hu et al. 2021): rank `r`, scale `alpha / r`, dropout."""

    rank: int
    alpha: float
    dropout: float


@dataclass(frozen=True)
class Plan:
    """All that the training process needs to know. `base` is a directory or a Hugging Face id, lengths are in tokens."""

    base: str
    folder: str
    epochs: int
    batch_size: int
    learning_rate: float
    warmup_steps: int
    steps_per_epoch: int
    shape: Shape
    seed: int
    checkpoint_seconds: float
    activation_bytes: int
    validation: bool = False

    @property
    def total_steps(self) -> int:
        """Optimizer steps of the whole training."""
        return self.epochs * self.steps_per_epoch


@dataclass(frozen=True)
class Message:
    """A line from the training process. `failed` carries code and message, `trained` the metrics."""

    kind: Literal["progress", "trained", "failed"]
    fields: dict[str, Any] = field(default_factory=dict)


Report = Callable[[Message], None]


class LossNotFinite(Exception):
    """The loss became infinite or not a number, so there is nothing left to learn from it."""


@dataclass(frozen=True)
class Folder:
    """The files of a job's work folder."""

    path: Path

    @property
    def plan(self) -> Path:
        """The plan, as JSON."""
        return self.path / "plan.json"

    @property
    def checkpoints(self) -> Path:
        """Holds `checkpoint-<step>` folders."""
        return self.path / "checkpoints"

    @property
    def adapter(self) -> Path:
        """The trained adapter, before it is published."""
        return self.path / "adapter"

    @property
    def log(self) -> Path:
        """What the training process wrote to its standard error."""
        return self.path / "train.log"

    @property
    def examples(self) -> Path:
        """Examples that the training process scores at its end, as a JSON list."""
        return self.path / "examples.json"

    @property
    def scores(self) -> Path:
        """How it scored them, in the same order."""
        return self.path / "scores.json"

    def upload(self, name: str) -> Path:
        """The fetched file; `name` is `training` or `validation`."""
        return self.path / f"{name}.jsonl"

    def tokens(self, name: str) -> Path:
        """The encoded examples, one JSON object a line with `input_ids` and `labels`."""
        return self.path / f"{name}-tokens.jsonl"


def write_plan(plan: Plan) -> Path:
    """Store the plan in its folder, whole or not at all; return its path."""
    path = Folder(Path(plan.folder)).plan
    part = path.with_suffix(".part")
    part.write_text(json.dumps(asdict(plan), indent=1))
    part.replace(path)
    return path


def read_plan(path: Path) -> Plan:
    """Return the plan stored at `path`."""
    fields = json.loads(path.read_text())
    return Plan(**{**fields, "shape": Shape(**fields["shape"])})


def format_message(message: Message) -> str:
    """Return the message as one line, without its end."""
    return json.dumps({"kind": message.kind, **message.fields})


def parse_message(line: str) -> Message | None:
    """Return the message in a line of the training process's output, or None where a library printed something there."""
    try:
        fields = json.loads(line)
    except ValueError:
        return None
    if not isinstance(fields, dict) or fields.get("kind") not in ("progress", "trained", "failed"):
        return None
    return Message(fields.pop("kind"), fields)


def find_checkpoint(folder: Path) -> Path | None:
    """Return the newest checkpoint in `folder` that was written to its end, or None."""
    finished = [path for path in folder.glob("checkpoint-*") if (path / FINISHED).exists()]
    return max(finished, key=lambda path: int(path.name.rsplit("-", 1)[1]), default=None)


def finish_checkpoint(path: Path) -> None:
    """Mark a checkpoint as written to its end, once its bytes are on the disk."""
    for file in path.iterdir():
        force(file)
    (path / FINISHED).touch()


def force(path: Path) -> None:
    """Return once the file's bytes, or the directory's entries, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
