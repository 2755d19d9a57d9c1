"""What an answer is based on: citations with their spans in the answer, sentences with their support, and the trace.

the answer's text ──▶ compare with the passages ──▶ attribute ──▶ citations
"""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from services.generation.answers.attribute import (
    MARKER,
    Claim,
    Similarities,
    attribute,
    compute_similarities,
    find_markers,
    split_sentences,
)
from services.generation.contracts.grounding import AnswerSpan, Citation, Grounding, Sentence, Trace, TraceHit
from services.generation.grounding.ground import Abstention, GroundedPrompt, Timings
from services.generation.grounding.request import COMPLETIONS, question
from services.generation.grounding.retrieve import Embedder
from shared.contracts.search import SearchHit

BY_WORDS_ONLY = "The sentences were compared with the passages by their words alone, because embeddings were not available."

Grounded = GroundedPrompt | Abstention


@dataclass(frozen=True)
class Attribution:
    """The texts of an answer and their claims, by choice; `by_words_only` says that embeddings were requested but not available."""

    texts: dict[int, str]
    claims: dict[int, list[Claim]]
    by_words_only: bool


async def ground_answer(texts: dict[int, str], grounded: Grounded, embedder: Embedder) -> Grounding:
    """Return what the answers in `texts` are based on; `texts` has them by the index of their choice."""
    timings = grounded.context.timings.end_step("generate")
    own = {} if isinstance(grounded, Abstention) else {choice: _remove_echo(text, grounded) for choice, text in sorted(texts.items())}
    similarities = await _compare(own, grounded, embedder)
    claims = await asyncio.to_thread(_attribute, own, grounded.context.passages, similarities)  # takes a while for long answers
    attribution = Attribution(own, claims, by_words_only=_uses_embeddings(grounded) and any(claims.values()) and not similarities)
    return build_grounding(attribution, grounded, timings.end_step("cite"))


def build_grounding(attribution: Attribution, grounded: Grounded, timings: Timings) -> Grounding:
    """Return what is added to the answer."""
    context = grounded.context
    has_support = context.options.attribution != "none"
    claims = [(choice, claim) for choice, each in attribution.claims.items() for claim in each]
    return Grounding(
        citations=_citations(attribution, context.passages, has_support),
        sentences=[_sentence(choice, claim) for choice, claim in claims] if has_support else [],
        abstained=isinstance(grounded, Abstention),
        notes=[*context.notes, *([BY_WORDS_ONLY] if attribution.by_words_only else [])],
        trace=_trace(grounded, timings) if context.request.trace else None,
    )


def chunk_id(hit: SearchHit) -> str:
    """Return the id of a chunk: its file's id and its position in the file."""
    return f"{hit.file_id}:{hit.chunk.position}"


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
    rows = iter(await compute_similarities(sentences, grounded.context.passages, embedder) or ())
    return {choice: matrix for choice, each in spans.items() if (matrix := list(islice(rows, len(each))))}


def _attribute(texts: dict[int, str], passages: Sequence[SearchHit], similarities: dict[int, Similarities]) -> dict[int, list[Claim]]:
    return {choice: attribute(text, passages, similarities.get(choice)) for choice, text in texts.items()}


def _citations(attribution: Attribution, passages: Sequence[SearchHit], has_support: bool) -> list[Citation]:
    spans: dict[int, list[AnswerSpan]] = {}
    for choice, text in attribution.texts.items():
        for number, span in _spans(choice, text, attribution.claims[choice], has_support):
            spans.setdefault(number, []).append(span)
    return [_citation(number, hit, spans.get(number, [])) for number, hit in enumerate(passages, start=1)]


def _spans(choice: int, text: str, claims: Sequence[Claim], has_support: bool) -> Iterator[tuple[int, AnswerSpan]]:
    """Yield the parts of a text that are based on a passage, each with its number: every marker, and sentences without a valid one."""
    for marker in find_markers(text):
        support = next((claim.support for claim in claims if claim.start <= marker.start < claim.end), None) if has_support else None
        span = AnswerSpan(choice=choice, start=marker.start, end=marker.end, source="marker", support=_rounded(support))
        yield from ((number, span) for number in dict.fromkeys(marker.numbers))
    for claim in claims if has_support else ():
        if not claim.has_valid_marker:
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
    return Sentence(
        choice=choice,
        start=claim.start,
        end=claim.end,
        passages=list(claim.passages),
        unknown=list(claim.unknown),
        support=round(claim.support, 3),
        supported=claim.is_supported,
    )


def _trace(grounded: Grounded, timings: Timings) -> Trace:
    context = grounded.context
    return Trace(
        question=question(context.request),
        query=context.query.text,
        hits=[_trace_hit(hit, grounded) for hit in context.hits],
        context_tokens=context.selection.tokens,
        prompt_sha256=grounded.sha256 if isinstance(grounded, GroundedPrompt) else None,
        timings_ms=dict(timings.ms),
    )


def _trace_hit(hit: SearchHit, grounded: Grounded) -> TraceHit:
    context = grounded.context
    is_dropped = hit in context.selection.dropped
    return TraceHit(
        index=None if is_dropped else context.passages.index(hit) + 1,
        file_id=hit.file_id,
        filename=hit.filename,
        vector_store_id=hit.vector_store_id,
        chunk_id=chunk_id(hit),
        score=hit.score,
        scores=hit.scores,
        reason=context.selection.limit if is_dropped else None,
    )


def _rounded(support: float | None) -> float | None:
    return None if support is None else round(support, 3)
