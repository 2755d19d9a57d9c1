"""Evidence that a served adapter is the trained one: an example, and its log-probability with and without the adapter as trained.

A few examples are chosen before the training. The training process measures them for each adapter that it keeps, and the one that shows the
largest difference goes into the manifest. The served adapter must show the same difference. Over all of them, it also measures what the
adapter changes, and what rounding alone changes.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from services.training.data.encode import IGNORE_INDEX, ChatEncoder
from services.training.data.sample import sample_examples
from services.training.planning.job_folder import SCORES, JobFolder
from shared.datasets import Example
from shared.records.models.adapters import Evidence


def choose_evidence_examples(folder: JobFolder, encoder: ChatEncoder, count: int, max_length: int) -> None:
    """Write up to `count` examples of the training file, none longer than `max_length` tokens, to the folder."""
    examples = sample_examples(folder.dataset("training"), count)
    encoded = [fields for example in examples for fields in _encode(example, encoder, max_length)]
    folder.evidence_examples.write_text(json.dumps(encoded))


def select_evidence(folder: JobFolder, adapter: Path) -> dict[str, Any] | None:
    """Return the example with the largest difference between adapter and base, as it goes into the manifest; None if none was measured.

    `adapter` is the folder of a trained adapter of the job.
    """
    if not (folder.evidence_examples.exists() and (adapter / SCORES).exists()):
        return None
    examples, scores = json.loads(folder.evidence_examples.read_text()), json.loads((adapter / SCORES).read_text())
    measured = [_to_evidence(example, score) for example, score in zip(examples, scores, strict=True)]
    return asdict(max(measured, key=lambda evidence: abs(evidence.adapter - evidence.base))) if measured else None


def measure_change(adapter: Path) -> dict[str, float] | None:
    """Return what the adapter changes on the examples, as a LogProbabilityChange: means over their tokens; None if none was measured.

    `adapter` is the folder of a trained adapter of the job.
    """
    path = adapter / SCORES
    scores = [score for score in json.loads(path.read_text()) if "noise" in score] if path.exists() else []  # an older version has none
    tokens = sum(score["tokens"] for score in scores)
    means = {name: sum(score[name] * score["tokens"] for score in scores) / (tokens or 1) for name in ("difference", "noise")}
    return means if tokens and all(map(math.isfinite, means.values())) else None


def _to_evidence(example: dict[str, Any], score: dict[str, Any]) -> Evidence:
    compared = score.get("compared", example["learned"])  # older versions compared all
    return Evidence(**{**example, "learned": compared, "base": score["base"], "adapter": score["adapter"]})


def _encode(example: Example, encoder: ChatEncoder, max_length: int) -> Iterator[dict[str, Any]]:
    for encoded in encoder.encode(example.messages, example.tools)[-1:]:
        positions = [position for position, label in enumerate(encoded.labels) if label != IGNORE_INDEX and position > 0]
        if positions and len(encoded.input_ids) <= max_length:
            # A template that writes the date gives other tokens tomorrow, so the messages cannot be encoded again and compared.
            is_repeatable = encoded.is_canonical and not encoder.template.is_date_dependent
            messages = [message.model_dump() for message in example.messages[: encoded.num_messages]] if is_repeatable else None
            yield {"messages": messages, "tools": example.tools, "input_ids": encoded.input_ids, "learned": positions}
