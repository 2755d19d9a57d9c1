"""Chooses the passages that fit: into `max_context_tokens`, and with the whole prompt and the answer into the model's window.

Counted with the engine's own tokenizer and chat template. Passages are kept or dropped whole, the most relevant first.
"""

import asyncio
from dataclasses import dataclass
from typing import Any, Protocol

from services.generation import prompt
from services.generation.asked import Asked
from services.generation.engine import Count
from shared.contracts.search import SearchHit
from shared.errors import ContextTooLong, InvalidRequest
from shared.log import get_logger

RESERVED_TOKENS = 256  # for the answer, where the call sets no limit of its own; at most a quarter of the window
PARAM = "retrieval.max_context_tokens"
TEMPLATE_FIELDS = (
    "add_generation_prompt", "add_special_tokens", "chat_template", "chat_template_kwargs", "continue_final_message",
    "messages", "mm_processor_kwargs", "model", "prompt", "tools",
)  # fmt: skip

log = get_logger(__name__)


class Counts(Protocol):
    """Counts the tokens of a prompt."""

    async def count(self, fields: dict[str, Any]) -> Count:
        """Count what the engine would make of `fields`."""


@dataclass(frozen=True)
class Room:
    """How many tokens all the passages take and may take; `in_window` where the window, not the caller, sets the limit."""

    taken: int
    limit: int
    in_window: bool


async def fit(asked: Asked, hits: list[SearchHit], max_context_tokens: int, engine: Counts) -> list[SearchHit]:
    """Return those of `hits` (best first) that fit, the best first; one that is too long is passed over.

    Raises:
        InvalidRequest: not even the shortest fits into `max_context_tokens`.
        ContextTooLong: not even the shortest fits into the window, beside the question and the answer.
    """
    if not hits:
        return hits
    room = await _measure(asked, hits, max_context_tokens, engine)
    if room.taken <= room.limit:
        return hits
    sizes = await asyncio.gather(*(_count_passages(asked, [hit], engine) for hit in hits))
    kept = _choose(hits, sizes, room.limit)
    # A tokenizer may make more of passages together than of each alone, so those kept are measured as they will be sent.
    while kept and (room := await _measure(asked, kept, max_context_tokens, engine)).taken > room.limit:
        kept.pop()
    if not kept:
        raise _nothing_fits(min(sizes), room)
    log.info("passages dropped", found=len(hits), kept=len(kept))
    return kept


async def _measure(asked: Asked, hits: list[SearchHit], max_context_tokens: int, engine: Counts) -> Room:
    fields = prompt.write(asked, hits)
    whole = {name: fields[name] for name in TEMPLATE_FIELDS if fields.get(name) is not None}
    alone, together = await asyncio.gather(_count_passages(asked, hits, engine), engine.count(whole))
    window = together.window - _reserved(asked, together.window) - (together.tokens - alone)
    return Room(alone, min(max_context_tokens, window), in_window=window < max_context_tokens)


async def _count_passages(asked: Asked, hits: list[SearchHit], engine: Counts) -> int:
    fields = {"model": asked.model, "prompt": prompt.passages(hits), "add_special_tokens": False}
    return (await engine.count(fields)).tokens


def _choose(hits: list[SearchHit], sizes: list[int], limit: int) -> list[SearchHit]:
    kept, used = [], 0
    for hit, size in zip(hits, sizes, strict=True):
        if used + size <= limit:
            kept.append(hit)
            used += size
    return kept


def _nothing_fits(shortest: int, room: Room) -> InvalidRequest:
    found = f"The shortest passage found takes {shortest} tokens"
    if room.in_window:
        left = f"the question and the answer leave {max(room.limit, 0)} of the model's window"
        return ContextTooLong(f"{found}, and {left}. Shorten the messages, lower 'max_tokens', or cut the documents smaller.")
    return InvalidRequest(f"{found}; 'max_context_tokens' is {room.limit}. Set it to {shortest} or more.", param=PARAM)


def _reserved(asked: Asked, window: int) -> int:
    for name in ("max_completion_tokens", "max_tokens"):
        wanted = asked.fields.get(name)
        if isinstance(wanted, int):
            return wanted
    return min(RESERVED_TOKENS, window // 4)
