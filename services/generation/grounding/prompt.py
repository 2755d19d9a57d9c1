"""Writes the prompt: the passages and the question in the last user message (or the completion's prompt), by a template.

What was said before stays in front, and the question comes last, so that calls with the same beginning share it in the engine's cache.
Text from documents is data: it is neutralised before a template sees it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.generation.grounding.request import COMPLETIONS, INCLUDE, Asked
from services.generation.grounding.sanitize import has_controls, neutralise, without_controls
from services.generation.grounding.template import Passage, Template
from shared.contracts.chat import PassageOrder
from shared.contracts.search import SearchHit
from shared.errors import InvalidRequest

ARROW = " \u203a "
OURS = ("retrieval", INCLUDE)


@dataclass(frozen=True)
class Style:
    """How passages are shown: by which template, in which order; `controls` are the tokens of the model that they must not have.

    `first` is the first one's number.
    """

    template: Template
    order: PassageOrder = "relevance"
    controls: frozenset[str] = frozenset()
    first: int = 1


def question(asked: Asked) -> str:
    """Return the user's words: the text of the last user message, or the prompt.

    Raises:
        InvalidRequest: there is none.
    """
    if asked.path == COMPLETIONS:
        return _not_blank(asked.fields.get("prompt"), "prompt", "With 'retrieval', 'prompt' must be one string that is not empty.")
    content = messages(asked)[last_user(asked)].get("content")
    return _not_blank(text_of(content), "messages", "With 'retrieval', the last user message must have text.")


def arrange(hits: Sequence[SearchHit], order: PassageOrder) -> list[SearchHit]:
    """Return `hits` (best first) as they stand in the prompt; `document` is the same whatever the question, so its beginning is shared."""
    if order == "document":
        return sorted(hits, key=lambda hit: (hit.filename, hit.file_id, hit.chunk.start))
    return list(hits) if order == "relevance" else list(hits)[::-1]


def write(asked: Asked, hits: Sequence[SearchHit], style: Style) -> dict[str, Any]:
    """Return the call's fields as the engine gets them, with `hits` (best first) and the question; without hits the question alone."""
    return frame(asked, hits, style) if hits else _engines(asked)


def frame(asked: Asked, hits: Sequence[SearchHit], style: Style) -> dict[str, Any]:
    """Like `write`, by the template even without hits."""
    text = show(asked, hits, style)
    if asked.path == COMPLETIONS:
        return {**_engines(asked), "prompt": text}
    listed, last = list(messages(asked)), last_user(asked)
    listed[last] = {**listed[last], "content": _replaced(listed[last]["content"], text)}
    return {**_engines(asked), "messages": listed}


def show(asked: Asked, hits: Sequence[SearchHit], style: Style) -> str:
    """Return what the template makes of `hits` and the question. Raises InvalidRequest where it cannot."""
    wanted = question(asked)
    text = style.template.render(_passages(arrange(hits, style.order), style), wanted)
    # What a template puts together from two passages, or changes, could be a control token again. Its author's and the asker's own stay.
    own = has_controls(style.template.source + wanted, style.controls)
    return text if own else without_controls(text, style.controls)


def _passages(hits: Sequence[SearchHit], style: Style) -> list[Passage]:
    return [_passage(number, hit, style.controls) for number, hit in enumerate(hits, start=style.first)]


def _passage(number: int, hit: SearchHit, controls: frozenset[str]) -> Passage:
    title, path = hit.chunk.title or "", hit.chunk.heading_path
    parts = [title, *(path[1:] if path[:1] == [title] else path)]
    return Passage(
        number=number,
        heading=neutralise(ARROW.join(part for part in parts if part), controls),
        text=neutralise("\n".join(part.text for part in hit.content), controls),
        title=neutralise(title, controls),
        filename=neutralise(hit.filename, controls),
        page=hit.chunk.page,
        score=hit.score,
    )


def _engines(asked: Asked) -> dict[str, Any]:
    return {name: value for name, value in asked.fields.items() if name not in OURS}


def messages(asked: Asked) -> list[Any]:
    """Return the messages of a chat. Raises InvalidRequest where they are none."""
    listed = asked.fields.get("messages")
    if not isinstance(listed, list) or not all(isinstance(message, dict) for message in listed):
        raise InvalidRequest("'messages' must be a list of messages.", param="messages")
    return listed


def last_user(asked: Asked) -> int:
    """Return the place of the last user message. Raises InvalidRequest where there is none."""
    numbers = [number for number, message in enumerate(messages(asked)) if message.get("role") == "user"]
    if not numbers:
        raise InvalidRequest("With 'retrieval', 'messages' needs a message with the role 'user'.", param="messages")
    return numbers[-1]


def text_of(content: Any) -> Any:
    """Return the text of a message's content, which may be a list of parts."""
    if not isinstance(content, list):
        return content
    return "\n".join(str(part.get("text", "")) for part in content if _is_text(part))


def _is_text(part: Any) -> bool:
    return isinstance(part, dict) and part.get("type") == "text"


def _replaced(content: Any, text: str) -> Any:
    """Return the message's content with its text replaced; what else it holds (pictures) stays."""
    if not isinstance(content, list):
        return text
    return [*(part for part in content if not _is_text(part)), {"type": "text", "text": text}]


def _not_blank(text: Any, param: str, problem: str) -> str:
    if not isinstance(text, str) or not text.strip():
        raise InvalidRequest(problem, param=param)
    return text
