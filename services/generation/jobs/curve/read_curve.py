"""Reads the losses of a fine-tuning job from its events of the type `metrics`. Knows nothing of pictures."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.records.jobs import UNFINISHED, Job


@dataclass(frozen=True)
class Point:
    """The mean loss at a training step, in nats per token. Steps count from 1."""

    step: int
    loss: float


@dataclass(frozen=True)
class Curve:
    """What was measured so far. `step` is the last step with an event, and `total_steps` the number that is planned; both may be 0."""

    job_id: str
    model: str
    status: str
    has_ended: bool
    step: int
    total_steps: int
    training: Sequence[Point]
    validation: Sequence[Point]


def read_curve(job: Job, metrics: Iterable[Mapping[str, Any]]) -> Curve:
    """Return the curve of a job; `metrics` has the data of its events, oldest first.

    What was reported twice for a step, because a worker resumed from an earlier checkpoint, counts as the last event has it. A loss that
    is not a finite number is left out.
    """
    by_step: dict[int, dict[str, Any]] = {}
    for fields in metrics:
        step = int(fields["step"])
        by_step[step] = {**by_step.get(step, {}), **fields}
    last = max(by_step, default=0)
    return Curve(
        job_id=job.id,
        model=str(job.spec["model"]),
        status=job.status,
        has_ended=job.status not in UNFINISHED,
        step=last,
        total_steps=max(last, int(by_step[last]["total_steps"])) if last else 0,
        training=_list_points(by_step, "train_loss"),
        validation=_list_points(by_step, "valid_loss"),
    )


def _list_points(by_step: Mapping[int, Mapping[str, Any]], name: str) -> list[Point]:
    losses = ((step, fields.get(name)) for step, fields in sorted(by_step.items()))
    return [Point(step, float(loss)) for step, loss in losses if isinstance(loss, int | float) and math.isfinite(loss)]
