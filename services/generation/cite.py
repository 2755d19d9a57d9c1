"""Tells with the answer which passages the model was given: a field in a plain answer, one more chunk at the end of a stream."""

import json
from collections.abc import Sequence
from typing import Any

from services.generation.relay import Chunks, Reply
from services.generation.sse import DATA, DONE, SEPARATOR, split
from shared.contracts.chat import Citation
from shared.contracts.search import SearchHit


async def cite(reply: Reply, hits: Sequence[SearchHit]) -> Reply:
    """Return the engine's reply with the citations of `hits`, which are numbered as in the prompt."""
    citations = [citation.model_dump() for citation in citations_of(hits)]
    headers = [(name, value) for name, value in reply.headers if name != "content-length"]
    if reply.is_stream:
        return Reply(reply.status, headers, _stream_with(reply.chunks, citations), reply.close)
    try:
        body = _plain_with(b"".join([chunk async for chunk in reply.chunks]), citations)
    finally:
        await reply.close()
    return Reply(reply.status, [*headers, ("content-length", str(len(body)))], _only(body), reply.close)


def citations_of(hits: Sequence[SearchHit]) -> list[Citation]:
    """Return a citation for every hit, numbered from 1."""
    return [_citation(number, hit) for number, hit in enumerate(hits, start=1)]


def _citation(number: int, hit: SearchHit) -> Citation:
    text = "\n".join(part.text for part in hit.content)
    return Citation(
        index=number,
        file_id=hit.file_id,
        filename=hit.filename,
        vector_store_id=hit.vector_store_id,
        score=hit.score,
        text=text,
        chunk=hit.chunk,
    )


def _plain_with(body: bytes, citations: list[Any]) -> bytes:
    return json.dumps({**json.loads(body), "citations": citations}).encode()


async def _only(body: bytes) -> Chunks:
    yield body


async def _stream_with(chunks: Chunks, citations: list[Any]) -> Chunks:
    """Pass the engine's events along unchanged; right before the last comes one more, which borrows its identity from the first."""
    first: dict[str, Any] | None = None
    async for event in split(chunks):
        if event.strip() == DONE and first is not None:
            yield DATA + json.dumps({**first, "choices": [], "citations": citations}).encode() + SEPARATOR
        first = first or _identity(event)
        yield event


def _identity(event: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(event.removeprefix(DATA))
        return {name: said[name] for name in ("id", "object", "created", "model")}
    except (ValueError, KeyError, TypeError):
        return None
