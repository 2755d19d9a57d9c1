"""Questions that the model answers at each checkpoint, so that one can see how its answers change.

They are a few prompts of the validation file, or of the training file if there is none, chosen before the training. The training process
answers them with each adapter that it keeps. Knows nothing of how.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.training.data.encode import IGNORE_INDEX, ChatEncoder
from services.training.data.sample import sample_examples
from services.training.planning.job_folder import ANSWERS, JobFolder, write_atomically
from shared.datasets import Example

NUM_QUESTIONS = 3
MAX_PROMPT_TOKENS = 1024  # longer ones are left out: they take too long
MAX_CHARACTERS = 1000  # of a prompt that is shown


def choose_questions(folder: JobFolder, encoder: ChatEncoder) -> None:
    """Write the questions to the job's folder: what the user asked, the prompt's tokens, and those of the expected answer."""
    datasets = (folder.dataset(kind) for kind in ("validation", "training"))
    examples = sample_examples(next(path for path in datasets if path.exists()), NUM_QUESTIONS)
    questions = [question for example in examples for question in _encode(example, encoder)]
    write_atomically(folder.questions, json.dumps(questions))


def read_answers(adapter: Path) -> list[dict[str, Any]]:
    """Return the answers of the adapter in a folder, with `prompt`, `expected`, `answer` and `finish_reason`."""
    path = adapter / ANSWERS
    return list(json.loads(path.read_text())) if path.exists() else []


def _encode(example: Example, encoder: ChatEncoder) -> Iterator[dict[str, Any]]:
    """Yield the last answer that is learned, if there is one and its prompt is not too long."""
    for encoded in encoder.encode(example.messages, example.tools)[-1:]:
        end = max((position + 1 for position, label in enumerate(encoded.labels) if label != IGNORE_INDEX), default=0)
        start = max((position + 1 for position, label in enumerate(encoded.labels[:end]) if label == IGNORE_INDEX), default=0)
        if 0 < start <= MAX_PROMPT_TOKENS:
            prompts = [message.content or "" for message in example.messages[: encoded.num_messages] if message.role == "user"]
            yield {
                "prompt": "".join(prompts[-1:])[:MAX_CHARACTERS],
                "input_ids": encoded.input_ids[:start],
                "expected_ids": encoded.input_ids[start:end],
                "ends": encoder.has_end_token(encoded),
            }
