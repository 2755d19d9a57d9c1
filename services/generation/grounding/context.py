"""Chooses the passages that fit: into `max_context_tokens`, and with the whole prompt and the answer into the model's window.

Counted with the engine's own tokenizer and chat template. Passages are kept or dropped whole, the most relevant first.
"""

import asyncio
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from services.generation.grounding import prompt
from services.generation.grounding.prompt import Style
from services.generation.grounding.request import Asked
from services.generation.serving.engine import Count
from shared.contracts.search import SearchHit
from shared.errors import ContextTooLong, InvalidRequest

RESERVED_TOKENS = 256  # for the answer, where the call sets no limit of its own; at most a quarter of the window
PARAM = "retrieval.max_context_tokens"
TEMPLATE_FIELDS = (
    "add_generation_prompt", "add_special_tokens", "chat_template", "chat_template_kwargs", "continue_final_message",
    "messages", "mm_processor_kwargs", "model", "prompt", "tools",
)  # fmt: skip


class Counts(Protocol):
    """Counts the tokens of a prompt."""

    async def count(self, fields: dict[str, Any]) -> Count:
        """Count what the engine would make of `fields`."""


@dataclass(frozen=True)
class Fitted:
    """The hits that fit, best first, and how many tokens they take of the prompt; those that were dropped, and at which limit."""

    hits: list[SearchHit]
    tokens: int
    dropped: list[SearchHit]
    limit: Literal["max_context_tokens", "window"]


@dataclass(frozen=True)
class Room:
    """How many tokens all the passages take and may take; `in_window` where the window, not the caller, sets the limit."""

    taken: int
    limit: int
    in_window: bool


async def fit(asked: Asked, hits: list[SearchHit], max_context_tokens: int, engine: Counts, style: Style) -> Fitted:
    """Choose those of `hits` (best first) that fit; the least relevant are dropped, and one that is too long is passed over.

    Raises:
        InvalidRequest: not even the shortest fits into `max_context_tokens`.
        ContextTooLong: not even the shortest fits into the window, beside the question and the answer.
    """
    if not hits:
        return Fitted([], 0, [], "max_context_tokens")
    first = room = await _measure(asked, hits, max_context_tokens, engine, style)
    kept = hits if room.taken <= room.limit else await _choose(asked, hits, room.limit, engine, style)
    # A tokenizer may make more of passages together than of each alone, so those kept are measured as they will be sent.
    while kept and len(kept) < len(hits) and (room := await _measure(asked, kept, max_context_tokens, engine, style)).taken > room.limit:
        kept.pop()
    if not kept:
        raise _nothing_fits(min(await _sizes(asked, hits, engine, style)), first)
    dropped = [hit for hit in hits if hit not in kept]
    return Fitted(kept, room.taken, dropped, "window" if first.in_window else "max_context_tokens")


def together(one: Fitted, other: Fitted) -> Fitted:
    """Return what two searches brought to one answer."""
    limit = one.limit if one.dropped else other.limit
    return Fitted([*one.hits, *other.hits], one.tokens + other.tokens, [*one.dropped, *other.dropped], limit)


async def _measure(asked: Asked, hits: list[SearchHit], max_context_tokens: int, engine: Counts, style: Style) -> Room:
    """Count the whole prompt with the passages and without: the difference is theirs."""
    whole, bare = await asyncio.gather(*(engine.count(_counted(prompt.frame(asked, given, style))) for given in (hits, [])))
    taken = whole.tokens - bare.tokens
    window = whole.window - _reserved(asked, whole.window) - bare.tokens
    return Room(taken, min(max_context_tokens, window), in_window=window < max_context_tokens)


def _counted(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in TEMPLATE_FIELDS if fields.get(name) is not None}


async def _sizes(asked: Asked, hits: list[SearchHit], engine: Counts, style: Style) -> list[int]:
    """Return how many tokens each passage takes by itself, without what was said before."""

    async def count(given: list[SearchHit]) -> int:
        fields = {"model": asked.model, "prompt": prompt.show(asked, given, style), "add_special_tokens": False}
        return (await engine.count(fields)).tokens

    bare, *sizes = await asyncio.gather(count([]), *(count([hit]) for hit in hits))
    return [size - bare for size in sizes]


async def _choose(asked: Asked, hits: list[SearchHit], limit: int, engine: Counts, style: Style) -> list[SearchHit]:
    kept, used = [], 0
    for hit, size in zip(hits, await _sizes(asked, hits, engine, style), strict=True):
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
