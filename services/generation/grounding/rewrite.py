"""Makes a follow-up question stand alone, for the search: the model rewrites it from the conversation, in one call.

A call that fails is an error, as everywhere; where the model has nothing to say, the question is searched as it was and the answer says so.
"""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Protocol

from services.generation.grounding import prompt
from services.generation.grounding.context import Counts
from services.generation.grounding.request import CHAT, COMPLETIONS, Asked
from services.generation.grounding.sanitize import without_controls
from services.generation.http.relay import Reply
from shared.errors import InvalidRequest, Unavailable

INSTRUCTION = (
    "Rewrite the last question of the conversation so that it can be understood without it: say in full what its words refer to. "
    "Keep the language. Answer with the question alone."
)
ANSWER_TOKENS = 128
LONGEST_QUERY = 1000  # characters
LONGEST_SAID = 1000
LATEST = 10  # messages
NOTHING_SAID = "The model did not rewrite the question; it was searched as it is."


class Rewrites(Counts, Protocol):
    """The engine, as rewriting needs it."""

    async def ask(self, path: str, body: bytes) -> Reply:
        """Return the answer to `body` as it comes."""


@dataclass(frozen=True)
class Query:
    """What is searched; `note` says what the caller should know of it."""

    text: str
    note: str | None = None


async def stand_alone(asked: Asked, engine: Rewrites, controls: frozenset[str]) -> Query:
    """Return the last question, rewritten where something was said before it.

    Raises:
        InvalidRequest: the call has no conversation.
        TandemError: the engine refuses, or does not answer.
    """
    if asked.path == COMPLETIONS:
        raise InvalidRequest("'query' can be 'conversation' in a chat; a completion has one prompt.", param="retrieval.query")
    question, said = prompt.question(asked), _said(asked)
    if not said:
        return Query(question)
    body = await _body(asked, [without_controls(line, controls) for line in said], without_controls(question, controls), engine)
    reply = await engine.ask(CHAT, json.dumps(body).encode())
    try:
        written = _clean(await _content(reply.chunks))
    finally:
        await reply.close()
    return Query(written) if written else Query(question, NOTHING_SAID)


def _said(asked: Asked) -> list[str]:
    """Return what user and assistant said before the last question, latest last."""
    before = prompt.messages(asked)[: prompt.last_user(asked)]
    told = [(message.get("role"), prompt.text_of(message.get("content"))) for message in before]
    return [f"{role}: {text[:LONGEST_SAID]}" for role, text in told if role in ("user", "assistant") and isinstance(text, str) and text][
        -LATEST:
    ]


async def _body(asked: Asked, said: list[str], question: str, engine: Rewrites) -> dict[str, Any]:
    """Return the call, with as much of the conversation as fits the window."""
    for first in range(len(said)):
        content = "\n\n".join(["Conversation:", *said[first:], f"Last question: {question}"])
        messages = [{"role": "system", "content": INSTRUCTION}, {"role": "user", "content": content}]
        count = await engine.count({"model": asked.model, "messages": messages})
        if count.tokens + ANSWER_TOKENS <= count.window:
            break
    return {"model": asked.model, "messages": messages, "max_tokens": ANSWER_TOKENS, "temperature": 0}


async def _content(chunks: AsyncGenerator[bytes, None]) -> str:
    async with aclosing(chunks):
        body = b"".join([chunk async for chunk in chunks])
    try:
        return str(json.loads(body)["choices"][0]["message"]["content"] or "")
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise Unavailable("The engine answered something else than a chat completion.") from error


def _clean(written: str) -> str:
    """Return the question: what comes after a model's thoughts, its first line, without quotes or a label."""
    lines = [line.strip() for line in written.rpartition("</think>")[2].splitlines() if line.strip()]
    line = lines[0] if lines else ""
    label, colon, rest = line.partition(":")
    line = rest if colon and label.strip().lower() in ("question", "last question", "rewritten question", "query") else line
    return line.strip().strip("\"'\u201c\u201d").strip()[:LONGEST_QUERY]
