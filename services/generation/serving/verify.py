"""Compares a served adapter with what its trainer saw: the same tokens of a training example, and the same weights.

An engine may format chats with another template than the adapter was trained with, or respond with the base model's weights under the
adapter's name, without any error. Both show in one training example: its tokens, and the probability of the trained answer.
"""

import math
import re
from dataclasses import replace
from typing import Any, Protocol

from shared.errors import ContextTooLong, InvalidRequest, NotFound, TandemError
from shared.log import get_logger
from shared.records.models.adapters import Evidence

WRAPPED_ERROR = re.compile(r"Worker failed with error '(.*)', please check", re.DOTALL)
MAX_COMPARED = 16  # tokens; an engine computes a prompt for each
MIN_GAP = 0.1  # nats per token between base model and adapter; a smaller difference may be rounding

log = get_logger(__name__)


class AdapterEngine(Protocol):
    """What a check needs of an engine."""

    async def tokenize(self, model: str, messages: list[dict[str, Any]], tools: list[dict[str, Any]]) -> list[int]:
        """Return the token ids of a chat with tools."""

    async def score(self, model: str, input_ids: list[int], positions: list[int]) -> float:
        """Return the mean log-probability of the tokens at `positions`."""

    async def load(self, name: str, path: str) -> None:
        """Load an adapter from a folder."""

    async def ping(self) -> None:
        """Raise Unavailable unless the engine says that it is healthy."""


async def verify(
    engine: AdapterEngine, name: str, base_model: str, path: str, evidence: Evidence, *, is_quantized: bool = False
) -> str | None:
    """Return why the adapter must not be used at this engine; None if it behaves as in training. Loads the adapter.

    `is_quantized` says whether the base model was in 4 bits during the training. Evidence of an older version has all learned tokens of its
    example; 16 of them are compared.

    Raises:
        NotFound: if the engine does not find the adapter.
        Unavailable, DeadlineExceeded: if the engine cannot be reached or is too slow.
    """
    compared = replace(evidence, learned=evidence.learned[:: math.ceil(len(evidence.learned) / MAX_COMPARED)])
    try:
        score = await _score(engine, name, path, compared)
    except ContextTooLong as error:
        log.warning("adapter cannot be compared with its training", model=name, problem=error.message)
        return None
    except TandemError as error:
        if error.status not in (400, 500):
            raise
        await engine.ping()  # an engine that is ending refuses everything
        return f"the engine cannot load it: {unwrap(error.message)}"
    if evidence.messages and await engine.tokenize(base_model, evidence.messages, evidence.tools) != evidence.input_ids:
        return (
            "the engine's chat template or tokenizer is not the one it was trained with: a training example has other tokens in the engine"
        )
    if not is_quantized and compared == evidence:
        return _compare_scores(score, evidence, "the trainer measured")
    expected = await _expect(engine, base_model, compared)
    return _compare_scores(score, expected, "after this training, it should be about")


async def _expect(engine: AdapterEngine, base_model: str, evidence: Evidence) -> Evidence:
    """Return what an engine should measure that has a base model not in 4 bits, or is asked for some of the tokens that were measured.

    It is the engine's own log-probability for the base model, and the difference of the training. Quantization changes the
    log-probabilities of base model and adapter by about as much, and may change them more than the adapter does.
    """
    base = await engine.score(base_model, evidence.input_ids, evidence.learned)
    return replace(evidence, base=base, adapter=base + evidence.adapter - evidence.base)


async def _score(engine: AdapterEngine, name: str, path: str, evidence: Evidence) -> float:
    """Return the score. If the adapter cannot be loaded, load it by its path once more: that refusal has the engine's own message."""
    try:
        return await engine.score(name, evidence.input_ids, evidence.learned)
    except ContextTooLong:
        raise
    except InvalidRequest as error:
        try:
            await engine.load(name, path)
        except NotFound:
            raise error from None
        return await engine.score(name, evidence.input_ids, evidence.learned)


def unwrap(message: str) -> str:
    """Return the cause, without the text that vLLM's layers put around it."""
    match = WRAPPED_ERROR.search(message)
    return match.group(1) if match else message


def _compare_scores(score: float, evidence: Evidence, measured: str) -> str | None:
    base_distance, adapter_distance = abs(score - evidence.base), abs(score - evidence.adapter)
    if adapter_distance <= base_distance or abs(evidence.adapter - evidence.base) < MIN_GAP:
        return None
    return (
        f"the engine does not use its weights: a training example has a log-probability of {score:.2f} per token there; "
        f"{measured} {evidence.adapter:.2f} with the adapter and {evidence.base:.2f} without"
    )
