"""The estimate: what `auto` becomes, and what the training will take."""

from pathlib import Path

import pytest

from services.training.data.validate import Dataset
from services.training.planning.estimate import describe, estimate, settle
from shared.contracts.fine_tuning import Hyperparameters, LoraOptions
from tests.unit.training.cases import make_model_folder, make_schedule

HUNDRED = Dataset(sha256="0", lengths=[100] * 40, learned_tokens=400, cut=[], empty=[], endless=0)


@pytest.mark.parametrize("examples", [10, 40, 160, 1000, 100_000])
def test_auto_makes_a_reasonable_training_of_any_number_of_examples(examples: int) -> None:
    schedule = settle(Hyperparameters(), examples)
    assert 1 <= schedule.epochs <= 8
    assert 4 <= schedule.batch_size <= 16
    assert schedule.steps_per_epoch * schedule.batch_size >= examples > (schedule.steps_per_epoch - 1) * schedule.batch_size
    assert 1 <= schedule.warmup_steps < schedule.epochs * schedule.steps_per_epoch


def test_small_data_is_passed_over_more_often_than_large() -> None:
    assert settle(Hyperparameters(), 20).epochs > settle(Hyperparameters(), 2000).epochs


def test_what_was_asked_for_is_kept() -> None:
    schedule = settle(Hyperparameters(n_epochs=5, batch_size=7, learning_rate_multiplier=0.5), 100)
    assert (schedule.epochs, schedule.batch_size, schedule.learning_rate) == (5, 7, 0.5e-4)


def test_a_batch_is_never_larger_than_the_data() -> None:
    assert settle(Hyperparameters(batch_size=256), 12).batch_size == 12


def test_an_adapters_weights_are_counted_for_all_linear_layers(tmp_path: Path) -> None:
    size = estimate(make_schedule(), HUNDRED, LoraOptions(rank=2), make_model_folder(tmp_path / "model"))
    # inputs + outputs: query and output 8+8, keys and values 8+4, gate and up 8+16, down 16+8; two layers, rank 2
    assert size.adapter_weights == 2 * 2 * (2 * 16 + 2 * 12 + 3 * 24)
    assert size.tokens == 2 * 4000


def test_longer_examples_want_more_memory(tmp_path: Path) -> None:
    base = make_model_folder(tmp_path / "model")
    long = Dataset(sha256="0", lengths=[100] * 39 + [1000], learned_tokens=1, cut=[], empty=[], endless=0)
    sizes = [estimate(make_schedule(), dataset, LoraOptions(), base).memory_bytes for dataset in (HUNDRED, long)]
    assert sizes[0] < sizes[1]


def test_the_estimate_is_told_in_words(tmp_path: Path) -> None:
    schedule = make_schedule()
    size = estimate(schedule, HUNDRED, LoraOptions(), make_model_folder(tmp_path / "model"))
    words = describe(schedule, HUNDRED, size)
    assert words.startswith("40 examples, 4,000 tokens (400 of them learned); 2 epochs in batches of 4: 20 steps, 8,000 tokens; about ")
    assert words.endswith("0.6 GB of memory.")
