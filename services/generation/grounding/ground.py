"""What an answer is built on: from a question to the prompt (the first half of flow 2), for chat, completions and responses alike.

the question ──▶ search the stores ──▶ fit the passages into the context ──▶ write the prompt
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Protocol

from services.generation.grounding import context, prompt, retrieve, rewrite
from services.generation.grounding.abstain import abstain
from services.generation.grounding.prompt import Style
from services.generation.grounding.request import Asked
from services.generation.grounding.rewrite import Query
from services.generation.grounding.template import Template
from services.generation.grounding.timings import Steps
from services.generation.http.relay import Reply
from shared.contracts.chat import RetrievalOptions
from shared.contracts.search import SearchHit

LIMITS = {"max_context_tokens": "'max_context_tokens' ({limit})", "window": "the model's window"}


class Answers(rewrite.Rewrites, Protocol):
    """The engine, as answers need it."""

    async def control_tokens(self) -> frozenset[str]:
        """Return the tokens of the model's tokenizer that no text may form."""


@dataclass(frozen=True)
class House:
    """What holds where a call does not say otherwise: the prompt's template, and the sentence of an answer that abstains."""

    template: Template
    abstention: str


@dataclass(frozen=True)
class Ground:
    """What an answer is built on: the query, the hits, those given to the model as they stand in the prompt, and what the engine gets.

    `body` is None where nothing passed and the call wants no answer then.
    """

    asked: Asked
    options: RetrievalOptions
    query: Query
    found: list[SearchHit]
    fitted: context.Fitted
    given: list[SearchHit]
    body: bytes | None
    sentence: str
    steps: Steps = field(default_factory=Steps)

    @property
    def abstained(self) -> bool:
        """Whether no model was asked."""
        return self.body is None

    @property
    def prompt_sha256(self) -> str | None:
        """The hash of what was sent to the engine."""
        return None if self.body is None else hashlib.sha256(self.body).hexdigest()

    @property
    def notes(self) -> list[str]:
        """What the caller should know: passages that were dropped, a question that was not rewritten."""
        notes = [self.query.note] if self.query.note else []
        if self.fitted.dropped:
            limit = LIMITS[self.fitted.limit].format(limit=self.options.max_context_tokens)
            dropped = f"{len(self.fitted.dropped)} of {len(self.found)} passages were dropped, the least relevant or too long ones"
            notes.append(f"{dropped}: all together do not fit into {limit}.")
        return notes


async def ground(asked: Asked, options: RetrievalOptions, engine: Answers, stores: retrieve.Searches, house: House) -> Ground:
    """Search, choose the passages that fit, and write the prompt.

    Raises:
        InvalidRequest, ContextTooLong, NotFound, Unavailable, DeadlineExceeded: as the steps do.
    """
    steps = Steps()
    template = Template(options.prompt_template) if options.prompt_template else house.template
    prompt.question(asked)
    controls = await engine.control_tokens()
    query = await _query(asked, options, engine, controls)
    steps.end("query")
    found = await retrieve.retrieve(query.text, options, stores, explain=asked.trace)
    steps.end("search")
    style = Style(template, options.order, controls)
    fitted = await context.fit(asked, found, options.max_context_tokens, engine, style)
    steps.end("context")
    body = _body(asked, options, fitted.hits, style)
    steps.end("prompt")
    return Ground(asked, options, query, found, fitted, prompt.arrange(fitted.hits, options.order), body, house.abstention, steps)


async def ask(grounded: Ground, engine: Answers) -> Reply:
    """Return the engine's answer; without a body the sentence that says there is none."""
    if grounded.body is None:
        return abstain(grounded.asked, grounded.sentence)
    return await engine.ask(grounded.asked.path, grounded.body)


async def _query(asked: Asked, options: RetrievalOptions, engine: Answers, controls: frozenset[str]) -> Query:
    if options.query == "conversation":
        return await rewrite.stand_alone(asked, engine, controls)
    return Query(prompt.question(asked))


def _body(asked: Asked, options: RetrievalOptions, hits: list[SearchHit], style: Style) -> bytes | None:
    if not hits and options.on_empty == "abstain":
        return None
    return json.dumps(prompt.write(asked, hits, style)).encode()
