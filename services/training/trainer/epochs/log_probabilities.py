"""Measures, before and after a training, how probable the model finds tokens: those of training examples, and those of samples of text."""

import inspect
import json
import math
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Any

import torch
from peft.tuners.lora.layer import LoraLayer

from services.training.planning.job_folder import JobFolder, write_atomically
from services.training.trainer.messages import Message, Report

MAX_COMPARED = 16  # tokens of an example, spread over its answer; an engine computes one prompt for each
MAX_TOKENS = 1024  # are predicted at a time: with a vocabulary of 262,144 words, each of their tables in fp32 takes 1 GB


def measure_log_probabilities(model: Any, source: Path, target: Path, start: Path) -> None:
    """Write to `target` how probable the model finds the learned tokens of each example in `source`. `model` is PEFT's, with one adapter.

    `base` and `adapter` are the means of the log-probabilities of the tokens at `compared`, at most 16 positions, without and with the
    adapter, in nats per token: an engine is asked for the same tokens. The others are for all learned tokens. `difference` is how far the
    model is for a token, on average, from what it was before the training: the base model, or the adapter in the folder `start` if that
    was continued. `noise` is how far an adapter that changes nothing is from the base model if it computes the prompt first and then the
    answer, as engines do: without rounding, it would be 0. `tokens` is the number of learned tokens.
    """
    model.eval()
    examples = json.loads(source.read_text())
    with torch.no_grad():  # not `inference_mode`: what the model keeps for later calls could not be trained with
        with _as_before(model, start):
            before = [_predict(model, example["input_ids"], example["learned"])[0] for example in examples if start.exists()]
        scores = [_measure(model, *measured) for measured in zip_longest(examples, before)]
    write_atomically(target, json.dumps(scores))


