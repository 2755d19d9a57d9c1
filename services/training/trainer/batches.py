"""How examples are put into batches, grouped by length, and the trainer that takes them in this order."""

import random
from collections.abc import Callable, Iterator
from typing import Any

from torch.utils.data import DataLoader, Sampler, SequentialSampler
from trl.trainer.sft_trainer import SFTTrainer

from services.training.planning.execution import Execution
from services.training.planning.plan import Plan
from services.training.trainer.parallel.agreement import collect, count_ranks, get_rank
from services.training.trainer.parallel.sharding import average_gradients
from services.training.trainer.parallel.shares import ShareOfBatches, WithFiller, count_learned


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
    """TRL's trainer, with batches of similar length in an order that a resumed training repeats.

    Several processes share each batch. accelerate would fill incomplete batches with examples of others.
    """

    def __init__(self, plan: Plan, execution: Execution, **options: Any) -> None:
        self._plan = plan
        self.execution = execution
        self._validated: list[tuple[float, int]] = []  # of each batch of this process: the mean loss, and the number of examples
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

    def evaluation_loop(self, *batches: Any, **options: Any) -> Any:
        """Return the measures of a validation, with the mean loss of the examples of all processes."""
        self._validated = []
        output = super().evaluation_loop(*batches, **options)
        if count_ranks() > 1:
            measured = collect(self._validated)
            total = sum(number for _, number in measured)
            output.metrics["eval_loss"] = sum(loss * number for loss, number in measured) / total  # type: ignore[index]
        return output

    def prediction_step(self, model: Any, inputs: Any, *options: Any, **named: Any) -> Any:
        """Return the loss of a batch of the validation. One of several processes notes it."""
        if count_ranks() == 1:
            return super().prediction_step(model, inputs, *options, **named)
        number = count_learned(inputs["labels"])
        loss, *rest = super().prediction_step(model, inputs, *options, **named)
        self._validated.append((float(loss), number))
        return loss, *rest

    def _get_dataloader(
        self,
        dataset: Any,
        description: str,
        batch_size: int,
        sampler_fn: Any = None,
        is_training: bool = False,
        dataloader_key: str | None = None,
    ) -> Any:
        """Return the batches that this process computes."""
        if count_ranks() == 1:
            return super()._get_dataloader(dataset, description, batch_size, sampler_fn, is_training, dataloader_key)
        examples: Any = self._remove_unused_columns(dataset, description=description)
        positions = (sampler_fn and sampler_fn(examples)) or SequentialSampler(examples)
        batches: Any = ShareOfBatches(positions, batch_size, get_rank(), count_ranks())
        return DataLoader(
            WithFiller(examples),  # type: ignore[arg-type]  # positions may be None
            batch_sampler=batches,
            collate_fn=self.data_collator,
            pin_memory=self.args.dataloader_pin_memory,
        )

    def _sync_replicated_trainable_parameters(self, model: Any) -> None:
        """Average the gradients of the adapter, which all processes have, while the base model is shared among them.

        transformers' own needs an operation that gloo does not have.
        """
        average_gradients(model, lambda: self.accelerator.sync_gradients)

    def create_model_card(self, *_: Any, **__: Any) -> None:
        """Write no model card: only this trainer reads its checkpoints."""


def list_lengths(examples: Any) -> list[int]:
    """Return the tokens that each example takes in a batch. The two chats of a preference pair are padded to the same length."""
    return [2 * max(map(len, ids)) if _is_pair(ids) else len(ids) for ids in examples["input_ids"]]


def _count_tokens(ids: list[Any]) -> int:
    return sum(map(len, ids)) if _is_pair(ids) else len(ids)


def _is_pair(ids: list[Any]) -> bool:
    return isinstance(ids[0], list)
