"""The memory of a training on a device, for any number of examples at a time. It knows neither files nor the devices that there are."""

from dataclasses import dataclass

from shared.planning.memory import Computation, MethodName, TrainingMemory, estimate_memory
from shared.planning.micro_batch import USEFUL_TOKENS, USEFUL_TOKENS_ON_GPU, find_largest_useful
from shared.planning.model_size import ModelSize


@dataclass(frozen=True)
class Training:
    """What is to be trained: examples of `length` tokens in batches, in at least `min_parts` parts. Tokens and price may be unknown.

    Each example consists of so many `chats`, which are computed side by side.
    """

    size: ModelSize
    adapter_parameters: int
    batch_size: int
    min_parts: int
    length: int
    total_tokens: int | None
    price_per_hour: float | None
    chats: int = 1

    def count_at_a_time(self, is_gpu: bool) -> int:
        """Return how many examples are computed at a time if memory is not short."""
        return find_largest_useful(self.batch_size, self.min_parts, self.length, USEFUL_TOKENS_ON_GPU if is_gpu else USEFUL_TOKENS)

    def compute(self, examples: int, is_gpu: bool, bf16: bool, *, recompute: bool = False) -> Computation:
        """Return how so many of the longest examples are computed at a time. Nobody knows yet which tokens are learned: all may be."""
        tokens = examples * self.length
        accumulates = examples < self.batch_size
        return Computation(tokens, tokens, is_gpu, bf16, accumulates, recompute, length=self.length // self.chats)

    def estimate(self, method: MethodName, computation: Computation) -> TrainingMemory:
        """Return the memory of the training with a method."""
        trainable = self.size.parameters if method == "full" else self.adapter_parameters
        return estimate_memory(self.size, method, trainable, computation)
