"""Which epoch is the best, and when the training stops early."""

import json
from pathlib import Path

import pytest

from services.training.planning.plan import Plan
from services.training.trainer.epochs.validation import (
    Validation,
    find_best,
    has_stopped_early,
    list_superseded,
    list_validations,
    shorten,
)
from tests.unit.training.cases import make_plan


def validations_of(*losses: float) -> list[Validation]:
    return [Validation(10 * number, loss) for number, loss in enumerate(losses, 1)]


def plan_with(patience: int | None, threshold: float = 0.0) -> Plan:
    return make_plan(epochs=9, steps_per_epoch=10, validation=True, patience=patience, threshold=threshold)


def test_the_best_validation_is_the_first_with_the_lowest_loss() -> None:
    assert find_best(validations_of(3, 1, 2, 1)) == Validation(20, 1)
    assert find_best([]) is None


@pytest.mark.parametrize(
    ("patience", "threshold", "losses", "expected"),
    [
        (1, 0.0, (3, 2, 1), False),
        (1, 0.0, (3, 3), True),  # not lower
        (2, 0.0, (3, 4), False),
        (2, 0.0, (3, 4, 3.5), True),  # lower than the one before, not than the lowest
        (2, 0.0, (3, 4, 2, 4), False),  # counted again after a lower one
        (1, 0.5, (3, 2.6), True),
        (1, 0.5, (3, 2.4), False),
        (2, 0.5, (3, 2.8, 2.4), True),  # compared with 2.8
        (None, 0.0, (1, 2, 3, 4), False),
        (1, 0.0, (), False),
        (1, 0.0, (3,), False),
    ],
)
def test_a_training_stops_after_validations_in_a_row_without_a_lower_loss(
    patience: int | None, threshold: float, losses: tuple[float, ...], expected: bool
) -> None:
    assert has_stopped_early(plan_with(patience, threshold), validations_of(*losses)) is expected


def test_the_adapters_of_the_last_epochs_and_of_the_best_are_not_superseded() -> None:
    assert list_superseded(validations_of(4, 1, 2, 3, 4, 5)) == [10, 30]
    assert list_superseded(validations_of(4, 1, 2)) == []


def write_checkpoint(folder: Path, *losses: float) -> Path:
    """Write a log as transformers does: the training loss and the validation loss of a step are entries of their own."""
    entries = [{"step": each.step, "loss": 2.0} for each in validations_of(*losses)]
    history = entries + [{"step": each.step, "eval_loss": each.loss, "eval_runtime": 1.0} for each in validations_of(*losses)]
    (folder / "trainer_state.json").write_text(json.dumps({"log_history": history}))
    assert list_validations(history) == validations_of(*losses)
    return folder


def test_a_training_that_had_stopped_at_its_checkpoint_has_no_more_epochs(tmp_path: Path) -> None:
    assert shorten(plan_with(2), write_checkpoint(tmp_path, 1, 2, 3)).epochs == 3
    for plan in (plan_with(3), plan_with(None)):
        assert shorten(plan, tmp_path) == plan


def test_a_checkpoint_without_a_log_shortens_nothing(tmp_path: Path) -> None:
    assert shorten(plan_with(1), tmp_path) == plan_with(1)
