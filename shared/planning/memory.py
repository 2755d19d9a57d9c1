"""The memory of a training, part by part, from the size of the base model.

Weights and optimizer are counted; activations are a formula whose factors were measured (`python -m benchmarks.training_memory`).
"""

from dataclasses import dataclass
from typing import Literal

from shared.planning.model_size import ModelSize

MethodName = Literal["full", "lora", "qlora"]
FP32, BF16 = 4, 2  # bytes of a number
# QLoRA (Dettmers et al. 2023): 4 bits for a weight, and the constants of each 64 weights, themselves quantized, 0.127 bits.
NF4 = (4 + 0.127) / 8
MOMENTS = 2  # AdamW keeps two for each trained weight
LIBRARY_BYTES = 600_000_000
FP32_FACTOR, BF16_FACTOR = 4.0, 2.4


@dataclass(frozen=True)
class Computation:
    """How a training is computed: with so many tokens at a time, padding included, and perhaps with activations computed twice."""

    tokens: int
    is_gpu: bool
    bf16: bool
    recompute: bool = False


@dataclass(frozen=True)
class TrainingMemory:
    """Bytes of memory. `libraries` is 0 on a GPU, whose memory they do not use."""

    weights: int
    gradients: int
    optimizer: int
    activations: int
    libraries: int

    @property
    def peak(self) -> int:
        """All parts together: they exist at the same time, when the backward pass has just begun a step after the first."""
        return self.weights + self.gradients + self.optimizer + self.activations + self.libraries


def estimate_memory(size: ModelSize, method: MethodName, trainable: int, computation: Computation) -> TrainingMemory:
    """Return the memory of a training of `trainable` parameters: an adapter's, or all."""
    number = BF16 if computation.bf16 else FP32
    weights, trained = number * size.parameters, number
    if method != "full":
        weights, trained = weights + FP32 * trainable, FP32
    if method == "qlora":
        weights -= int((number - NF4) * size.linear_parameters)
    return TrainingMemory(
        weights=weights,
        gradients=trained * trainable,
        optimizer=MOMENTS * trained * trainable,
        activations=estimate_activations(size, computation),
        libraries=0 if computation.is_gpu else LIBRARY_BYTES,
    )


def estimate_activations(size: ModelSize, computation: Computation) -> int:
    """Return what the forward pass keeps for the backward pass, in bytes, including what the allocator holds."""
    factor = BF16_FACTOR if computation.bf16 else FP32_FACTOR
    block = 22 * size.hidden + 8 * size.inner
    kept = size.layers * size.hidden + block if computation.recompute else size.layers * block
    return int(factor * computation.tokens * kept)
