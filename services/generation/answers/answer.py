"""From a question to an answer based on documents (flow 2).

ground (search ──▶ context ──▶ prompt) ──▶ generate ──▶ cite

What an answer is based on becomes fields of a plain answer, and one more chunk at the end of a streamed one.
"""

import json
from dataclasses import replace
from typing import Any

from services.generation.answers.citations import Grounded, ground_answer
from services.generation.grounding.chat_model import ChatModel
from services.generation.grounding.ground import GroundingDefaults, generate, ground
from services.generation.grounding.request import GenerationRequest, option_errors
from services.generation.grounding.retrieve import Embedder, Retriever
from services.generation.http import sse
from services.generation.http.reply import Chunks, Reply
from shared.contracts.chat import RetrievalOptions

IDENTITY = ("id", "object", "created", "model")


async def answer(
    request: GenerationRequest, options: RetrievalOptions, model: ChatModel, retriever: Retriever, defaults: GroundingDefaults
) -> Reply:
    """Return the answer to the request's question, with citations.

    Raises:
        TandemError: as the steps do.
    """
    with option_errors("retrieval"):
        grounded = await ground(request, options, model, retriever, defaults)
    return await cite(await generate(grounded, model), grounded, retriever)


async def cite(reply: Reply, grounded: Grounded, embedder: Embedder) -> Reply:
    """Return the engine's reply with what the answer is based on."""
    headers = [(name, value) for name, value in reply.headers if name.lower() != "content-length"]
    if not isinstance(reply.body, bytes):
        return replace(reply, headers=headers, body=_cite_stream(reply.body, grounded, embedder))
    body = await _cite_plain(reply.body, grounded, embedder)
    return replace(reply, headers=[*headers, ("content-length", str(len(body)))], body=body)


async def _cite_plain(body: bytes, grounded: Grounded, embedder: Embedder) -> bytes:
    fields = json.loads(body)
    added = await ground_answer(_add_texts({}, fields), grounded, embedder)
    return json.dumps({**fields, **added.fields()}).encode()


async def _cite_stream(chunks: Chunks, grounded: Grounded, embedder: Embedder) -> Chunks:
    """Pass on the engine's events unchanged, and add one before the last, which takes its identity from the first."""
    texts: dict[int, str] = {}
    identity: dict[str, Any] | None = None
    async for event in sse.split_events(chunks):
        if sse.is_done(event) and identity is not None:
            added = await ground_answer(texts, grounded, embedder)
            yield sse.encode({**identity, "choices": [], **added.fields()})
        data = sse.decode(event)
        identity = identity or _identity(data)
        texts = _add_texts(texts, data)
        yield event


def _add_texts(texts: dict[int, str], data: Any) -> dict[int, str]:
    """Return `texts` with the text that a body or a chunk adds to each choice."""
    added = dict(texts)
    for choice in (data.get("choices") or ()) if isinstance(data, dict) else ():
        part = choice.get("message") or choice.get("delta") or choice
        text = part.get("content") or part.get("text") or ""
        index = choice.get("index", 0)
        added[index] = added.get(index, "") + (text if isinstance(text, str) else "")
    return added


def _identity(data: Any) -> dict[str, Any] | None:
    return {name: data[name] for name in IDENTITY} if isinstance(data, dict) and all(name in data for name in IDENTITY) else None
