"""Chooses the passages that fit: into `max_context_tokens`, and with the whole prompt and the answer into the model's window.

Counted with the engine's own tokenizer and chat template. The least relevant passages are dropped whole.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from services.generation import prompt
from services.generation.asked import Asked
from services.generation.engine import Count
from shared.contracts.vector_stores import SearchHit
from shared.log import get_logger

RESERVED_TOKENS = 256  # for the answer, where the call sets no limit of its own; at most a quarter of the window
TEMPLATE_FIELDS = (
    "add_generation_prompt", "add_special_tokens", "chat_template", "chat_template_kwargs", "continue_final_message",
    "messages", "mm_processor_kwargs", "model", "prompt", "tools",
)  # fmt: skip

log = get_logger(__name__)


class Counts(Protocol):
    """Counts the tokens of a prompt."""

    async def count(self, fields: dict[str, Any]) -> Count:
        """Count what the engine would make of `fields`."""


async def fit(asked: Asked, hits: list[SearchHit], max_context_tokens: int, engine: Counts) -> list[SearchHit]:
    """Return as many of `hits` (best first) as fit."""

    async def fits(number: int) -> bool:
        passages = {"model": asked.model, "prompt": prompt.passages(hits[:number]), "add_special_tokens": False}
        fields = prompt.write(asked, hits[:number])
        whole = {name: fields[name] for name in TEMPLATE_FIELDS if fields.get(name) is not None}
        alone, together = await asyncio.gather(engine.count(passages), engine.count(whole))
        return alone.tokens <= max_context_tokens and together.tokens + _reserved(asked, together.window) <= together.window

    number = await _largest(len(hits), fits)
    if number < len(hits):
        log.info("passages dropped", found=len(hits), kept=number)
    return hits[:number]


def _reserved(asked: Asked, window: int) -> int:
    for name in ("max_completion_tokens", "max_tokens"):
        wanted = asked.fields.get(name)
        if isinstance(wanted, int):
            return wanted
    return min(RESERVED_TOKENS, window // 4)


async def _largest(number: int, fits: Callable[[int], Awaitable[bool]]) -> int:
    """Return the largest n up to `number` that fits; 0 always does. Tries all first, which is the usual case, then halves."""
    if not number or await fits(number):
        return number
    good, bad = 0, number
    while bad - good > 1:
        middle = (good + bad) // 2
        if await fits(middle):
            good = middle
        else:
            bad = middle
    return good
