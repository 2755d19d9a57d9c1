"""`truncation: auto`: drops the oldest items until the conversation and its answer fit the model's context window.

The cut is before a user message, so that calls stay with their outputs and the conversation starts as models expect. System and
developer messages stay, and so does the last user message with everything after it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from services.generation.contracts.responses.response import ResponseCreate
from services.generation.grounding.chat_model import TokenCounter
from services.generation.grounding.prompt import RESERVED_TOKENS, TEMPLATE_FIELDS
from services.generation.responses.items import Item
from shared.log import get_logger

ALWAYS_KEPT = ("system", "developer")

log = get_logger(__name__)

BuildCall = Callable[[Sequence[Item]], dict[str, Any]]


async def truncate(
    request: ResponseCreate, items: Sequence[Item], build_call: BuildCall, counter: TokenCounter, passage_tokens: int = 0
) -> Sequence[Item]:
    """Return the latest items that fit, found by a binary search over the places where the conversation can be cut.

    If even the shortest conversation does not fit, it is returned, and the engine rejects it. `build_call` makes the engine's call of
    items. Up to `passage_tokens`, but at most a quarter of the window, are left for passages.
    """
    cuts = [0, *(place for place, item in enumerate(items) if place and _is_user(item))]
    low, high = 0, len(cuts) - 1
    middle = 0  # first, check whether everything fits
    while low < high:
        if await _fits(request, build_call(_keep_from(items, cuts[middle])), counter, passage_tokens):
            high = middle
        else:
            low = middle + 1
        middle = (low + high) // 2
    if low:
        log.info("the conversation was truncated", items=len(items), dropped=cuts[low])
    return _keep_from(items, cuts[low])


async def _fits(request: ResponseCreate, call: dict[str, Any], counter: TokenCounter, passage_tokens: int) -> bool:
    count = await counter.count({name: call[name] for name in TEMPLATE_FIELDS if name in call})
    quarter = count.window // 4
    answer_tokens = request.max_output_tokens or min(RESERVED_TOKENS, quarter)
    return count.tokens + min(passage_tokens, quarter) + answer_tokens <= count.window


def _keep_from(items: Sequence[Item], start: int) -> Sequence[Item]:
    return [item for place, item in enumerate(items) if place >= start or item.get("role") in ALWAYS_KEPT]


def _is_user(item: Item) -> bool:
    return item["type"] == "message" and item.get("role") == "user"
