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

Direct preference optimization needs less: a tenth of the learning rate, and at most 3 epochs, because it soon fits pairs by heart. Rafailov
et al. 2023 (arXiv:2305.18290, appendix B) trained all weights of their models with 1e-6, which is 1e-5 for LoRA, on tens of thousands of
pairs; the power law gives 1.2e-5 for 60,000.
"""

import math
from dataclasses import dataclass

from shared.contracts.fine_tuning import DpoHyperparameters, Hyperparameters, check_warmup

LEARNING_RATE_UNIT = 1e-4  # what `learning_rate_multiplier` multiplies
HORIZON_EXPONENT = 0.32
AUTO_STEPS = 40
MAX_AUTO_BATCH = 16


@dataclass(frozen=True)
class _Policy:
    """What `auto` is for a method: the most epochs, and the multiplier of a short and a very long training."""

    max_epochs: int
    multiplier: float
    min_multiplier: float


SUPERVISED = _Policy(max_epochs=8, multiplier=5.0, min_multiplier=1.0)
DPO = _Policy(max_epochs=3, multiplier=0.5, min_multiplier=0.1)


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
    policy = DPO if isinstance(requested, DpoHyperparameters) else SUPERVISED
    batch_size = min(MAX_AUTO_BATCH, max(4, num_examples // 40)) if requested.batch_size == "auto" else requested.batch_size
    batch_size = min(batch_size, num_examples)
    steps = math.ceil(num_examples / batch_size)
    epochs = min(policy.max_epochs, math.ceil(AUTO_STEPS / steps)) if requested.n_epochs == "auto" else requested.n_epochs
    multiplier = requested.learning_rate_multiplier
    if multiplier == "auto":
        multiplier = _choose_multiplier(policy, epochs * num_examples)
    return Schedule(epochs, batch_size, multiplier * LEARNING_RATE_UNIT, steps, _choose_warmup_steps(requested, epochs * steps))


def _choose_multiplier(policy: _Policy, trained_examples: int) -> float:
    """Return the multiplier for a training that sees this many examples, with two digits, so that the job shows it exactly."""
    share = math.pow(AUTO_STEPS * MAX_AUTO_BATCH / trained_examples, HORIZON_EXPONENT)
    return round(min(policy.multiplier, max(policy.min_multiplier, policy.multiplier * share)), 2)


def _choose_warmup_steps(requested: Hyperparameters, total_steps: int) -> int:
    if requested.warmup_steps == "auto":
        return min(math.ceil(requested.warmup_ratio * total_steps), total_steps - 1)
    check_warmup(requested, total_steps)
    return requested.warmup_steps
