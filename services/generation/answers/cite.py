"""Adds to an answer what it is based on: fields to a plain answer, one more chunk at the end of a streamed one.

the answer's text ──▶ compare with the passages ──▶ attribute ──▶ citations
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from services.generation.answers import similarity
from services.generation.answers.attribute import MARKER, Claim, Similarities, attribute, split_sentences
from services.generation.answers.citations import Attribution, build_grounding
from services.generation.contracts.grounding import Grounding
from services.generation.grounding.ground import Abstention, GroundedPrompt
from services.generation.grounding.request import COMPLETIONS
from services.generation.grounding.retrieve import Embedder
from services.generation.http import sse
from services.generation.http.reply import Chunks, Reply
from shared.contracts.search import SearchHit

IDENTITY = ("id", "object", "created", "model")

Grounded = GroundedPrompt | Abstention


async def cite(reply: Reply, grounded: Grounded, embedder: Embedder) -> Reply:
    """Return the engine's reply with what the answer is based on."""
    headers = [(name, value) for name, value in reply.headers if name.lower() != "content-length"]
    if not isinstance(reply.body, bytes):
        return replace(reply, headers=headers, body=_cite_stream(reply.body, grounded, embedder))
    body = await _cite_plain(reply.body, grounded, embedder)
    return replace(reply, headers=[*headers, ("content-length", str(len(body)))], body=body)


async def ground_answer(texts: dict[int, str], grounded: Grounded, embedder: Embedder) -> Grounding:
    """Return what the answers in `texts` are based on; `texts` has them by the index of their choice."""
    timings = grounded.context.timings.end_step("generate")
    own = {} if isinstance(grounded, Abstention) else {choice: _remove_echo(text, grounded) for choice, text in sorted(texts.items())}
    similarities = await _compare(own, grounded, embedder)
    claims = await asyncio.to_thread(_attribute, own, grounded.context.passages, similarities)  # takes a while for long answers
    attribution = Attribution(own, claims, by_words_only=_uses_embeddings(grounded) and any(claims.values()) and not similarities)
    return build_grounding(attribution, grounded, timings.end_step("cite"))


def _uses_embeddings(grounded: Grounded) -> bool:
    return grounded.context.options.attribution == "embeddings" and bool(grounded.context.passages)


def _remove_echo(text: str, grounded: GroundedPrompt) -> str:
    """Return the text with the prompt blanked, if a completion repeats it (`echo`); the model's own text keeps its offsets."""
    request = grounded.context.request
    if request.path != COMPLETIONS or not request.fields.get("echo"):
        return text
    prompt = json.loads(grounded.body)["prompt"]
    return "\n" * len(prompt) + text[len(prompt) :] if text.startswith(prompt) else text


async def _compare(texts: dict[int, str], grounded: Grounded, embedder: Embedder) -> dict[int, Similarities]:
    """Return the similarities for each choice, all embedded in one call; empty if they are not requested or cannot be computed."""
    if not _uses_embeddings(grounded):
        return {}
    spans = {choice: split_sentences(text) for choice, text in texts.items()}
    sentences = [MARKER.sub("", texts[choice][start:end]) for choice, each in spans.items() for start, end in each]
    rows = iter(await similarity.compare(sentences, grounded.context.passages, embedder) or ())
    return {choice: matrix for choice, each in spans.items() if (matrix := list(islice(rows, len(each))))}


def _attribute(texts: dict[int, str], passages: Sequence[SearchHit], similarities: dict[int, Similarities]) -> dict[int, list[Claim]]:
    return {choice: attribute(text, passages, similarities.get(choice)) for choice, text in texts.items()}


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
