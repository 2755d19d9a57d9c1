"""A search that the model asked for while it answers: what it finds is told to the model, and added to what the answer is built on."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.generation.grounding import context, prompt
from services.generation.grounding.ground import Answers, Ground, House
from services.generation.grounding.prompt import Style
from services.generation.grounding.request import Asked
from services.generation.grounding.retrieve import Documents, retrieve
from services.generation.grounding.rewrite import Query
from services.generation.grounding.template import Template
from services.generation.grounding.timings import Steps
from services.generation.responses.search_tool import Offers
from shared.contracts.search import SearchHit
from shared.errors import InvalidRequest


@dataclass(frozen=True)
class Sources:
    """Whom a response is made with: the model's engine, the caller's documents, what holds in this house, and what models are offered."""

    engine: Answers
    documents: Documents
    house: House
    offers: Offers


@dataclass(frozen=True)
class Found:
    """What a search brought: its passages as the model reads them, and as hits; and all that the answer is built on by now."""

    text: str
    given: list[SearchHit]
    ground: Ground


async def consult(queries: Sequence[str], asked: Asked, before: Ground | None, sources: Sources) -> Found:
    """Search for `queries`, choose the passages that fit the conversation as it stands in `asked`, and number them on from `before`.

    Raises:
        InvalidRequest, ContextTooLong, NotFound, Unavailable, DeadlineExceeded: as the steps do.
    """
    options = asked.retrieval
    if options is None:
        raise InvalidRequest("There are no stores to search.", param="tools")
    found = await retrieve(list(queries), options, sources.documents, explain=asked.trace)
    template = Template(options.prompt_template) if options.prompt_template else sources.house.template
    earlier = before.given if before else []
    style = Style(template, options.order, await sources.engine.control_tokens(), first=len(earlier) + 1)
    fitted = await context.fit(asked, found, options.max_context_tokens, sources.engine, style)
    given = prompt.arrange(fitted.hits, options.order)
    text = prompt.show(asked, fitted.hits, style) if given else ""
    whole = context.together(before.fitted, fitted) if before else fitted
    query = Query("\n".join([*([before.query.text] if before else []), *queries]))
    steps = before.steps if before else Steps()
    hits = [*(before.found if before else []), *found]
    ground = Ground(asked, options, query, hits, whole, [*earlier, *given], None, sources.house.abstention, steps)
    return Found(text, given, ground)
