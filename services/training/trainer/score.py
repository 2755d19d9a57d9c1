"""Scores examples with the adapter and without: the mean log-probability of the tokens that the model was to learn."""

import json
from pathlib import Path
from typing import Any

import torch


def score_examples(model: Any, source: Path, target: Path) -> None:
    """Write to `target`, for each example in `source`, `{"base", "adapter"}` in nats a token. `model` is PEFT's, with one adapter."""
    model.eval()
    with torch.inference_mode():
        scores = [_score(model, example) for example in json.loads(source.read_text())]
    part = target.with_suffix(".part")
    part.write_text(json.dumps(scores))
    part.replace(target)


def _score(model: Any, example: dict[str, Any]) -> dict[str, float]:
    ids = torch.tensor([example["input_ids"]], device=model.device)
    positions = torch.tensor(example["learned"], device=model.device)
    adapter = _mean(model, ids, positions)
    with model.disable_adapter():
        return {"base": _mean(model, ids, positions), "adapter": adapter}


def _mean(model: Any, ids: torch.Tensor, positions: torch.Tensor) -> float:
    logits = model(input_ids=ids).logits[0, positions - 1].float()
    found = torch.log_softmax(logits, dim=-1).gather(1, ids[0, positions].unsqueeze(1))
    return round(float(found.mean()), 4)
