"""Turns what was asked for into numbers: the `auto` policy, steps, tokens, and what time and memory they will take.

The policy for `auto`, chosen by trying it on models of 100 to 1,000 million weights:

    batch size      a fortieth of the examples, between 4 and 16
    epochs          as many as make 40 steps, between 1 and 8
    learning rate   five times 1e-4; every rate falls linearly to 0 after a warm-up over 5 % of the steps

LoRA wants about ten times the rate of full fine-tuning (Schulman et al. 2025, "LoRA Without Regret"). Small data needs passes
enough for the style to settle; beyond a few, small models start to learn the examples by heart.
"""

import json
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.training.data.validate import Dataset
from shared.contracts.fine_tuning import Hyperparameters, LoraOptions

LEARNING_RATE_UNIT = 1e-4  # what `learning_rate_multiplier` multiplies
AUTO_MULTIPLIER = 5.0
AUTO_STEPS = 40
WARMUP = 0.05
# Measured with this trainer in fp32 on cores with AVX2, the services running beside it. A GPU's pace differs too much to be guessed.
FLOPS_PER_CORE = 42e9
PASSES = 4  # operations for a weight and token: two forward, two backward (the frozen weights need no gradient)


@dataclass(frozen=True)
class Schedule:
    """The settled hyperparameters. `learning_rate` is absolute."""

    epochs: int
    batch_size: int
    learning_rate: float
    steps_per_epoch: int
    warmup_steps: int


@dataclass(frozen=True)
class Size:
    """How large things are; `seconds` is None where a GPU does the work. Bytes are rough: they decide what is refused or warned of."""

    tokens: int
    weight_bytes: int
    adapter_weights: int
    activation_bytes: int
    seconds: float | None

    @property
    def memory_bytes(self) -> int:
        """Memory of the training process at its peak, libraries (0.6 GB) included."""
        return 600_000_000 + self.weight_bytes + 16 * self.adapter_weights + self.activation_bytes

    @property
    def disk_bytes(self) -> int:
        """Space for three checkpoints (weights and two moments, 4 bytes each), the adapter twice, and the logs."""
        return (3 * 12 + 2 * 4) * self.adapter_weights + 20_000_000


def settle(asked: Hyperparameters, examples: int) -> Schedule:
    """Return the hyperparameters with every `auto` replaced by the policy's choice."""
    batch = min(16, max(4, examples // 40)) if asked.batch_size == "auto" else asked.batch_size
    batch = min(batch, examples)
    steps = math.ceil(examples / batch)
    epochs = min(8, math.ceil(AUTO_STEPS / steps)) if asked.n_epochs == "auto" else asked.n_epochs
    multiplier = AUTO_MULTIPLIER if asked.learning_rate_multiplier == "auto" else asked.learning_rate_multiplier
    return Schedule(epochs, batch, multiplier * LEARNING_RATE_UNIT, steps, math.ceil(WARMUP * epochs * steps))


def estimate(schedule: Schedule, dataset: Dataset, lora: LoraOptions, base: Path) -> Size:
    """Return what the training will take, from the base model's own files."""
    shape = _read_shape(base)
    tokens = schedule.epochs * dataset.tokens
    weights = _count_weights(base)
    rows = schedule.batch_size * max(dataset.lengths)
    seconds = None if has_gpu() else PASSES * weights * tokens / (FLOPS_PER_CORE * count_cores())
    return Size(tokens, 4 * weights, lora.rank * _lora_width(shape), _activation_bytes(shape, rows), seconds)


def describe(schedule: Schedule, dataset: Dataset, size: Size) -> str:
    """Return the estimate in words."""
    steps = schedule.epochs * schedule.steps_per_epoch
    time = f"about {_duration(size.seconds)} and " if size.seconds is not None else "about "
    return (
        f"{len(dataset.lengths):,} examples, {dataset.tokens:,} tokens ({dataset.learned_tokens:,} of them learned); "
        f"{schedule.epochs} epochs in batches of {schedule.batch_size}: {steps:,} steps, {size.tokens:,} tokens; "
        f"{time}{size.memory_bytes / 1e9:.1f} GB of memory."
    )


def has_gpu() -> bool:
    """Tell whether an NVIDIA GPU can be seen from here."""
    return Path("/dev/nvidiactl").exists() and os.environ.get("CUDA_VISIBLE_DEVICES") != ""


def count_cores() -> int:
    """Return the processor cores this process may use."""
    return len(os.sched_getaffinity(0))


def available_memory() -> int:
    """Return the bytes of memory that are free or can be made so."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))


def _read_shape(base: Path) -> dict[str, Any]:
    shape: dict[str, Any] = json.loads((base / "config.json").read_text())
    return {**shape, **shape.get("text_config", {})}


def _count_weights(base: Path) -> int:
    """Return the number of weights, from the headers' sizes; published models are stored with two bytes a weight."""
    return sum(path.stat().st_size for path in base.glob("*.safetensors")) // 2


def _lora_width(shape: dict[str, Any]) -> int:
    """Return inputs plus outputs of all linear layers: the number of an adapter's weights for each rank."""
    hidden, inner, layers = shape.get("hidden_size", 1024), shape.get("intermediate_size", 4096), shape.get("num_hidden_layers", 24)
    heads = shape.get("num_attention_heads", 16)
    width = shape.get("head_dim") or hidden // heads
    keys = width * shape.get("num_key_value_heads", heads)
    attention = 2 * (hidden + heads * width) + 2 * (hidden + keys)
    return int(layers * (attention + 3 * (hidden + inner)))


def _activation_bytes(shape: dict[str, Any], rows: int) -> int:
    """Return the bytes that the forward pass keeps for the backward pass, for `rows` tokens, padding included (fp32)."""
    hidden, inner, layers = shape.get("hidden_size", 1024), shape.get("intermediate_size", 4096), shape.get("num_hidden_layers", 24)
    return int(4 * rows * layers * (16 * hidden + 6 * inner))


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} seconds"
    return f"{round(seconds / 60)} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
