"""The schedule: what `auto` becomes."""

from typing import Any

import pytest

from shared.contracts.fine_tuning import DpoHyperparameters, Hyperparameters
from shared.errors import InvalidRequest
from shared.planning.schedule import choose_schedule


@pytest.mark.parametrize("examples", [10, 40, 160, 1000, 100_000])
def test_auto_gives_a_reasonable_training_for_any_number_of_examples(examples: int) -> None:
    schedule = choose_schedule(Hyperparameters(), examples)
    assert 1 <= schedule.epochs <= 8
    assert 4 <= schedule.batch_size <= 16
    assert schedule.steps_per_epoch * schedule.batch_size >= examples > (schedule.steps_per_epoch - 1) * schedule.batch_size
    assert 1 <= schedule.warmup_steps < schedule.epochs * schedule.steps_per_epoch


def test_a_small_dataset_gets_more_epochs_than_a_large_one() -> None:
    assert choose_schedule(Hyperparameters(), 20).epochs > choose_schedule(Hyperparameters(), 2000).epochs


def test_requested_hyperparameters_are_used() -> None:
    schedule = choose_schedule(Hyperparameters(n_epochs=5, batch_size=7, learning_rate_multiplier=0.5), 100)
    assert (schedule.epochs, schedule.batch_size, schedule.learning_rate) == (5, 7, 0.5e-4)


def test_the_warm_up_is_a_share_of_the_steps_or_a_number_of_them() -> None:
    options: list[dict[str, Any]] = [{}, {"warmup_ratio": 0.5}, {"warmup_ratio": 0}, {"warmup_steps": 7}, {"warmup_steps": 0}]
    steps = [choose_schedule(Hyperparameters(n_epochs=2, batch_size=4, **each), 40).warmup_steps for each in options]
    assert steps == [1, 10, 0, 7, 0]
    assert choose_schedule(Hyperparameters(n_epochs=1, batch_size=10), 10).warmup_steps == 0  # a single step


def test_a_warm_up_that_takes_all_steps_is_refused() -> None:
    with pytest.raises(InvalidRequest, match=r"must be less than the 20 steps of this training; got 20\.") as caught:
        choose_schedule(Hyperparameters(n_epochs=2, batch_size=4, warmup_steps=20), 40)
    assert caught.value.param == "method.supervised.hyperparameters.warmup_steps"


@pytest.mark.parametrize(
    ("examples", "epochs", "multiplier"),
    [(10, 8, 5), (160, 4, 5), (640, 1, 5), (640, 10, 2.39), (10_000, 1, 2.07), (97_000, 1, 1), (10**9, 50, 1)],
)
def test_the_learning_rate_falls_with_the_number_of_trained_examples(examples: int, epochs: int, multiplier: float) -> None:
    assert choose_schedule(Hyperparameters(n_epochs=epochs), examples).learning_rate == multiplier * 1e-4


@pytest.mark.parametrize(
    ("examples", "epochs", "multiplier"), [(10, 3, 0.5), (100, 2, 0.5), (640, 1, 0.5), (60_000, 1, 0.12), (10**6, 1, 0.1)]
)
def test_preference_pairs_are_trained_more_gently(examples: int, epochs: int, multiplier: float) -> None:
    schedule = choose_schedule(DpoHyperparameters(), examples)
    assert (schedule.epochs, schedule.learning_rate) == (epochs, multiplier * 1e-4)
    assert choose_schedule(DpoHyperparameters(n_epochs=9, learning_rate_multiplier=2), examples).epochs == 9


def test_a_batch_is_never_larger_than_the_dataset() -> None:
    assert choose_schedule(Hyperparameters(batch_size=256), 12).batch_size == 12
