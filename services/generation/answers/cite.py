"""Tells with an answer what it rests on: fields in a plain answer, one more chunk at the end of a stream, made in the same way.

Citations are the passages that the model was given, each with where the answer rests on it; sentences tell which are supported by them.
"""

import asyncio
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from services.generation.answers import similarity
from services.generation.answers.attribute import MARKER, Claim, Likeness, attribute, markers, sentences
from services.generation.grounding.ground import Ground
from services.generation.grounding.prompt import question
from services.generation.grounding.request import COMPLETIONS
from services.generation.grounding.retrieve import Embeds
from services.generation.http.relay import Chunks, Reply
from services.generation.http.sse import DATA, DONE, SEPARATOR, split
from shared.contracts.chat import AnswerSpan, Citation, Grounding, Sentence, Trace, TraceHit
from shared.contracts.search import SearchHit

BY_WORDS = "The sentences were held against the passages by their words alone; embeddings could not be had."


class Said:
    """What each choice of an answer says, put together from a whole body or from the chunks of a stream."""

    def __init__(self) -> None:
        self.texts: dict[int, str] = {}

    def take(self, body: Any) -> None:
        """Add what a body or a chunk says."""
        for choice in (body.get("choices") or ()) if isinstance(body, dict) else ():
            said = choice.get("message") or choice.get("delta") or choice
            text = said.get("content") or said.get("text") or ""
            index = choice.get("index", 0)
            self.texts[index] = self.texts.get(index, "") + (text if isinstance(text, str) else "")


async def cite(reply: Reply, ground: Ground, stores: Embeds) -> Reply:
    """Return the engine's reply with what it rests on."""
    headers = [(name, value) for name, value in reply.headers if name != "content-length"]
    if reply.is_stream:
        return Reply(reply.status, headers, _stream_with(reply.chunks, ground, stores), reply.close)
    try:
        body = await _plain_with(b"".join([chunk async for chunk in reply.chunks]), ground, stores)
    finally:
        await reply.close()
    return Reply(reply.status, [*headers, ("content-length", str(len(body)))], _only(body), reply.close)


async def grounding(texts: dict[int, str], ground: Ground, stores: Embeds) -> Grounding:
    """Return what the answers `texts`, by their index, rest on."""
    ground.steps.end("generate")
    held = {} if ground.abstained else {choice: _own(text, ground) for choice, text in sorted(texts.items())}
    likeness = await _likeness(held, ground, stores)
    claims = await asyncio.to_thread(_claims, held, ground.given, likeness)  # long answers take a while
    ground.steps.end("cite")
    return Grounding(
        citations=_citations(held, claims, ground),
        sentences=[_sentence(choice, claim) for choice in claims for claim in claims[choice]] if _aligns(ground) else [],
        abstained=ground.abstained,
        notes=[*ground.notes, *([BY_WORDS] if _compares(ground) and any(claims.values()) and not likeness else [])],
        trace=_trace(ground) if ground.asked.trace else None,
    )


def chunk_id(hit: SearchHit) -> str:
    """Return a chunk's name: its file's id and its position there."""
    return f"{hit.file_id}:{hit.chunk.position}"


def _aligns(ground: Ground) -> bool:
    return ground.options.attribution != "none"


def _compares(ground: Ground) -> bool:
    return ground.options.attribution == "embeddings" and bool(ground.given)


def _own(text: str, ground: Ground) -> str:
    """Return the text with the prompt blanked, where a completion says it again (`echo`); what the model wrote keeps its place."""
    if ground.asked.path != COMPLETIONS or not ground.asked.fields.get("echo") or ground.body is None:
        return text
    sent = json.loads(ground.body)["prompt"]
    return "\n" * len(sent) + text[len(sent) :] if text.startswith(sent) else text


async def _likeness(held: dict[int, str], ground: Ground, stores: Embeds) -> dict[int, Likeness]:
    """Return the likeness for each choice, all embedded at once; nothing where it is not wanted or cannot be had."""
    if not _compares(ground):
        return {}
    spans = {choice: sentences(text) for choice, text in held.items()}
    said = [MARKER.sub("", held[choice][start:end]) for choice, found in spans.items() for start, end in found]
    rows = iter(await similarity.likeness(said, ground.given, stores) or ())
    return {choice: kept for choice, found in spans.items() if (kept := list(islice(rows, len(found))))}


