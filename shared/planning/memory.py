"""The memory of a training, part by part, from the size of the base model.

Weights, gradients and optimizer are counted. Activations are a formula whose factors were measured, without a GPU
(`python -m benchmarks.training memory`).
"""

from dataclasses import dataclass
from typing import Literal

from shared.planning.model_size import ModelSize

MethodName = Literal["full", "lora", "qlora"]
FP32, BF16 = 4, 2  # bytes of a number
# QLoRA (Dettmers et al. 2023): 4 bits for a weight, and 0.127 for the constants of its block of 64, which are quantized too.
NF4 = (4 + 0.127) / 8
MOMENTS = 2  # AdamW keeps two for each trained weight
LIBRARY_BYTES = 750_000_000
EXPERT_LIBRARY_BYTES = 400_000_000  # more with experts, measured without a GPU: the libraries keep something for each shape of a product
# A block keeps about 22 numbers for each of its width, and 8 for each of its inner width. What a number takes, measured: not all are kept.
FP32_FACTOR, BF16_FACTOR = 2.6, 1.4
# A block with experts keeps so many numbers for each of its width, and for each of that of its queries, keys and values, besides those of
# its experts; on a GPU a little more. If blocks keep their attention, some copies of one block's exist at a time. Measured, without a GPU.
EXPERTS_WIDTH, EXPERTS_ATTENTION = 6.5, 3
EXPERTS_OVERHEAD_ON_GPU = 1.15
ATTENTION_COPIES = 4
# TRL's output layer computes the probabilities of at most so many tokens and words of the vocabulary at a time. Without a GPU, it has
# several copies of this table at once, most of them in fp32.
TABLE_TOKENS, TABLE_WORDS = 4096, 32_768
TABLE_BYTES, TABLE_BYTES_ON_GPU = 30, 2
# An adapter that is trained without a GPU has computations of its own (`services/training/kernels`). A block keeps about 7 numbers for each
# of its width, and 4 for each of its inner width; what a number takes, measured, is a little more than its size. The output layer has three
# copies of a table of at most so many tokens and the whole vocabulary.
OWN_WIDTH, OWN_INNER = 7, 4
OWN_OVERHEAD = 1.15
OWN_TABLE_TOKENS, OWN_TABLE_BYTES = 128, 12


@dataclass(frozen=True)
class Computation:
    """How a training is computed: with so many tokens at a time, padding included, `learned` of which are learned.

    `accumulates` says whether a batch has several parts, whose gradients add up. With `recompute`, the activations of a block are computed
    twice, and only its input is kept. `length` is the tokens of the longest chat; if it is 0, there is only one.
    """

    tokens: int
    learned: int
    is_gpu: bool
    bf16: bool
    accumulates: bool = True
    recompute: bool = False
    length: int = 0


@dataclass(frozen=True)
class TrainingMemory:
    """Bytes of memory. `libraries` is 0 on a GPU, whose memory they do not use.

    The parts exist at the same time from the second step on, except that the gradients of a batch that is computed at once replace its
    activations, one by one, in the backward pass: then the larger of the two counts.
    """

    weights: int
    gradients: int
    optimizer: int
    activations: int
    libraries: int
    accumulates: bool = True

    @property
    def peak(self) -> int:
        """The most that is needed at a time."""
        changing = (self.gradients, self.activations)
        return self.weights + self.optimizer + self.libraries + (sum(changing) if self.accumulates else max(changing))


def name_method(load_in_4bit: bool) -> MethodName:
    """Return the method by which an adapter is trained: with the base model in 4 bits, it is QLoRA."""
    return "qlora" if load_in_4bit else "lora"


def estimate_memory(size: ModelSize, method: MethodName, trainable: int, computation: Computation) -> TrainingMemory:
    """Return the memory of a training of `trainable` parameters: an adapter's, or all.

    With QLoRA, the weights of one layer at a time are converted back for its products, which counts among the activations.
    """
    number = BF16 if computation.bf16 else FP32
    weights, trained = number * size.parameters, number
    activations = (_estimate_library_activations if method == "full" else estimate_activations)(size, computation)
    if method != "full":
        weights, trained = weights + FP32 * trainable, FP32
    if method == "qlora":
        weights -= int((number - NF4) * size.linear_parameters)
        activations += number * max(layer.inputs * layer.outputs for layer in size.linear)
    return TrainingMemory(
        weights=weights,
        gradients=trained * trainable,
        optimizer=MOMENTS * trained * trainable,
        activations=activations,
        libraries=0 if computation.is_gpu else LIBRARY_BYTES + (EXPERT_LIBRARY_BYTES if size.experts else 0),
        accumulates=computation.accumulates,
    )


def estimate_activations(size: ModelSize, computation: Computation) -> int:
    """Return, in bytes, what the forward pass keeps for the backward pass, and what the output layer needs, when both are at their most.

    It is that of an adapter's training.
    """
    if computation.is_gpu:
        return _estimate_library_activations(size, computation)
    number = OWN_OVERHEAD * (BF16 if computation.bf16 else FP32)
    table = OWN_TABLE_BYTES * min(computation.learned, OWN_TABLE_TOKENS) * size.vocabulary
    if size.experts:
        return _estimate_with_experts(size, computation) + table
    kept = _count_kept(size, computation, OWN_WIDTH * size.hidden + OWN_INNER * size.inner)
    return int(number * computation.tokens * kept) + table


def _estimate_library_activations(size: ModelSize, computation: Computation) -> int:
    """Return the same for the computations of transformers, PEFT and TRL."""
    table = min(computation.learned, TABLE_TOKENS) * min(size.vocabulary, TABLE_WORDS)
    table *= TABLE_BYTES_ON_GPU if computation.is_gpu else TABLE_BYTES
    if size.experts:
        return int(EXPERTS_OVERHEAD_ON_GPU * _estimate_with_experts(size, computation)) + table
    factor = BF16_FACTOR if computation.bf16 else FP32_FACTOR
    kept = _count_kept(size, computation, 22 * size.hidden + 8 * size.inner)
    return int(factor * computation.tokens * kept) + table


def _estimate_with_experts(size: ModelSize, computation: Computation) -> int:
    """Return what the blocks of a model with experts keep, in bytes."""
    attended = size.heads * (computation.length or computation.tokens) if size.keeps_attention else 0
    block = int(EXPERTS_WIDTH * size.hidden) + EXPERTS_ATTENTION * size.attention + size.expert_activations + attended
    kept = _count_kept(size, computation, block) + ATTENTION_COPIES * attended
    return (BF16 if computation.bf16 else FP32) * computation.tokens * kept


def _count_kept(size: ModelSize, computation: Computation, block: int) -> int:
    """Return how many numbers are kept for a token: all, or the inputs of the blocks, and all of one block."""
    return size.layers * size.hidden + block if computation.recompute else size.layers * block