def measure_effect(model: Any, folder: JobFolder, report: Report) -> None:
    """Write to the job's folder how the model scores the samples there, `before` the training and `after` it.

    It comes after the adapter was written, and a problem with it is written instead: it must not cost the training. For each sample there
    are `tokens` and `answers` (how many were scored), `loss` (nats per token), `mean_token_accuracy` and `exact_match`.
    """
    if not folder.effect_samples.exists():
        return
    try:
        scores = _score_samples(model, folder, report)
    except Exception as error:
        traceback.print_exc()
        scores = {"problem": f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"}
    write_atomically(folder.effect, json.dumps(scores))


def _measure(model: Any, example: dict[str, Any], before: torch.Tensor | None) -> dict[str, float]:
    """Return the scores of an example; `before` is what an adapter predicted from which the training continued."""
    input_ids, learned = example["input_ids"], example["learned"]
    adapter, _ = _predict(model, input_ids, learned)
    with _as_identity(model):
        identity = _predict_with_cache(model, input_ids, learned[:MAX_TOKENS])
    with model.disable_adapter():
        base, _ = _predict(model, input_ids, learned)
    compared = slice(None, None, math.ceil(len(learned) / MAX_COMPARED))
    return {
        "compared": learned[compared],
        "base": round(float(base[compared].mean()), 4),
        "adapter": round(float(adapter[compared].mean()), 4),
        "difference": _mean_distance(adapter, base if before is None else before),
        "noise": _mean_distance(identity, base[:MAX_TOKENS]),
        "tokens": len(learned),
    }


def _mean_distance(first: torch.Tensor, second: torch.Tensor) -> float:
    return float(f"{float((first - second).abs().mean()):.3g}")


@contextmanager
def _as_identity(model: Any) -> Iterator[None]:
    """Compute the adapter, but let it change nothing, as an adapter whose matrix B is zero."""
    layers = [layer for layer in model.modules() if isinstance(layer, LoraLayer)]
    scalings = [dict(layer.scaling) for layer in layers]
    try:
        for layer in layers:
            layer.scaling.update(dict.fromkeys(layer.scaling, 0.0))
        yield
    finally:
        for layer, scaling in zip(layers, scalings, strict=True):
            layer.scaling.update(scaling)


def _predict(model: Any, input_ids: list[int], positions: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the log-probability of the token at each position, and whether no other token is more probable.

    A sequence with many positions goes through the model several times, so that memory does not grow with them.
    """
    ids, places = torch.tensor([input_ids], device=model.device), torch.tensor(positions, device=model.device)
    starts = range(0, len(positions), MAX_TOKENS)
    parts = [_predict_part(model, ids, places[start : start + MAX_TOKENS]) for start in starts]
    return torch.cat([log_probabilities for log_probabilities, _ in parts]), torch.cat([hits for _, hits in parts])


def _predict_with_cache(model: Any, input_ids: list[int], positions: list[int]) -> torch.Tensor:
    """Return the log-probability of the token at each position, computed in two parts: the tokens before the first one, then the rest."""
    ids, places = torch.tensor([input_ids], device=model.device), torch.tensor(positions, device=model.device)
    split = positions[0] - 1  # the token here predicts the first one
    cache = model(input_ids=ids[:, :split], use_cache=True, **_keep(model, places[:1] * 0)).past_key_values if split else None
    log_probabilities, _ = _predict_part(model, ids[:, split:], places - split, past_key_values=cache)
    return log_probabilities


def _predict_part(model: Any, ids: torch.Tensor, places: torch.Tensor, **options: Any) -> tuple[torch.Tensor, torch.Tensor]:
    kept = _keep(model, places - 1)
    logits = model(input_ids=ids, **kept, **options).logits[0]
    logits = (logits if kept else logits[places - 1]).float()
    expected = ids[0, places]
    log_probabilities = torch.log_softmax(logits, dim=-1).gather(1, expected.unsqueeze(1)).squeeze(1)
    return log_probabilities, logits.argmax(dim=-1) == expected


def _keep(model: Any, places: torch.Tensor) -> dict[str, torch.Tensor]:
    """Return the argument that limits the model's logits to these places, which saves memory, if the model has it."""
    return {"logits_to_keep": places} if "logits_to_keep" in inspect.signature(model.get_base_model().forward).parameters else {}


def _score_samples(model: Any, folder: JobFolder, report: Report) -> dict[str, Any]:
    samples = json.loads(folder.effect_samples.read_text())["samples"]
    model.eval()
    with torch.no_grad():
        after = {name: _score(model, sequences, report) for name, sequences in samples.items()}
        with _as_before(model, folder.start):
            before = {name: _score(model, sequences, report) for name, sequences in samples.items()}
    return {"before": before, "after": after}


@contextmanager
def _as_before(model: Any, start: Path) -> Iterator[None]:
    """Make the model what it was before the training: the base model, or the adapter in the folder `start` if that was continued.

    No random numbers are drawn, because the training may go on.
    """
    if not start.exists():
        with model.disable_adapter():
            yield
        return
    trained = model.active_adapter
    with torch.random.fork_rng():
        model.load_adapter(str(start), "before")
    model.set_adapter("before")
    try:
        yield
    finally:
        model.set_adapter(trained)
        model.delete_adapter("before")


def _score(model: Any, sequences: list[dict[str, list[int]]], report: Report) -> dict[str, float]:
    """Return the scores of a sample. Raises ValueError if a probability is not a number."""
    losses: list[float] = []
    hits: list[bool] = []
    matches: list[bool] = []
    for sequence in sequences:
        log_probabilities, are_most_probable = _predict(model, sequence["input_ids"], sequence["learned"])
        losses += (-log_probabilities).tolist()
        hits += are_most_probable.tolist()
        matches += _match_answers(sequence["learned"], are_most_probable.tolist())
        report(Message("alive"))
    if not math.isfinite(sum(losses)):
        raise ValueError("the probability of a token is not a number")
    means = {
        name: sum(values) / len(values) for name, values in (("loss", losses), ("mean_token_accuracy", hits), ("exact_match", matches))
    }
    return {"tokens": len(losses), "answers": len(matches), **means}


def _match_answers(positions: list[int], hits: list[bool]) -> list[bool]:
    """Return, for each answer (positions in a row), whether the model finds each of its tokens most probable.

    Then it gives this answer if it always takes the most probable token, because each was predicted after those before it.
    """
    starts = [number for number, position in enumerate(positions) if number == 0 or positions[number - 1] != position - 1]
    return [all(hits[start:end]) for start, end in pairwise([*starts, len(positions)])]
