"""`truncation: auto`: drops the oldest of what was said until the conversation fits the model's window beside its answer.

Cut before a message of the user, so that calls and their results stay together and the conversation begins as models expect it.
What the system or developer said stays, and so does the last message of the user with all that follows it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from services.generation.grounding.context import RESERVED_TOKENS, TEMPLATE_FIELDS, Counts
from services.generation.responses.items import Item
from shared.contracts.responses import ResponseCreate
from shared.log import get_logger

KEPT_ROLES = ("system", "developer")

log = get_logger(__name__)


async def to_window(
    asked: ResponseCreate, items: Sequence[Item], write: Callable[[Sequence[Item]], dict[str, Any]], engine: Counts, beside: int = 0
) -> Sequence[Item]:
    """Return the items that fit, all where `truncation` is not `auto`; where nothing more may be dropped the engine will refuse.

    `write` makes the engine's call of items, whose tokens the engine counts, a few times at most. `beside` are tokens that passages
    may take, of which up to a quarter of the window is kept free.
    """
    beginnings = [0, *(place for place, item in enumerate(items) if place and _is_user(item))]
    if asked.truncation != "auto":
        return items
    low, high = 0, len(beginnings) - 1
    middle = 0  # the first question is whether everything fits
    while low < high:
        if await _fits(asked, write(_from(items, beginnings[middle])), engine, beside):
            high = middle
        else:
            low = middle + 1
        middle = (low + high) // 2
    if low:
        log.info("the conversation was truncated", items=len(items), dropped=beginnings[low])
    return _from(items, beginnings[low])


async def _fits(asked: ResponseCreate, fields: dict[str, Any], engine: Counts, beside: int) -> bool:
    count = await engine.count({name: fields[name] for name in TEMPLATE_FIELDS if name in fields})
    share = count.window // 4
    return count.tokens + min(beside, share) + (asked.max_output_tokens or min(RESERVED_TOKENS, share)) <= count.window


def _from(items: Sequence[Item], beginning: int) -> Sequence[Item]:
    return [item for place, item in enumerate(items) if place >= beginning or item.get("role") in KEPT_ROLES]


def _is_user(item: Item) -> bool:
    return item["type"] == "message" and item.get("role") == "user"
