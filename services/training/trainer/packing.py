"""Packs the examples of a step into as few rows of tokens as possible, instead of padding examples of similar length.

The tokens of an example see only each other: their positions start at 0, which tells transformers where an example begins. So the loss of
a step is that of the same examples without packing.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import torch

from services.training.planning.execution import Execution
from services.training.planning.plan import Plan
from services.training.trainer.batches import AnswerTrainer, list_lengths
from services.training.trainer.failures import PackingNotSupported
from services.training.trainer.parallel.agreement import collect
from services.training.trainer.parallel.shares import make_filler

MAX_ROW = 4096  # tokens; the table of which token sees which grows with the square
PROBE = 8  # tokens of each example in the check

Row = dict[str, torch.Tensor]
Example = dict[str, list[int]]


def choose_capacity(micro_batch: int, longest: int) -> int:
    """Return how many tokens the examples of a row may have together: at most as many as the longest ones of a micro-batch.

    An example with more than `MAX_ROW` gets a row of its own, which needs no table of which token sees which.
    """
    return min(micro_batch * longest, MAX_ROW)


def pack(lengths: Sequence[int], capacity: int) -> list[list[int]]:
    """Return the positions of `lengths` in rows, each of which adds up to at most `capacity`, or has a single longer one.

    Each is put into the first row that has space, longest first: at most 11/9 of the fewest possible rows (Johnson 1973).
    """
    rows: list[list[int]] = []
    free: list[int] = []
    for position in sorted(range(len(lengths)), key=lambda position: (-lengths[position], position)):
        row = next((number for number, space in enumerate(free) if space >= lengths[position]), len(rows))
        if row == len(rows):
            rows.append([])
            free.append(capacity)
        rows[row].append(position)
        free[row] -= lengths[position]
    return rows


def build_row(examples: Sequence[Example]) -> Row:
    """Return `input_ids`, `labels` and `position_ids` of the shape (1, tokens)."""
    row = {name: [token for example in examples for token in example[name]] for name in ("input_ids", "labels")}
    positions = [position for example in examples for position in range(len(example["input_ids"]))]
    return {name: torch.tensor([values]) for name, values in (*row.items(), ("position_ids", positions))}


def check_isolation(model: Any, ids: Sequence[int], vocabulary: int) -> None:
    """Check that the model does not let an example see the one before it in a row.

    Raises:
        PackingNotSupported: if it does: the same tokens have other logits after another example.
    """
    probe = list(ids[:PROBE])
    other = [(token + 1) % vocabulary for token in probe]
    rows = [build_row([{"input_ids": first, "labels": first}, {"input_ids": probe, "labels": probe}]) for first in (probe, other)]
    model.eval()
    with torch.no_grad():
        same, changed = (_compute_logits(model, row)[len(probe) :] for row in rows)
    if not torch.equal(same, changed):
        raise PackingNotSupported("The base model lets an example see the others in its row, so examples cannot be packed.")


def _compute_logits(model: Any, row: Row) -> torch.Tensor:
    ids, positions = row["input_ids"].to(model.device), row["position_ids"].to(model.device)
    logits: torch.Tensor = model(input_ids=ids, position_ids=positions, use_cache=False).logits[0]
    return logits


class PackingTrainer(AnswerTrainer):
    """Computes each step from rows of packed examples. As many tokens as the longest examples of a micro-batch have fit into a row.

    The batch of a step comes in random order, since no example is padded to the length of another. Validation is not packed.
    """

    def __init__(self, plan: Plan, execution: Execution, **options: Any) -> None:
        super().__init__(plan, execution, **options)
        longest = max(list_lengths(self.train_dataset))
        self._capacity = choose_capacity(execution.micro_batch, longest)
        self._pad = self.data_collator
        self.data_collator = self._collate
        examples: Any = self.train_dataset
        self._filler = build_row([make_filler(examples[0])])
        model: Any = self.model
        check_isolation(model, examples[0]["input_ids"], model.get_input_embeddings().num_embeddings)

    def get_eval_dataloader(self, eval_dataset: Any = None) -> Any:
        """Return the batches of validation examples, which are padded."""
        self.data_collator = self._pad
        try:
            return super().get_eval_dataloader(eval_dataset)
        finally:
            self.data_collator = self._collate

    def training_step(self, model: Any, inputs: dict[str, Any], num_items_in_batch: Any = None) -> torch.Tensor:
        """Add up the gradients of the rows; return the loss of the step, the sum of their shares.

        Processes that train together compute equally many rows, and exchange their gradients after the last one.
        """
        step: Any = super().training_step
        losses = []
        rows = [*inputs["rows"], *[self._filler] * (max(collect([len(inputs["rows"])])) - len(inputs["rows"]))]
        for number, row in enumerate(rows, 1):
            with self.accelerator.no_sync(model) if number < len(rows) else nullcontext():
                losses.append(step(model, dict(row), num_items_in_batch))
            self.control = self.callback_handler.on_substep_end(self.args, self.state, self.control)  # a sign of life
        return torch.stack(losses).sum()

    @property
    def group(self) -> int:
        """How many examples of similar length stay together: one."""
        return 1

    def floating_point_ops(self, inputs: dict[str, Any]) -> int:  # noqa: ARG002  transformers' signature
        """Count none: nothing here reads it."""
        return 0

    def _get_num_items_in_batch(self, batch_samples: list[dict[str, Any]], device: torch.device) -> Any:
        return super()._get_num_items_in_batch([row for batch in batch_samples for row in batch["rows"]], device)

    def _collate(self, examples: Sequence[Example]) -> dict[str, list[Row]]:
        packed = pack([len(example["input_ids"]) for example in examples], self._capacity)
        return {"rows": [build_row([examples[position] for position in sorted(row)]) for row in packed]}
