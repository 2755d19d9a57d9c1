"""Selects the passages that fit: into `max_context_tokens`, and with the rest of the prompt and the answer into the model's window.

Tokens are counted with the engine's own tokenizer and chat template. A passage is selected or dropped as a whole, the most relevant first.
"""

import asyncio
from dataclasses import dataclass
from typing import Any, Literal

from services.generation.grounding import prompt
from services.generation.grounding.chat_model import TokenCounter
from services.generation.grounding.prompt import PromptStyle
from services.generation.grounding.request import GenerationRequest
from shared.contracts.search import SearchHit
from shared.errors import ContextTooLong, InvalidRequest

RESERVED_TOKENS = 256  # for the answer, if the request sets no limit; at most a quarter of the window
PARAM = "max_context_tokens"
TEMPLATE_FIELDS = (
    "add_generation_prompt", "add_special_tokens", "chat_template", "chat_template_kwargs", "continue_final_message",
    "messages", "mm_processor_kwargs", "model", "prompt", "tools",
)  # fmt: skip


@dataclass(frozen=True)
class PassageSelection:
    """The hits that fit, best first, and their tokens in the prompt; the hits that were dropped, and which limit they exceed."""

    hits: list[SearchHit]
    tokens: int
    dropped: list[SearchHit]
    limit: Literal["max_context_tokens", "window"]


@dataclass(frozen=True)
class TokenBudget:
    """How many tokens the passages use and may use; `is_window` says that the window sets the limit, not the request."""

    used: int
    limit: int
    is_window: bool

    @property
    def fits(self) -> bool:
        """Whether the passages are within the limit."""
        return self.used <= self.limit


async def select_passages(
    request: GenerationRequest, hits: list[SearchHit], max_context_tokens: int, counter: TokenCounter, style: PromptStyle
) -> PassageSelection:
    """Select those of `hits` (best first) that fit. The least relevant are dropped, and a passage that is too long is skipped.

    Raises:
        InvalidRequest: if not even the shortest passage fits into `max_context_tokens`.
        ContextTooLong: if not even the shortest passage fits into the window with the question and the answer.
    """
    if not hits:
        return PassageSelection([], 0, [], "max_context_tokens")
    first = budget = await _measure(request, hits, max_context_tokens, counter, style)
    selected = hits if budget.fits else await _take_while_they_fit(request, hits, budget.limit, counter, style)
    # A tokenizer may make more tokens of passages together than of each alone, so the selection is measured as it will be sent.
    while (
        selected
        and len(selected) < len(hits)
        and not (budget := await _measure(request, selected, max_context_tokens, counter, style)).fits
    ):
        selected.pop()
    if not selected:
        raise _too_small(min(await _sizes(request, hits, counter, style)), first)
    dropped = [hit for hit in hits if hit not in selected]
    return PassageSelection(selected, budget.used, dropped, "window" if first.is_window else "max_context_tokens")


def merge_selections(first: PassageSelection, second: PassageSelection) -> PassageSelection:
    """Return the passages of two searches for one answer as one selection."""
    limit = first.limit if first.dropped else second.limit
    return PassageSelection([*first.hits, *second.hits], first.tokens + second.tokens, [*first.dropped, *second.dropped], limit)


async def _measure(
    request: GenerationRequest, hits: list[SearchHit], max_context_tokens: int, counter: TokenCounter, style: PromptStyle
) -> TokenBudget:
    """Count the prompt with and without the passages. The difference is theirs."""
    prompts = [_template_fields(prompt.fill_template(request, each, style)) for each in (hits, [])]
    full, bare = await asyncio.gather(*(counter.count(fields) for fields in prompts))
    window = full.window - _reserved_tokens(request, full.window) - bare.tokens
    return TokenBudget(full.tokens - bare.tokens, min(max_context_tokens, window), is_window=window < max_context_tokens)


def _template_fields(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in TEMPLATE_FIELDS if fields.get(name) is not None}


async def _sizes(request: GenerationRequest, hits: list[SearchHit], counter: TokenCounter, style: PromptStyle) -> list[int]:
    """Return the tokens of each passage alone, without the conversation."""

    async def count(passages: list[SearchHit]) -> int:
        fields = {"model": request.model, "prompt": prompt.render_passages(request, passages, style), "add_special_tokens": False}
        return (await counter.count(fields)).tokens

    bare, *sizes = await asyncio.gather(count([]), *(count([hit]) for hit in hits))
    return [size - bare for size in sizes]


async def _take_while_they_fit(
    request: GenerationRequest, hits: list[SearchHit], limit: int, counter: TokenCounter, style: PromptStyle
) -> list[SearchHit]:
    selected, used = [], 0
    for hit, size in zip(hits, await _sizes(request, hits, counter, style), strict=True):
        if used + size <= limit:
            selected.append(hit)
            used += size
    return selected


def _too_small(shortest: int, budget: TokenBudget) -> InvalidRequest:
    problem = f"The shortest passage has {shortest} tokens"
    if budget.is_window:
        rest = f"the question and the answer leave {max(budget.limit, 0)} tokens of the model's window"
        return ContextTooLong(f"{problem}, but {rest}. Shorten the messages, allow fewer tokens for the answer, or use smaller chunks.")
    return InvalidRequest(f"{problem}, but 'max_context_tokens' is {budget.limit}. Set it to {shortest} or more.", param=PARAM)


def _reserved_tokens(request: GenerationRequest, window: int) -> int:
    for name in ("max_completion_tokens", "max_tokens"):
        value = request.fields.get(name)
        if isinstance(value, int):
            return value
    return min(RESERVED_TOKENS, window // 4)
