"""Rewrites a follow-up question so that it can be searched without the conversation: one call of the model.

A call that fails is an error. If the model returns nothing, the question is searched unchanged, and a note in the answer says so.
"""

import json
from dataclasses import dataclass
from typing import Any

from services.generation.grounding.chat_model import ChatModel, TokenCounter
from services.generation.grounding.request import CHAT, COMPLETIONS, GenerationRequest, last_user_index, messages, question, text_of
from services.generation.grounding.template import split_control_tokens
from services.generation.http.reply import read_body
from shared.contracts.search import MAX_QUERY_CHARACTERS
from shared.errors import InvalidRequest, Unavailable

INSTRUCTION = (
    "Rewrite the last question of the conversation so that it can be understood without it: say in full what its words refer to. "
    "Keep the language. Answer with the question alone."
)
MAX_ANSWER_TOKENS = 128
MAX_QUERY_CHARS = 1000
MAX_MESSAGE_CHARS = 1000
MAX_MESSAGES = 10
NOT_REWRITTEN = "The model did not rewrite the question, so it was searched as it is."
LABELS = ("question", "last question", "rewritten question", "query")


@dataclass(frozen=True)
class SearchQuery:
    """The text that is searched; `note` says what the caller should know about it."""

    text: str
    note: str | None = None


async def rewrite_question(request: GenerationRequest, model: ChatModel, control_tokens: frozenset[str]) -> SearchQuery:
    """Return the last question, rewritten if there are messages before it, unless it is longer than a search accepts.

    Raises:
        InvalidRequest: if the request has no conversation.
        TandemError: if the engine refuses, or cannot be reached.
    """
    if request.path == COMPLETIONS:
        raise InvalidRequest("'query' can be 'conversation' only in a chat; a completion has one prompt.", param="query")
    last, earlier = question(request), _earlier_messages(request)
    if not earlier or len(last) > MAX_QUERY_CHARACTERS:
        return SearchQuery(last)
    sanitized = [split_control_tokens(line, control_tokens) for line in earlier]
    fields = await _fit_fields(request, sanitized, split_control_tokens(last, control_tokens), model)
    reply = await model.generate(CHAT, json.dumps(fields).encode())
    rewritten = _clean(_content(await read_body(reply)))
    return SearchQuery(rewritten) if rewritten else SearchQuery(last, NOT_REWRITTEN)


def _earlier_messages(request: GenerationRequest) -> list[str]:
    """Return what user and assistant wrote before the last question, oldest first."""
    before = messages(request)[: last_user_index(request)]
    texts = [(message.get("role"), text_of(message.get("content"))) for message in before]
    lines = [
        f"{role}: {text[:MAX_MESSAGE_CHARS]}" for role, text in texts if role in ("user", "assistant") and isinstance(text, str) and text
    ]
    return lines[-MAX_MESSAGES:]


async def _fit_fields(request: GenerationRequest, earlier: list[str], last: str, counter: TokenCounter) -> dict[str, Any]:
    """Return the fields of the call, with as much of the conversation as fits the window."""
    for first in range(len(earlier)):
        content = "\n\n".join(["Conversation:", *earlier[first:], f"Last question: {last}"])
        chat = [{"role": "system", "content": INSTRUCTION}, {"role": "user", "content": content}]
        count = await counter.count({"model": request.model, "messages": chat})
        if count.tokens + MAX_ANSWER_TOKENS <= count.window:
            break
    return {"model": request.model, "messages": chat, "max_tokens": MAX_ANSWER_TOKENS, "temperature": 0}


def _content(body: bytes) -> str:
    try:
        return str(json.loads(body)["choices"][0]["message"]["content"] or "")
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise Unavailable("The engine returned something other than a chat completion.") from error


def _clean(answer: str) -> str:
    """Return the question: the first line after the model's thoughts, without quotation marks or a label."""
    lines = [line.strip() for line in answer.rpartition("</think>")[2].splitlines() if line.strip()]
    line = lines[0] if lines else ""
    label, colon, rest = line.partition(":")
    line = rest if colon and label.strip().lower() in LABELS else line
    return line.strip().strip("\"'\u201c\u201d").strip()[:MAX_QUERY_CHARS]
