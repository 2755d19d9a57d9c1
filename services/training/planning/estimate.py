"""Estimates what a training will take: tokens, memory, disk space, and time on a CPU."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.training.data.base_model import read_json
from services.training.data.validate import Dataset
from services.training.planning.hardware import count_cores, has_gpu, multiplies_bf16
from shared.contracts.fine_tuning import SupervisedMethod
from shared.planning.micro_batch import USEFUL_TOKENS, find_largest_useful
from shared.planning.schedule import Schedule

# Measured with this trainer in fp32 on cores with AVX2, while the services were running. The speed of GPUs differs too much to be guessed.
FLOPS_PER_CORE = 42e9
PASSES = 4  # operations per parameter and token: two forward, two backward (the frozen parameters need no gradient)
LIBRARY_BYTES = 600_000_000
# What a number that the backward pass needs takes of the process's memory, measured: in bf16, some of them are fp32.
FP32_BYTES, BF16_BYTES = 4.0, 2.4


@dataclass(frozen=True)
class Estimate:
    """What a training will take; `seconds` is None on a GPU. The bytes are rough, and were measured without a GPU.

    `activation_bytes` are those of a whole batch, `peak_activation_bytes` those of the examples that are computed at a time.
    """

    tokens: int
    weight_bytes: int
    adapter_parameters: int
    activation_bytes: int
    peak_activation_bytes: int
    seconds: float | None

    @property
    def memory_bytes(self) -> int:
        """Peak memory of the training process without a GPU, including its libraries. If there is less, it may get by with less."""
        return LIBRARY_BYTES + self.weight_bytes + 16 * self.adapter_parameters + self.peak_activation_bytes

    @property
    def disk_bytes(self) -> int:
        """Space for three checkpoints (parameters and two moments, 4 bytes each), the adapters of three epochs twice, and the logs."""
        return (3 * 12 + 3 * 2 * 4) * self.adapter_parameters + 20_000_000


def estimate(schedule: Schedule, dataset: Dataset, method: SupervisedMethod, base: Path) -> Estimate:
    """Return what the training will take, from the files of the base model in the directory `base`."""
    config, longest = _read_config(base), max(dataset.lengths)
    tokens = schedule.epochs * dataset.num_tokens
    parameters = _count_parameters(base)
    bf16 = has_gpu() or multiplies_bf16()
    example_bytes = _estimate_activation_bytes(config, longest, BF16_BYTES if bf16 else FP32_BYTES)
    min_parts = min(method.hyperparameters.gradient_accumulation_steps, schedule.batch_size)
    return Estimate(
        tokens=tokens,
        weight_bytes=(2 if bf16 else 4) * parameters,
        adapter_parameters=method.lora.rank * _count_parameters_per_rank(config, method.lora.target_modules),
        activation_bytes=schedule.batch_size * example_bytes,
        peak_activation_bytes=find_largest_useful(schedule.batch_size, min_parts, longest, USEFUL_TOKENS) * example_bytes,
        seconds=None if has_gpu() else PASSES * parameters * tokens / (FLOPS_PER_CORE * count_cores()),
    )


def describe_estimate(schedule: Schedule, dataset: Dataset, expected: Estimate) -> str:
    """Return the estimate as a sentence. It says nothing of the time and memory on a GPU, which are not known."""
    steps = schedule.epochs * schedule.steps_per_epoch
    cost = "."
    if expected.seconds is not None:
        cost = f"; about {_format_duration(expected.seconds)} and {expected.memory_bytes / 1e9:.1f} GB of memory."
    return (
        f"{len(dataset.lengths):,} examples with {dataset.num_tokens:,} tokens, of which {dataset.num_labels:,} are learned; "
        f"{schedule.epochs} epochs in batches of {schedule.batch_size}: {steps:,} steps, {expected.tokens:,} tokens{cost}"
    )


def _read_config(base: Path) -> dict[str, Any]:
    config = read_json(base / "config.json")
    return {**config, **config.get("text_config", {})}


def _count_parameters(base: Path) -> int:
    """Return the number of parameters, from the size of the files; published models store two bytes per parameter."""
    return sum(path.stat().st_size for path in base.glob("*.safetensors")) // 2


def _count_parameters_per_rank(config: dict[str, Any], modules: str | list[str]) -> int:
    """Return inputs plus outputs of the adapted layers: the number of an adapter's parameters for each rank.

    A layer with a name that is not Llama's counts like the largest one.
    """
    hidden, inner, layers = _read_sizes(config)
    heads = config.get("num_attention_heads", 16)
    head_size = config.get("head_dim") or hidden // heads
    keys = head_size * config.get("num_key_value_heads", heads)
    sizes = {
        **dict.fromkeys(("q_proj", "o_proj"), hidden + heads * head_size),
        **dict.fromkeys(("k_proj", "v_proj"), hidden + keys),
        **dict.fromkeys(("gate_proj", "up_proj", "down_proj"), hidden + inner),
    }
    adapted = list(sizes) if isinstance(modules, str) else modules
    return int(layers * sum(sizes.get(name, hidden + inner) for name in adapted))


def _estimate_activation_bytes(config: dict[str, Any], tokens: int, bytes_per_number: float) -> int:
    """Return the memory that the forward pass keeps for the backward pass, for `tokens` tokens including padding.

    The factors include what the allocator holds: a Llama of 135 million parameters took 3.0 MB a token in fp32, and 1.8 MB in bf16.
    """
    hidden, inner, layers = _read_sizes(config)
    return int(bytes_per_number * tokens * layers * (22 * hidden + 8 * inner))


def _read_sizes(config: dict[str, Any]) -> tuple[int, int, int]:
    """Return hidden size, inner size of the feed-forward layers, and number of layers."""
    return config.get("hidden_size", 1024), config.get("intermediate_size", 4096), config.get("num_hidden_layers", 24)


def _format_duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} seconds"
    return f"{round(seconds / 60)} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
