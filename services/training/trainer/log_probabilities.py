"""Measures, with and without the adapter, the mean log-probability of the tokens that the model learned from an example."""

import json
from pathlib import Path
from typing import Any

import torch

from services.training.planning.job_folder import write_atomically


def measure_log_probabilities(model: Any, source: Path, target: Path) -> None:
    """Write `{"base", "adapter"}`, in nats per token, to `target` for each example in `source`. `model` is PEFT's, with one adapter."""
    model.eval()
    with torch.no_grad():  # not `inference_mode`: what the model keeps for later calls could not be trained with
        scores = [_measure(model, example) for example in json.loads(source.read_text())]
    write_atomically(target, json.dumps(scores))


def _measure(model: Any, example: dict[str, Any]) -> dict[str, float]:
    ids = torch.tensor([example["input_ids"]], device=model.device)
    positions = torch.tensor(example["learned"], device=model.device)
    adapter = _mean_log_probability(model, ids, positions)
    with model.disable_adapter():
        return {"base": _mean_log_probability(model, ids, positions), "adapter": adapter}


def _mean_log_probability(model: Any, ids: torch.Tensor, positions: torch.Tensor) -> float:
    logits = model(input_ids=ids).logits[0, positions - 1].float()
    log_probabilities = torch.log_softmax(logits, dim=-1).gather(1, ids[0, positions].unsqueeze(1))
    return round(float(log_probabilities.mean()), 4)
