"""What an answer is based on: from a question to the prompt, for chat, completions and responses alike.

the query ──▶ retrieve ──▶ select the passages that fit ──▶ write the prompt
"""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from services.generation.grounding.abstain import abstain
from services.generation.grounding.chat_model import ChatModel
from services.generation.grounding.prompt import PassageSelection, PromptStyle, order_passages, select_passages, size_of, write_prompt
from services.generation.grounding.request import GenerationRequest, question
from services.generation.grounding.retrieve import Searcher, retrieve
from services.generation.grounding.rewrite import SearchQuery, rewrite_question
from services.generation.grounding.template import Template, read_template
from services.generation.http.reply import Reply
from shared.contracts.chat import RetrievalOptions
from shared.contracts.search import MAX_QUERY_CHARACTERS, SearchHit
from shared.validation.off_loop import run_off_loop

LIMITS = {"max_context_tokens": "'max_context_tokens' ({limit})", "window": "the model's window"}


@dataclass(frozen=True)
class GroundingDefaults:
    """What applies if a request does not set it: the prompt template, and the answer of a model that abstains."""

    template: Template
    abstention: str


@dataclass(frozen=True)
class Timings:
    """Milliseconds by step. A step ends where the next one begins; `step_started` is when the current one began (`time.perf_counter`)."""

    step_started: float
    ms: Mapping[str, float] = field(default_factory=dict)

    def end_step(self, name: str) -> "Timings":
        """Return the timings with a step that ends now."""
        now = time.perf_counter()
        return replace(self, step_started=now, ms={**self.ms, name: round((now - self.step_started) * 1000, 3)})


@dataclass(frozen=True)
class RetrievedContext:
    """What was searched and found: the query, all hits, which of them fit, and these in their order in the prompt."""

    request: GenerationRequest
    options: RetrievalOptions
    query: SearchQuery
    hits: list[SearchHit]
    selection: PassageSelection
    passages: list[SearchHit]
    timings: Timings

    @property
    def notes(self) -> list[str]:
        """What the caller should know: passages that were dropped, a question that was not rewritten or was cut for the search."""
        notes = [self.query.note] if self.query.note else []
        if self.selection.dropped:
            limit = LIMITS[self.selection.limit].format(limit=self.options.max_context_tokens)
            count = f"{len(self.selection.dropped)} of {len(self.hits)} passages"
            notes.append(f"{count} were dropped, because not all fit into {limit}: the least relevant, and those that are too long.")
        return notes


@dataclass(frozen=True)
class GroundedPrompt:
    """A request for the engine, with passages; `body` is what the engine receives."""

    context: RetrievedContext
    body: bytes

    @property
    def sha256(self) -> str:
        """The hash of what the engine receives."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True)
class Abstention:
    """An answer without a model, because no passage was found: `text` is the whole answer."""

    context: RetrievedContext
    text: str


async def ground(
    request: GenerationRequest, options: RetrievalOptions, model: ChatModel, searcher: Searcher, defaults: GroundingDefaults
) -> GroundedPrompt | Abstention:
    """Search, select the passages that fit, and write the prompt.

    Raises:
        InvalidRequest: if an option cannot be used, or the request has no question.
        ContextTooLong: if no passage fits into the model's window.
        NotFound: if a vector store does not exist.
        Unavailable, DeadlineExceeded: if retrieval or the engine cannot be reached, or is too slow.
    """
    timings = start_timings()
    template = await read_template(options.prompt_template) if options.prompt_template else defaults.template
    last_question = question(request)
    style = PromptStyle(template, options.order, await model.control_tokens())
    rewrites = options.query == "conversation"
    query = await rewrite_question(request, model, style.control_tokens) if rewrites else SearchQuery(last_question)
    query = _shorten(query)
    timings = timings.end_step("query")
    hits = await retrieve(query.text, options, searcher, explain=request.trace)
    timings = timings.end_step("search")
    selection = await select_passages(request, hits, options.max_context_tokens, model, style)
    timings = timings.end_step("context")
    size = len(request.body) + size_of(request, selection.hits)
    body = await run_off_loop(lambda: json.dumps(write_prompt(request, selection.hits, style)).encode(), size)
    timings = timings.end_step("prompt")
    passages = order_passages(selection.hits, options.order)
    context = RetrievedContext(request, options, query, hits, selection, passages, timings)
    if not passages and options.on_empty == "abstain":
        return Abstention(context, defaults.abstention)
    return GroundedPrompt(context, body)


def _shorten(query: SearchQuery) -> SearchQuery:
    """Return the beginning of a query that is longer than a search accepts, with a note that says so. The prompt has the whole question."""
    if len(query.text) <= MAX_QUERY_CHARACTERS:
        return query
    notes = [query.note] if query.note else []
    cut = f"The question has {len(query.text):,} characters, of which the first {MAX_QUERY_CHARACTERS:,} were searched."
    return SearchQuery(query.text[:MAX_QUERY_CHARACTERS], " ".join([*notes, cut]))


async def generate(grounded: GroundedPrompt | Abstention, model: ChatModel) -> Reply:
    """Return the model's response to the prompt, or the abstention."""
    if isinstance(grounded, Abstention):
        return abstain(grounded.context.request, grounded.text)
    return await model.generate(grounded.context.request.path, grounded.body)


def start_timings() -> Timings:
    """Return the timings of an answer that begins now."""
    return Timings(time.perf_counter())
