"""Writes the prompt: selects the passages that fit, and puts them and the question into a template.

The text takes the place of the last user message, or of a completion's prompt. The earlier conversation stays in front and the question
comes last, so that prompts with the same beginning share it in the engine's cache.

Passages fit if they have at most `max_context_tokens`, and if prompt and answer fit into the model's window. Tokens are counted with the
engine's own tokenizer and chat template. A passage is selected or dropped as a whole, the most relevant first.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from services.generation.grounding.chat_model import TokenCounter
from services.generation.grounding.request import COMPLETIONS, INCLUDE, GenerationRequest, is_text_part, last_user_index, messages, question
from services.generation.grounding.template import Template, has_control_tokens, make_passage, split_control_tokens
from shared.contracts.chat import PassageOrder
from shared.contracts.search import SearchHit
from shared.errors import ContextTooLong, InvalidRequest
from shared.validation.off_loop import run_off_loop

RESERVED_TOKENS = 256  # for the answer, if the request sets no limit; at most a quarter of the window
PARAM = "max_context_tokens"
TANDEM_FIELDS = ("retrieval", INCLUDE)
TEMPLATE_FIELDS = (
    "add_generation_prompt", "add_special_tokens", "chat_template", "chat_template_kwargs", "continue_final_message",
    "messages", "mm_processor_kwargs", "model", "prompt", "tools",
)  # fmt: skip


@dataclass(frozen=True)
class PromptStyle:
    """How passages are shown: the template, their order, the model's control tokens that they must not contain.

    `first_number` is the number of the first passage.
    """

    template: Template
    order: PassageOrder = "relevance"
    control_tokens: frozenset[str] = frozenset()
    first_number: int = 1


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
        raise _too_small(min(await _sizes(request, hits, counter, style)), first, request)
    dropped = [hit for hit in hits if hit not in selected]
    return PassageSelection(selected, budget.used, dropped, "window" if first.is_window else "max_context_tokens")


def merge_selections(first: PassageSelection, second: PassageSelection) -> PassageSelection:
    """Return the passages of two searches for one answer as one selection."""
    limit = first.limit if first.dropped else second.limit
    return PassageSelection([*first.hits, *second.hits], first.tokens + second.tokens, [*first.dropped, *second.dropped], limit)


def order_passages(hits: Sequence[SearchHit], order: PassageOrder) -> list[SearchHit]:
    """Return `hits` (best first) in their order in the prompt. `document` does not depend on the question, so its beginning is cached."""
    if order == "document":
        return sorted(hits, key=lambda hit: (hit.filename, hit.file_id, hit.chunk.start))
    return list(hits) if order == "relevance" else list(hits)[::-1]


def size_of(request: GenerationRequest, hits: Sequence[SearchHit]) -> int:
    """Return the characters that a template is filled with: those of the question and of the passages."""
    return len(question(request)) + sum(len(part.text) for hit in hits for part in hit.content)


def write_prompt(request: GenerationRequest, hits: Sequence[SearchHit], style: PromptStyle) -> dict[str, Any]:
    """Return the fields for the engine, with `hits` (best first) and the question; without hits, the question alone."""
    return fill_template(request, hits, style) if hits else _engine_fields(request)


def fill_template(request: GenerationRequest, hits: Sequence[SearchHit], style: PromptStyle) -> dict[str, Any]:
    """Return the fields for the engine, with the template even if there are no hits."""
    text = render_passages(request, hits, style)
    if request.path == COMPLETIONS:
        return {**_engine_fields(request), "prompt": text}
    chat, last = list(messages(request)), last_user_index(request)
    chat[last] = {**chat[last], "content": _replace_text(chat[last]["content"], text)}
    return {**_engine_fields(request), "messages": chat}


def render_passages(request: GenerationRequest, hits: Sequence[SearchHit], style: PromptStyle) -> str:
    """Return the template filled with `hits` and the question. Raises InvalidRequest if it cannot be rendered."""
    user_question = question(request)
    ordered = enumerate(order_passages(hits, style.order), start=style.first_number)
    passages = [make_passage(number, hit, style.control_tokens) for number, hit in ordered]
    text = style.template.render(passages, user_question)
    # A template may join or change passages so that they form a control token again. Tokens of its author and of the caller stay.
    is_intended = has_control_tokens(style.template.source + user_question, style.control_tokens)
    return text if is_intended else split_control_tokens(text, style.control_tokens)


async def _measure(
    request: GenerationRequest, hits: list[SearchHit], max_context_tokens: int, counter: TokenCounter, style: PromptStyle
) -> TokenBudget:
    """Count the prompt with and without the passages. The difference is theirs."""
    prompts = [await run_off_loop(partial(fill_template, request, each, style), size_of(request, each)) for each in (hits, [])]
    full, bare = await asyncio.gather(*(counter.count(_template_fields(fields)) for fields in prompts))
    window = full.window - _reserved_tokens(request, full.window) - bare.tokens
    return TokenBudget(full.tokens - bare.tokens, min(max_context_tokens, window), is_window=window < max_context_tokens)


def _template_fields(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in TEMPLATE_FIELDS if fields.get(name) is not None}


async def _sizes(request: GenerationRequest, hits: list[SearchHit], counter: TokenCounter, style: PromptStyle) -> list[int]:
    """Return the tokens of each passage alone, without the conversation."""

    async def count(passages: list[SearchHit]) -> int:
        text = await run_off_loop(partial(render_passages, request, passages, style), size_of(request, passages))
        return (await counter.count({"model": request.model, "prompt": text, "add_special_tokens": False})).tokens

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


def _too_small(shortest: int, budget: TokenBudget, request: GenerationRequest) -> InvalidRequest:
    problem = f"The shortest passage has {shortest} tokens"
    if budget.is_window:
        rest = f"the question and the answer leave {max(budget.limit, 0)} tokens of the model's window"
        param = "prompt" if request.path == COMPLETIONS else "messages"
        advice = f"Shorten the {param}, allow fewer tokens for the answer, or use smaller chunks."
        return ContextTooLong(f"{problem}, but {rest}. {advice}", param=param)
    return InvalidRequest(f"{problem}, but 'max_context_tokens' is {budget.limit}. Set it to {shortest} or more.", param=PARAM)


def _reserved_tokens(request: GenerationRequest, window: int) -> int:
    for name in ("max_completion_tokens", "max_tokens"):
        value = request.fields.get(name)
        if isinstance(value, int):
            return value
    return min(RESERVED_TOKENS, window // 4)


def _engine_fields(request: GenerationRequest) -> dict[str, Any]:
    return {name: value for name, value in request.fields.items() if name not in TANDEM_FIELDS}


def _replace_text(content: Any, text: str) -> Any:
    """Return a message's content with other text. Its other parts, such as images, are kept."""
    if not isinstance(content, list):
        return text
    return [*(part for part in content if not is_text_part(part)), {"type": "text", "text": text}]
