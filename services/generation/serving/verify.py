"""Holds a served adapter against what its trainer saw: the same tokens of a training example, and the same weights at work on them.

An engine may read chats by another template than the adapter was trained with, or answer with the base model's weights under the
adapter's name, and say nothing. Both show in one example: its tokens, and how likely the model finds what it was taught.
"""

import re
from typing import Any, Protocol

from shared.errors import ContextTooLong, InvalidRequest, NotFound, TandemError
from shared.log import get_logger
from shared.records.adapters import Evidence

WRAPPED = re.compile(r"Worker failed with error '(.*)', please check", re.DOTALL)
TELLING = 0.1  # nats a token between base and adapter: less may be rounding

log = get_logger(__name__)


class Serving(Protocol):
    """An engine, as far as it is looked at here."""

    async def tokens(self, model: str, messages: list[dict[str, Any]]) -> list[int]:
        """Return the token ids of a chat."""

    async def score(self, model: str, input_ids: list[int], positions: list[int]) -> float:
        """Return the mean log-probability of the tokens at `positions`."""

    async def load(self, name: str, path: str) -> None:
        """Load an adapter from a folder."""


async def verify(engine: Serving, name: str, base: str, path: str, evidence: Evidence) -> str | None:
    """Return why the adapter must not be used at this engine; None where it is what was trained. It is loaded by it.

    Raises:
        NotFound, Unavailable, DeadlineExceeded: the engine does not find it, or cannot be asked.
    """
    try:
        score = await _score(engine, name, path, evidence)
    except ContextTooLong as error:
        log.warning("an adapter could not be held against what its trainer saw", model=name, problem=error.message)
        return None
    except TandemError as error:
        if error.status not in (400, 500):
            raise
        return f"the engine cannot load it: {_own_words(error.message)}"
    if evidence.messages and await engine.tokens(base, evidence.messages) != evidence.input_ids:
        return "the engine's chat template or tokenizer is not the one it was trained with: it makes other tokens of a training example"
    return _judge(score, evidence)


async def _score(engine: Serving, name: str, path: str, evidence: Evidence) -> float:
    """Return the score. Where the adapter cannot be loaded, it is loaded by its path once more: that is refused in the engine's words."""
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


def _own_words(message: str) -> str:
    """Return what went wrong, without what vLLM's layers wrap around it."""
    found = WRAPPED.search(message)
    return found.group(1) if found else message


def _judge(score: float, evidence: Evidence) -> str | None:
    near_base, near_adapter = abs(score - evidence.base), abs(score - evidence.adapter)
    if near_adapter <= near_base or abs(evidence.adapter - evidence.base) < TELLING:
        return None
    return (
        f"the engine does not answer with its weights: a training example has the log-probability {score:.2f} a token there; "
        f"the trainer saw {evidence.adapter:.2f} with the adapter and {evidence.base:.2f} without"
    )
