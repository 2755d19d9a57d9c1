"""Writes the prompt: a template puts the passages and the question into the last user message, or into the completion's prompt.

The earlier conversation stays in front and the question comes last, so that prompts with the same beginning share it in the engine's
cache. Text from documents is data: it is sanitized before a template sees it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.generation.grounding.request import COMPLETIONS, INCLUDE, GenerationRequest, is_text_part, last_user_index, messages, question
from services.generation.grounding.sanitize import has_control_tokens, sanitize, split_control_tokens
from services.generation.grounding.template import Passage, Template
from shared.contracts.chat import PassageOrder
from shared.contracts.search import SearchHit

HEADING_SEPARATOR = " \u203a "
TANDEM_FIELDS = ("retrieval", INCLUDE)


@dataclass(frozen=True)
class PromptStyle:
    """How passages are shown: the template, their order, the model's control tokens that they must not contain.

    `first_number` is the number of the first passage.
    """

    template: Template
    order: PassageOrder = "relevance"
    control_tokens: frozenset[str] = frozenset()
    first_number: int = 1


def order_passages(hits: Sequence[SearchHit], order: PassageOrder) -> list[SearchHit]:
    """Return `hits` (best first) in their order in the prompt. `document` does not depend on the question, so its beginning is cached."""
    if order == "document":
        return sorted(hits, key=lambda hit: (hit.filename, hit.file_id, hit.chunk.start))
    return list(hits) if order == "relevance" else list(hits)[::-1]


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
    text = style.template.render(_passages(order_passages(hits, style.order), style), user_question)
    # A template may join or change passages so that they form a control token again. Tokens of its author and of the caller stay.
    is_intended = has_control_tokens(style.template.source + user_question, style.control_tokens)
    return text if is_intended else split_control_tokens(text, style.control_tokens)


def _passages(hits: Sequence[SearchHit], style: PromptStyle) -> list[Passage]:
    return [_passage(number, hit, style.control_tokens) for number, hit in enumerate(hits, start=style.first_number)]


def _passage(number: int, hit: SearchHit, control_tokens: frozenset[str]) -> Passage:
    title, path = hit.chunk.title or "", hit.chunk.heading_path
    headings = [title, *(path[1:] if path[:1] == [title] else path)]
    return Passage(
        number=number,
        heading=sanitize(HEADING_SEPARATOR.join(heading for heading in headings if heading), control_tokens),
        text=sanitize("\n".join(part.text for part in hit.content), control_tokens),
        title=sanitize(title, control_tokens),
        filename=sanitize(hit.filename, control_tokens),
        page=hit.chunk.page,
        score=hit.score,
    )


def _engine_fields(request: GenerationRequest) -> dict[str, Any]:
    return {name: value for name, value in request.fields.items() if name not in TANDEM_FIELDS}


def _replace_text(content: Any, text: str) -> Any:
    """Return a message's content with other text. Its other parts, such as images, are kept."""
    if not isinstance(content, list):
        return text
    return [*(part for part in content if not is_text_part(part)), {"type": "text", "text": text}]
