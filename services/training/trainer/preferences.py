"""Trains on preference pairs: direct preference optimization (DPO), Rafailov et al. 2023, arXiv:2305.18290.

TRL's `DPOTrainer` would keep its reference model in memory, as a second adapter if a training is continued, and would write it into
checkpoints and the trained adapter. Here the reference is what the model answers before the first step: measured once, stored in the
job's folder, and the same for every attempt. Everything else is as in supervised training.
"""

import json
import threading
from collections.abc import Sequence
from functools import partial
from typing import Any

import torch
from torch.nn.functional import logsigmoid

from services.training.planning.execution import Execution
from services.training.planning.job_folder import JobFolder, write_atomically
from services.training.planning.plan import Plan
from services.training.trainer.batches import AnswerTrainer, list_lengths
from services.training.trainer.messages import Message, Report
from services.training.trainer.parallel.agreement import collect, count_ranks, get_rank, is_first, share
from services.training.trainer.parallel.shares import NO_LABEL, count_learned

DATASETS = {"training": "train_dataset", "validation": "eval_dataset"}  # the trainer's attributes, by the kinds of a job's files
Batch = dict[str, torch.Tensor]


class PreferenceTrainer(AnswerTrainer):
    """Trains on pairs. Call `add_references` before the training."""

    loss_is_scaled_for_ga = True  # type: ignore[assignment]  # transformers' word: the loss is divided by the pairs of a whole step

    def __init__(self, plan: Plan, execution: Execution, **options: Any) -> None:
        self._beta = plan.beta or 0.0
        self._pad = partial(pad_pairs, options["processing_class"].pad_token_id)
        super().__init__(plan, execution, data_collator=self._collate, **options)

    def add_references(self, folder: JobFolder, report: Report, stop: threading.Event) -> bool:
        """Add to each pair how probable both answers are before the training. Return False if `stop` was set before all were measured.

        Call it while the model has the weights that the training starts from.
        """
        for kind, attribute in DATASETS.items():
            examples, path = getattr(self, attribute), folder.references(kind)
            if examples is None:
                continue
            # None of several processes has written the file before all have looked for it, because they measure together.
            references = json.loads(path.read_text()) if path.exists() else self._measure(examples, report, stop)
            if references is None:
                return False
            if is_first() and not path.exists():
                write_atomically(path, json.dumps(references))
            setattr(self, attribute, examples.add_column("references", references))
        return True

    def compute_loss(
        self,
        model: Any,
        inputs: Batch,
        return_outputs: bool = False,  # noqa: ARG002  TRL's signature
        num_items_in_batch: Any = None,
    ) -> torch.Tensor:
        """Return the loss of the pairs: their mean, or their share in the mean over the `num_items_in_batch` pairs of a step.

        Of several processes, whose gradients are averaged, each returns as many times its share. What fills a batch has no labels.
        """
        margins = compute_margins(_log_probabilities(model, inputs), inputs["references"], self._beta)
        margins = margins[(inputs["labels"] != NO_LABEL).flatten(1).any(dim=1)]
        measured, everyones = self._metrics["train" if model.training else "eval"], collect(margins.tolist())
        measured["reward_accuracy"] += [float(margin > 0) for margin in everyones]
        measured["reward_margin"] += everyones
        loss: torch.Tensor = -logsigmoid(margins).sum()
        return loss / max(1, len(margins)) if num_items_in_batch is None else loss * count_ranks() / num_items_in_batch

    def _get_num_items_in_batch(self, batch_samples: list[Batch], device: torch.device) -> int:  # noqa: ARG002  transformers' signature
        return sum(collect([count_learned(batch["labels"]) for batch in batch_samples]))

    def _set_signature_columns_if_needed(self) -> None:
        self._signature_columns = ["input_ids", "labels", "references"]  # type: ignore[assignment]  # transformers declares None

    def _collate(self, pairs: Sequence[dict[str, Any]]) -> Batch:
        return {**self._pad(pairs), "references": torch.tensor([pair["references"] for pair in pairs])}

    def _measure(self, examples: Any, report: Report, stop: threading.Event) -> list[list[float]] | None:
        """Return the log-probabilities of both answers of each pair, or None if `stop` was set. Pairs of similar length go together.

        Processes that train together measure equally often: one that has no pairs left measures one again.
        """
        lengths = list_lengths(examples)
        order = sorted(range(len(lengths)), key=lengths.__getitem__)
        found: dict[int, list[float]] = {}
        model: Any = self.model
        model.eval()
        size = self.execution.micro_batch
        for start in range(get_rank() * size, len(order) + get_rank() * size, size * count_ranks()):
            if share(stop.is_set()):
                return None
            positions = order[start : start + size] or order[:1]
            with torch.no_grad(), self.accelerator.autocast():
                batch = self._prepare_inputs(self._pad([examples[position] for position in positions]))
                found.update(zip(positions, _log_probabilities(model, batch).tolist(), strict=True))
            report(Message("alive"))
        everyones = dict(collect(list(found.items())))
        return [everyones[position] for position in range(len(order))]


def pad_pairs(pad_token: int, pairs: Sequence[dict[str, Any]]) -> Batch:
    """Return `input_ids`, `labels` and `attention_mask` of the shape (pairs, 2, tokens): the preferred chats, then the others."""
    length = max(len(ids) for pair in pairs for ids in pair["input_ids"])
    padding = {"input_ids": pad_token, "labels": NO_LABEL}
    batch = {
        name: torch.tensor([[row + [filler] * (length - len(row)) for row in pair[name]] for pair in pairs])
        for name, filler in padding.items()
    }
    mask = [[[1] * len(row) + [0] * (length - len(row)) for row in pair["input_ids"]] for pair in pairs]
    return {**batch, "attention_mask": torch.tensor(mask)}


def compute_margins(log_probabilities: torch.Tensor, references: torch.Tensor, beta: float) -> torch.Tensor:
    """Return how much more the model rewards the preferred answer of each pair than the other.

    Both arguments have the shape (pairs, 2), in nats. The reward is `beta` times what the answer's log-probability has gained since the
    training began (Rafailov et al. 2023, section 5); DPO's loss is `-log sigmoid(margin)` (their equation 7).
    """
    rewards = beta * (log_probabilities - references)
    return rewards[:, 0] - rewards[:, 1]


def _log_probabilities(model: Any, batch: Batch) -> torch.Tensor:
    """Return the log-probability of each answer, the sum over its tokens in nats, in the shape (pairs, 2)."""
    flat = {name: batch[name].flatten(0, 1) for name in ("input_ids", "labels", "attention_mask")}
    output = model(**flat, fused_lm_head=True)
    sums: torch.Tensor = output.log_probs.float().sum(dim=1)
    return sums.view(-1, 2)
