"""Answers a few questions with the model as it is, so that one can see how its answers change from checkpoint to checkpoint.

The answers are greedy: no random number is drawn, so the training goes on as it would have without them.
"""

import inspect
import json
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

MAX_TOKENS = 40  # of an answer
MAX_SECONDS = 10.0  # for all answers; what is not answered by then is cut
MAX_SHARE, FREE_SECONDS = 0.03, 5.0  # of the time since the training began, and besides it, for the answers of all epochs together


class AnswerTime:
    """How much time answers may take and have taken, from the moment when this is made. Seconds are those of `clock`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started = clock()
        self._spent = self._last = 0.0

    def is_left(self) -> bool:
        """Return whether there is time for the next answers, which may take as long as the last ones."""
        return self._spent + self._last <= FREE_SECONDS + MAX_SHARE * (self._clock() - self._started)

    @contextmanager
    def spend(self) -> Iterator[None]:
        """Count the time of the block."""
        began = self._clock()
        yield
        self._last = self._clock() - began
        self._spent += self._last


def answer_questions(model: Any, tokenizer: Any, source: Path) -> list[dict[str, str]]:
    """Return the model's answers to the questions in the file `source`, with `prompt`, `expected`, `answer` and `finish_reason`.

    An answer is cut after `MAX_TOKENS` tokens, as is the expected one. A problem leaves no answers: it must not cost the training.
    """
    deadline = time.monotonic() + MAX_SECONDS
    model.eval()
    try:
        with torch.no_grad():
            return [_answer(model, tokenizer, question, deadline) for question in json.loads(source.read_text())]
    except Exception:
        traceback.print_exc()
        return []


def _answer(model: Any, tokenizer: Any, question: dict[str, Any], deadline: float) -> dict[str, str]:
    expected = question["expected_ids"]
    ends = {tokenizer.eos_token_id, *(expected[-1:] if question["ends"] else [])}
    answer, reason = _generate(model, question["input_ids"], ends, deadline)
    return {
        "prompt": question["prompt"],
        "expected": tokenizer.decode(expected[:MAX_TOKENS], skip_special_tokens=True),
        "answer": tokenizer.decode(answer, skip_special_tokens=True),
        "finish_reason": reason,
    }


def _generate(model: Any, input_ids: list[int], ends: set[int], deadline: float) -> tuple[list[int], str]:
    """Return the most probable token after the prompt, then the next, and so on, up to one of `ends`, and why it ended."""
    last_only = {"logits_to_keep": 1} if "logits_to_keep" in inspect.signature(model.get_base_model().forward).parameters else {}
    ids, cache, answer = torch.tensor([input_ids], device=model.device), None, list[int]()
    while len(answer) < MAX_TOKENS and time.monotonic() < deadline:
        output = model(input_ids=ids, past_key_values=cache, use_cache=True, **last_only)
        token = int(output.logits[0, -1].argmax())
        if token in ends:
            return answer, "stop"
        answer.append(token)
        ids, cache = torch.tensor([[token]], device=model.device), output.past_key_values
    return answer, "length"