def _claims(held: dict[int, str], given: Sequence[SearchHit], likeness: dict[int, Likeness]) -> dict[int, list[Claim]]:
    return {choice: attribute(text, given, likeness.get(choice)) for choice, text in held.items()}


def _citations(held: dict[int, str], claims: dict[int, list[Claim]], ground: Ground) -> list[Citation]:
    spans: dict[int, list[AnswerSpan]] = {}
    for choice, text in held.items():
        for number, span in _spans(choice, text, claims[choice], _aligns(ground)):
            spans.setdefault(number, []).append(span)
    return [_citation(number, hit, spans.get(number, [])) for number, hit in enumerate(ground.given, start=1)]


def _spans(choice: int, text: str, claims: Sequence[Claim], aligned: bool) -> Iterator[tuple[int, AnswerSpan]]:
    """Yield where a text rests on which passage, by the passage's number: every marker, and sentences without one."""
    for marker in markers(text):
        around = next((claim.support for claim in claims if claim.start <= marker.start < claim.end), None)
        support = around if aligned else None
        span = AnswerSpan(choice=choice, start=marker.start, end=marker.end, source="marker", support=_rounded(support))
        yield from ((number, span) for number in dict.fromkeys(marker.numbers))
    for claim in claims if aligned else ():
        if not claim.is_marked:
            span = AnswerSpan(choice=choice, start=claim.start, end=claim.end, source="alignment", support=_rounded(claim.support))
            yield from ((number, span) for number in claim.passages)


def _citation(number: int, hit: SearchHit, spans: list[AnswerSpan]) -> Citation:
    return Citation(
        index=number,
        file_id=hit.file_id,
        filename=hit.filename,
        vector_store_id=hit.vector_store_id,
        chunk_id=chunk_id(hit),
        score=hit.score,
        text="\n".join(part.text for part in hit.content),
        chunk=hit.chunk,
        spans=spans,
    )


def _sentence(choice: int, claim: Claim) -> Sentence:
    support = round(claim.support, 3)
    told = {"passages": list(claim.passages), "unknown": list(claim.unknown), "support": support, "supported": claim.is_supported}
    return Sentence(choice=choice, start=claim.start, end=claim.end, **told)


def _trace(ground: Ground) -> Trace:
    return Trace(
        question=question(ground.asked),
        query=ground.query.text,
        hits=[_traced(hit, ground) for hit in ground.found],
        context_tokens=ground.fitted.tokens,
        prompt_sha256=ground.prompt_sha256,
        timings_ms=dict(ground.steps.ms),
    )


def _traced(hit: SearchHit, ground: Ground) -> TraceHit:
    dropped = hit in ground.fitted.dropped
    return TraceHit(
        index=None if dropped else ground.given.index(hit) + 1,
        file_id=hit.file_id,
        filename=hit.filename,
        vector_store_id=hit.vector_store_id,
        chunk_id=chunk_id(hit),
        score=hit.score,
        scores=hit.scores,
        reason=ground.fitted.limit if dropped else None,
    )


def _rounded(support: float | None) -> float | None:
    return None if support is None else round(support, 3)


async def _plain_with(body: bytes, ground: Ground, stores: Embeds) -> bytes:
    said, fields = Said(), json.loads(body)
    said.take(fields)
    return json.dumps({**fields, **(await grounding(said.texts, ground, stores)).fields()}).encode()


async def _only(body: bytes) -> Chunks:
    yield body


async def _stream_with(chunks: Chunks, ground: Ground, stores: Embeds) -> Chunks:
    """Pass the engine's events along unchanged; right before the last comes one more, which borrows its identity from the first."""
    said = Said()
    first: dict[str, Any] | None = None
    async for event in split(chunks):
        if event.strip() == DONE and first is not None:
            added = (await grounding(said.texts, ground, stores)).fields()
            yield DATA + json.dumps({**first, "choices": [], **added}).encode() + SEPARATOR
        fields = _parsed(event)
        first = first or _identity(fields)
        said.take(fields)
        yield event


def _parsed(event: bytes) -> Any:
    try:
        return json.loads(event.removeprefix(DATA))
    except ValueError:
        return None


def _identity(said: Any) -> dict[str, Any] | None:
    names = ("id", "object", "created", "model")
    return {name: said[name] for name in names} if isinstance(said, dict) and all(name in said for name in names) else None
