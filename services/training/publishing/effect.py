"""What a training changed: samples of text, scored by the model as it was before the training and as it is after it.

The samples are chosen before the training, and scored by the training process at its end. They are answers of the validation file, which
show what the model learned, and a general text, which shows what it forgot. Knows nothing of how a text is scored.
"""

import json
import math
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from services.training.data.encode import IGNORE_INDEX
from services.training.data.general_text import encode_general_text
from services.training.planning.job_folder import JobFolder, write_atomically
from shared.contracts.training_effect import Change, GeneralTextEffect, TrainingEffect, ValidationEffect
from shared.workers.job_context import JobContext

MAX_SEQUENCES = 100  # of the validation file
MAX_TOKENS = 8192  # in a sample, on average
SLIGHT, STRONG = 1.05, 1.25  # perplexity after the training, divided by that before
MAX_LOG_PERPLEXITY = 100.0
DRIFTS = {
    "none": "no sign of forgetting",
    "slight": "slight forgetting",
    "strong": "strong forgetting: fewer epochs or a lower learning rate would keep more of what the model knew",
}

Scores = dict[str, dict[str, float]]


@dataclass(frozen=True)
class ScoredSequence:
    """A sequence of tokens, and the positions of those that are scored. Positions in a row are an answer."""

    input_ids: list[int]
    learned: list[int]

    @property
    def num_answers(self) -> int:
        """How many answers are scored."""
        return 1 + sum(following != position + 1 for position, following in pairwise(self.learned))


def choose_effect_samples(folder: JobFolder, base: Path) -> None:
    """Write the sequences that are scored to the job's folder; `base` is the folder of the base model.

    The sample of the validation file is random, but the same for every job with this file, so that jobs can be compared.
    """
    chosen, total_answers = _sample(folder.tokens("validation"))
    general = [ScoredSequence(ids, list(range(1, len(ids)))) for ids in encode_general_text(base)]
    samples = {name: [asdict(each) for each in sample] for name, sample in (("general_text", general), ("validation", chosen)) if sample}
    write_atomically(folder.effect_samples, json.dumps({"samples": samples, "total_answers": total_answers}))


def report_effect(context: JobContext, folder: JobFolder) -> dict[str, Any] | None:
    """Add events that say what the training changed, and return it as a TrainingEffect; None if it was not measured."""
    if not folder.effect.exists():
        return None
    scores = json.loads(folder.effect.read_text())
    if problem := scores.get("problem"):
        context.add_event(f"The adapter is complete, but what the training changed could not be measured: {problem}", level="warn")
        return None
    effect = describe_effect(scores["before"], scores["after"], json.loads(folder.effect_samples.read_text())["total_answers"])
    if effect.validation:
        learned = effect.validation.loss.after < effect.validation.loss.before
        context.add_event(f"Validation file: {effect.validation.detail}", level="info" if learned else "warn")
    context.add_event(f"General text: {effect.general_text.detail}", level="warn" if effect.general_text.drift == "strong" else "info")
    return effect.model_dump()


def describe_effect(before: Scores, after: Scores, total_answers: int) -> TrainingEffect:
    """Return the effect of a training from what the training process measured of each sample."""
    validation = _describe_validation(before["validation"], after["validation"], total_answers) if "validation" in after else None
    return TrainingEffect(validation=validation, general_text=_describe_general_text(before["general_text"], after["general_text"]))


def _describe_validation(before: dict[str, float], after: dict[str, float], total_answers: int) -> ValidationEffect:
    loss, accuracy, exact = (
        Change(before=round(before[name], 4), after=round(after[name], 4)) for name in ("loss", "mean_token_accuracy", "exact_match")
    )
    answers = int(after["answers"])
    counted = _count(answers) if answers == total_answers else f"{answers} of {_count(total_answers)}"
    verdict = "" if loss.after < loss.before else "; the training did not lower the loss"
    detail = (
        f"loss {loss.before:.2f} -> {loss.after:.2f}, token accuracy {accuracy.before:.0%} -> {accuracy.after:.0%}, "
        f"exact match {exact.before:.0%} -> {exact.after:.0%} ({counted}){verdict}"
    )
    return ValidationEffect(
        answers=answers, total_answers=total_answers, loss=loss, mean_token_accuracy=accuracy, exact_match=exact, detail=detail
    )


def _describe_general_text(before: dict[str, float], after: dict[str, float]) -> GeneralTextEffect:
    perplexity = Change(before=_compute_perplexity(before["loss"]), after=_compute_perplexity(after["loss"]))
    ratio = perplexity.after / perplexity.before
    drift: Any = "none" if ratio < SLIGHT else "slight" if ratio < STRONG else "strong"
    detail = f"perplexity {_format(perplexity.before)} -> {_format(perplexity.after)}, {DRIFTS[drift]}"
    return GeneralTextEffect(tokens=int(after["tokens"]), perplexity=perplexity, drift=drift, detail=detail)


def _compute_perplexity(loss: float) -> float:
    """Return `exp` of the mean loss in nats per token: the number of tokens among which the model would be as uncertain."""
    return round(math.exp(min(loss, MAX_LOG_PERPLEXITY)), 2)


def _count(answers: int) -> str:
    return "1 answer" if answers == 1 else f"{answers} answers"


def _format(perplexity: float) -> str:
    return f"{perplexity:.1f}" if perplexity < 1e5 else f"{perplexity:.1e}"


def _sample(tokens: Path) -> tuple[list[ScoredSequence], int]:
    """Return a random sample of the sequences in a file, in their order, and the number of answers in the whole file.

    Preference pairs are left out: a training on them need not make the better answer more probable.
    """
    counts = [(len(sequence.input_ids), sequence.num_answers) for sequence in _read(tokens)]
    if not counts:
        return [], 0
    fitting = MAX_TOKENS * len(counts) // sum(length for length, _ in counts)
    size = max(1, min(MAX_SEQUENCES, len(counts), fitting))
    chosen = set(random.Random(0).sample(range(len(counts)), size))  # noqa: S311  a sample, not a secret
    return [sequence for number, sequence in enumerate(_read(tokens)) if number in chosen], sum(answers for _, answers in counts)


def _read(tokens: Path) -> Iterator[ScoredSequence]:
    if not tokens.exists():
        return
    with tokens.open() as lines:
        for fields in map(json.loads, lines):
            is_pair = any(isinstance(label, list) for label in fields["labels"])
            learned = [position for position, label in enumerate(fields["labels"]) if label != IGNORE_INDEX and position > 0]
            if learned and not is_pair:
                yield ScoredSequence(fields["input_ids"], learned)
