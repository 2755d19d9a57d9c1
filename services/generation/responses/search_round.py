"""A search that the model asks for while it answers: the passages for the model to read, and everything found for the answer so far."""

from dataclasses import dataclass, replace
from functools import partial

from services.generation.grounding.ground import RetrievedContext, start_timings
from services.generation.grounding.prompt import PromptStyle, merge_selections, order_passages, render_passages, select_passages, size_of
from services.generation.grounding.request import GenerationRequest
from services.generation.grounding.retrieve import retrieve
from services.generation.grounding.rewrite import SearchQuery
from services.generation.grounding.template import read_template
from services.generation.responses.turn import Backends
from shared.contracts.chat import RetrievalOptions
from shared.contracts.search import SearchHit
from shared.validation.off_loop import run_off_loop


@dataclass(frozen=True)
class SearchRound:
    """The result of one search: its passages, as hits and as the text that the model reads, and the context with earlier searches."""

    passages: list[SearchHit]
    text: str
    context: RetrievedContext


async def search(
    queries: list[str], request: GenerationRequest, options: RetrievalOptions, earlier: RetrievedContext | None, backends: Backends
) -> SearchRound:
    """Search for `queries` and select the passages that fit the conversation in `request`. Their numbers follow those of `earlier`.

    Raises:
        InvalidRequest: if an option cannot be used.
        ContextTooLong: if no passage fits into the model's window.
        NotFound: if a vector store does not exist.
        Unavailable, DeadlineExceeded: if retrieval or the engine cannot be reached, or is too slow.
    """
    timings = earlier.timings.end_step("generate") if earlier else start_timings()
    hits = await retrieve(queries, options, backends.retriever, explain=request.trace)
    timings = timings.end_step("search")
    template = await read_template(options.prompt_template) if options.prompt_template else backends.defaults.template
    first_number = len(earlier.passages) + 1 if earlier else 1
    style = PromptStyle(template, options.order, await backends.model.control_tokens(), first_number)
    selection = await select_passages(request, hits, options.max_context_tokens, backends.model, style)
    passages = order_passages(selection.hits, options.order)
    render = partial(render_passages, request, selection.hits, style)
    text = await run_off_loop(render, size_of(request, selection.hits)) if passages else ""
    query = SearchQuery("\n".join(queries))
    context = RetrievedContext(request, options, query, hits, selection, passages, timings.end_step("context"))
    return SearchRound(passages, text, _merge(earlier, context) if earlier else context)


def _merge(earlier: RetrievedContext, later: RetrievedContext) -> RetrievedContext:
    return replace(
        later,
        query=SearchQuery(f"{earlier.query.text}\n{later.query.text}"),
        hits=[*earlier.hits, *later.hits],
        selection=merge_selections(earlier.selection, later.selection),
        passages=[*earlier.passages, *later.passages],
    )
