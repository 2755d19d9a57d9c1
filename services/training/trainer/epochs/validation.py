"""The losses on the validation file: which epoch was the best, and whether the training stops early.

All of it follows from the log that is part of every checkpoint, so a training that resumes comes to the same conclusions.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from services.training.planning.plan import KEPT_EPOCHS, Plan

STATE = "trainer_state.json"  # transformers' file in a checkpoint


@dataclass(frozen=True)
class Validation:
    """The mean loss on the validation file after `step`, in nats per token, or per pair with preference pairs."""

    step: int
    loss: float


def list_validations(history: Iterable[Mapping[str, Any]]) -> list[Validation]:
    """Return the validations in a log, `log_history` of transformers' trainer."""
    return [Validation(entry["step"], entry["eval_loss"]) for entry in history if "eval_loss" in entry]


def find_best(validations: Sequence[Validation]) -> Validation | None:
    """Return the first validation with the lowest loss; None if there was none."""
    return min(validations, key=lambda validation: validation.loss, default=None)


def has_stopped_early(plan: Plan, validations: Sequence[Validation]) -> bool:
    """Return whether the loss has not fallen for as many validations as the plan has patience.

    As in transformers' `EarlyStoppingCallback`, each loss is compared with the lowest one before it.
    """
    waited, lowest = 0, math.inf
    for validation in validations:
        waited = 0 if validation.loss < lowest - plan.threshold else waited + 1
        lowest = min(lowest, validation.loss)
    return plan.patience is not None and waited >= plan.patience


def shorten(plan: Plan, checkpoint: Path) -> Plan:
    """Return the plan of a training that resumes from `checkpoint`: if it had stopped early there, that was its last epoch."""
    path = checkpoint / STATE
    validations = list_validations(json.loads(path.read_text())["log_history"]) if path.exists() else []
    return replace(plan, epochs=validations[-1].step // plan.steps_per_epoch) if has_stopped_early(plan, validations) else plan


def list_published(validations: Sequence[Validation]) -> list[Validation]:
    """Return those whose adapters will be published if none follows: the last ones, and the best one."""
    best = find_best(validations)
    return [validation for validation in validations if validation == best or validation in validations[-KEPT_EPOCHS:]]


def list_superseded(validations: Sequence[Validation]) -> list[int]:
    """Return the steps whose adapters will not be published: those before the last epochs, except the best one."""
    published = list_published(validations)
    return [validation.step for validation in validations if validation not in published]
