"""Estimates what a training will take: tokens, memory, and disk space. The time depends on a measured speed (`calibration/`)."""

import math
from dataclasses import dataclass, replace
from pathlib import Path

from services.training.data.base_model import read_json
from services.training.data.validate import Dataset
from services.training.planning.hardware import has_gpu, multiplies_bf16
from shared.contracts.fine_tuning import DpoMethod, SupervisedMethod
from shared.planning.memory import Computation, TrainingMemory, estimate_activations, estimate_memory, name_method
from shared.planning.micro_batch import USEFUL_TOKENS, find_largest_useful
from shared.planning.model_size import ModelSize, read_model_size
from shared.planning.schedule import Schedule

IN_4BIT = (
    " During the training, the base model is in 4 bits. The engine serves the adapter with the base model as it is, so its "
    "answers and probabilities are not exactly those that are measured during the training."
)


@dataclass(frozen=True)
class Estimate:
    """What a training will take. `activation_bytes` are those of a whole batch.

    `memory` is that of the training process without a GPU, if there is enough for as many examples at a time as are useful.
    """

    tokens: int
    memory: TrainingMemory
    adapter_parameters: int
    activation_bytes: int
    load_in_4bit: bool = False

    @property
    def memory_bytes(self) -> int:
        """Peak memory of the training process without a GPU, including its libraries. If there is less, it may get by with less."""
        return self.memory.peak

    @property
    def disk_bytes(self) -> int:
        """Space for three checkpoints (parameters and two moments, 4 bytes each), the adapters of four epochs twice, and the logs."""
        return (3 * 12 + 4 * 2 * 4) * self.adapter_parameters + 20_000_000


def estimate(schedule: Schedule, dataset: Dataset, method: SupervisedMethod | DpoMethod, base: Path) -> Estimate:
    """Return what the training will take, from the files of the base model in the directory `base`."""
    size, longest = read_size(base), dataset.longest
    tokens = schedule.epochs * dataset.num_tokens
    adapter_parameters = size.count_adapter_parameters(method.lora.rank, method.lora.target_modules)
    min_parts = min(method.hyperparameters.gradient_accumulation_steps, schedule.batch_size)
    at_a_time = find_largest_useful(schedule.batch_size, min_parts, longest, USEFUL_TOKENS)
    tokens_at_a_time = at_a_time * longest
    learned = math.ceil(tokens_at_a_time * dataset.num_labels / dataset.num_tokens)
    bf16, accumulates = has_gpu() or multiplies_bf16(), at_a_time < schedule.batch_size
    computation = Computation(
        tokens_at_a_time, learned, is_gpu=False, bf16=bf16, accumulates=accumulates, length=count_longest_chat(dataset)
    )
    on_this_device = replace(computation, is_gpu=has_gpu())
    return Estimate(
        tokens=tokens,
        memory=estimate_memory(size, name_method(method.lora.load_in_4bit), adapter_parameters, computation),
        adapter_parameters=adapter_parameters,
        activation_bytes=schedule.batch_size // at_a_time * estimate_activations(size, on_this_device),
        load_in_4bit=method.lora.load_in_4bit,
    )


def describe_estimate(schedule: Schedule, dataset: Dataset, expected: Estimate) -> str:
    """Return the estimate as a sentence, and another one if the base model is in 4 bits. It says nothing of the memory on a GPU."""
    steps = schedule.epochs * schedule.steps_per_epoch
    cost, note = ".", IN_4BIT if expected.load_in_4bit else ""
    if not has_gpu():
        cost = f"; about {expected.memory_bytes / 1e9:.1f} GB of memory."
    return (
        f"{_count(dataset.num_examples, 'example')} with {dataset.num_tokens:,} tokens, of which {dataset.num_labels:,} are learned; "
        f"{_count(schedule.epochs, 'epoch')} in batches of {schedule.batch_size}: {_count(steps, 'step')}, {expected.tokens:,} tokens"
        f"{cost}{note}"
    )


def count_longest_chat(dataset: Dataset) -> int:
    """Return the tokens of the longest chat. A preference pair has two, which are computed side by side."""
    return dataset.longest // (2 if dataset.longest_pair else 1)


def read_size(base: Path) -> ModelSize:
    """Return the size of the base model. If its kind is not known, its parameters follow from the size of its files.

    Published models store two bytes per parameter.
    """
    size = read_model_size(read_json(base / "config.json"))
    if size.is_known:
        return size
    return replace(size, parameters=sum(path.stat().st_size for path in base.glob("*.safetensors")) // 2)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
