"""The basis of an answer from documents: citations, sentences with their support, and a trace of how the answer was made."""

from typing import Any, Literal

from pydantic import BaseModel

from shared.contracts.search import ChunkLocation, Scores


class AnswerSpan(BaseModel):
    """A part of an answer that is based on a passage: a marker such as `[1]` that the model wrote, or a sentence without a marker.

    `choice` is the index of the answer, if `n` is above 1. `support` is the support of the sentence, null if it was not computed.
    """

    choice: int
    start: int
    end: int
    source: Literal["marker", "alignment"]
    support: float | None


class Citation(BaseModel):
    """A passage in the prompt; `index` is its number there, counted from 1.

    `chunk` is its place in the document (page, characters). `spans` are the parts of the answer that are based on it.
    """

    index: int
    file_id: str
    filename: str
    vector_store_id: str
    chunk_id: str
    score: float
    text: str
    chunk: ChunkLocation
    spans: list[AnswerSpan] = []


class Sentence(BaseModel):
    """A sentence of an answer, by its characters, and how far the passages support it, from 0 to 1.

    `passages` are the numbers of the passages it is based on; `unknown` are numbers in its markers that no passage has.
    """

    choice: int
    start: int
    end: int
    passages: list[int]
    unknown: list[int] = []
    support: float
    supported: bool


class TraceHit(BaseModel):
    """A hit of the search; `index` is its number in the prompt, null if it was left out for the `reason`."""

    index: int | None
    file_id: str
    filename: str
    vector_store_id: str
    chunk_id: str
    score: float
    scores: Scores | None = None
    reason: Literal["max_context_tokens", "window"] | None = None


class Trace(BaseModel):
    """How an answer was made.

    `question` is the user's question, `query` the text that was searched; `context_tokens` is the number of tokens of the passages.
    `prompt_sha256` is the hash of the body that the engine got, null if no engine was called. `timings_ms` is the time of each step.
    """

    question: str
    query: str
    hits: list[TraceHit]
    context_tokens: int
    prompt_sha256: str | None
    timings_ms: dict[str, float]


class GroundingSummary(BaseModel):
    """How an answer from documents was made.

    `abstained` is true if no model was called. `notes` say what the caller should know, such as passages that did not fit.
    `trace` is included if the request asks for it.
    """

    abstained: bool = False
    notes: list[str] = []
    trace: Trace | None = None


class Grounding(GroundingSummary):
    """The additional fields of an answer from documents; in a stream, those of the last chunk."""

    citations: list[Citation]
    sentences: list[Sentence]

    def fields(self) -> dict[str, Any]:
        """Return the fields as JSON values, without `trace` if the request did not ask for it."""
        return self.model_dump(mode="json", exclude={"trace"} if self.trace is None else None)
