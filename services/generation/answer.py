"""From a question to an answer, with or without documents (flow 2).

    search the stores ──▶ fit the passages into the context ──▶ write the prompt ──▶ the engine ──▶ cite

Without `retrieval` the call goes to the engine as it came, and its answer comes back as it is.
"""

import json
from typing import Protocol

from services.generation import cite, context, prompt, retrieve
from services.generation.asked import Asked
from services.generation.relay import Reply


class Answers(context.Counts, Protocol):
    """The engine, as this flow needs it."""

    async def ask(self, path: str, body: bytes) -> Reply:
        """Return the answer to `body` as it comes."""


async def answer(asked: Asked, engine: Answers, stores: retrieve.Searches) -> Reply:
    """Return the answer to what was asked, cited where it was asked with documents."""
    if asked.retrieval is None:
        return await engine.ask(asked.path, asked.body)
    hits = await retrieve.retrieve(prompt.question(asked), asked.retrieval, stores)
    passages = await context.fit(asked, hits, asked.retrieval.max_context_tokens, engine)
    fields = prompt.write(asked, passages)
    reply = await engine.ask(asked.path, json.dumps(fields).encode())
    return await cite.cite(reply, passages)
