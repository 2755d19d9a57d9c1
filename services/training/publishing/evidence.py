"""What the served adapter is held against later: a training example, and how likely the trainer finds it with and without the adapter.

A few examples are chosen before the training, the training process scores them at its end, and the most telling one is published.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from services.training.data.encode import IGNORED, Encoder
from services.training.planning.plan import Folder
from shared.datasets import Example, read_examples
from shared.records.adapters import Evidence


def choose_examples(folder: Folder, encoder: Encoder, count: int, max_length: int) -> None:
    """Write up to `count` examples of the training file, spread over it, none longer than `max_length` tokens, to the folder."""
    with folder.upload("training").open("rb") as lines:
        examples = list(read_examples(lines, param="training_file", minimum=1))
    step = max(1, len(examples) // count)
    chosen = [each for example in examples[step // 2 :: step][:count] for each in _encode(example, encoder, max_length)]
    folder.examples.write_text(json.dumps(chosen))


def find_evidence(folder: Folder) -> dict[str, Any] | None:
    """Return the example that tells adapter and base apart best, as it goes into the manifest; None where none was scored."""
    if not (folder.examples.exists() and folder.scores.exists()):
        return None
    examples, scores = json.loads(folder.examples.read_text()), json.loads(folder.scores.read_text())
    seen = [Evidence(**example, **score) for example, score in zip(examples, scores, strict=True)]
    return asdict(max(seen, key=lambda one: abs(one.adapter - one.base))) if seen else None


def _encode(example: Example, encoder: Encoder, max_length: int) -> Iterator[dict[str, Any]]:
    encoded = encoder.encode(example.messages)
    learned = [position for position, label in enumerate(encoded.labels) if label != IGNORED and position > 0]
    if learned and len(encoded.input_ids) <= max_length:
        messages = None if encoder.is_dated else [message.model_dump() for message in example.messages]
        yield {"messages": messages, "input_ids": encoded.input_ids, "learned": learned}
