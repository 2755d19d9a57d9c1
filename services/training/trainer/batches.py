"""How examples are put into batches, grouped by length, and the trainer that takes them in this order."""

import random
from collections.abc import Callable, Iterator
from typing import Any

from torch.utils.data import Sampler
from trl.trainer.sft_trainer import SFTTrainer

from services.training.planning.execution import Execution
from services.training.planning.plan import Plan


class LengthGroupedSampler(Sampler[int]):
    """Positions of examples, ordered so that each batch holds examples of similar length and the batches come in random order.

    So there is hardly any padding, and no order by length. The order depends only on `seed` and `epoch()`. An incomplete batch comes
    last, so that all others are full; which examples it holds is random, so that the shortest are not always the last that are trained.
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
        first = self._batch_size * rng.randrange(len(order) // self._batch_size + 1)
        last = first + len(order) % self._batch_size
        rest, order = order[first:last], order[:first] + order[last:]
        batches = [order[start : start + self._batch_size] for start in range(0, len(order), self._batch_size)]
        rng.shuffle(batches)
        return iter([position for batch in [*batches, rest] for position in batch])


class AnswerTrainer(SFTTrainer):
    """TRL's trainer, with batches of similar length in an order that a resumed training repeats."""

    def __init__(self, plan: Plan, execution: Execution, **options: Any) -> None:
        self._plan = plan
        self.execution = execution
        super().__init__(**options)

    def _get_train_sampler(self, train_dataset: Any = None) -> Sampler[int]:  # noqa: ARG002  TRL's signature
        steps_per_epoch = self._plan.steps_per_epoch
        lengths = list_lengths(self.train_dataset)
        return LengthGroupedSampler(lengths, self.group, self._plan.seed, lambda: self.state.global_step // steps_per_epoch)

    @property
    def group(self) -> int:
        """How many examples of similar length stay together."""
        return self.execution.group

    @property
    def num_tokens(self) -> int:
        """Tokens of all training examples, without padding."""
        examples: Any = self.train_dataset
        return sum(_count_tokens(ids) for ids in examples["input_ids"])

    def create_model_card(self, *_: Any, **__: Any) -> None:
        """Write no model card: only this trainer reads its checkpoints."""


def list_lengths(examples: Any) -> list[int]:
    """Return the tokens that each example takes in a batch. The two chats of a preference pair are padded to the same length."""
    return [2 * max(map(len, ids)) if _is_pair(ids) else len(ids) for ids in examples["input_ids"]]


def _count_tokens(ids: list[Any]) -> int:
    return sum(map(len, ids)) if _is_pair(ids) else len(ids)


def _is_pair(ids: list[Any]) -> bool:
    return isinstance(ids[0], list)
