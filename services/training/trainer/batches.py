"""How examples are put into batches: grouped by length."""

import random
from collections.abc import Callable, Iterator

from torch.utils.data import Sampler


class LengthGroupedSampler(Sampler[int]):
    """Positions of examples, ordered so that each batch holds examples of similar length and the batches come in random order.

    So there is hardly any padding, and no order by length. The order depends only on `seed` and `epoch()`. An incomplete batch comes
    last, so that all others are full.
    """

    def __init__(self, lengths: list[int], batch_size: int, seed: int, epoch: Callable[[], int]) -> None:
        self._lengths = lengths
        self._batch_size = batch_size
        self._seed = seed
        self._epoch = epoch

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[int]:
        rng = random.Random(f"{self._seed}-{self._epoch()}")  # noqa: S311  an order, not a secret
        blurred = [length * rng.uniform(0.95, 1.05) for length in self._lengths]
        order = sorted(range(len(blurred)), key=blurred.__getitem__)
        rng.shuffle(rest := order[: len(order) % self._batch_size])
        batches = [order[start : start + self._batch_size] for start in range(len(rest), len(order), self._batch_size)]
        rng.shuffle(batches)
        return iter([position for batch in [*batches, rest] for position in batch])
