"""Chooses the schedule of a training: epochs, batch size, learning rate, steps.

The policy for `auto`, found by experiments on models of 100 to 1,000 million parameters:

    batch size      a fortieth of the examples, between 4 and 16
    epochs          as many as make 40 steps, between 1 and 8
    learning rate   five times 1e-4 for up to 640 trained examples, counting every epoch; for more, times (640 / examples)^0.32, but at
                    least 1e-4

LoRA needs about ten times the learning rate of full fine-tuning (Schulman et al. 2025, "LoRA Without Regret"). A small dataset
needs several passes until the model picks up its style; with more than a few, small models start to memorize the examples.

The longer a training, the lower its best learning rate: a power law with the exponent of Bjorck et al. 2024, "Scaling Optimal LR Across
Token Horizons" (arXiv:2409.19913), who found it for pre-training. It starts at 640 examples, the 40 steps of `auto` with the largest batch.
"""

import math
from dataclasses import dataclass

from shared.contracts.fine_tuning import Hyperparameters, check_warmup

LEARNING_RATE_UNIT = 1e-4  # what `learning_rate_multiplier` multiplies
AUTO_MULTIPLIER = 5.0
MIN_AUTO_MULTIPLIER = 1.0
HORIZON_EXPONENT = 0.32
AUTO_STEPS = 40
MAX_AUTO_BATCH = 16


@dataclass(frozen=True)
class Schedule:
    """Hyperparameters without `auto`. `learning_rate` is absolute."""

    epochs: int
    batch_size: int
    learning_rate: float
    steps_per_epoch: int
    warmup_steps: int


def choose_schedule(requested: Hyperparameters, num_examples: int) -> Schedule:
    """Return the requested hyperparameters, with every `auto` replaced by the policy's choice.

    Raises:
        InvalidRequest: if the warm-up would take the whole training.
    """
    batch_size = min(MAX_AUTO_BATCH, max(4, num_examples // 40)) if requested.batch_size == "auto" else requested.batch_size
    batch_size = min(batch_size, num_examples)
    steps = math.ceil(num_examples / batch_size)
    epochs = min(8, math.ceil(AUTO_STEPS / steps)) if requested.n_epochs == "auto" else requested.n_epochs
    multiplier = requested.learning_rate_multiplier
    if multiplier == "auto":
        multiplier = _choose_multiplier(epochs * num_examples)
    return Schedule(epochs, batch_size, multiplier * LEARNING_RATE_UNIT, steps, _choose_warmup_steps(requested, epochs * steps))


def _choose_multiplier(trained_examples: int) -> float:
    """Return the multiplier for a training that sees this many examples, with two digits, so that the job shows it exactly."""
    share = math.pow(AUTO_STEPS * MAX_AUTO_BATCH / trained_examples, HORIZON_EXPONENT)
    return round(AUTO_MULTIPLIER * min(1.0, max(MIN_AUTO_MULTIPLIER / AUTO_MULTIPLIER, share)), 2)


def _choose_warmup_steps(requested: Hyperparameters, total_steps: int) -> int:
    if requested.warmup_steps == "auto":
        return min(math.ceil(requested.warmup_ratio * total_steps), total_steps - 1)
    check_warmup(requested, total_steps)
    return requested.warmup_steps
