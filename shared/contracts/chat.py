"""What Tandem adds to chat and completions: the `retrieval` field going in; citations, sentences and a trace coming out.

Everything else in such a request belongs to the engine and passes through as it is.
"""

from typing import Any, Literal

from pydantic import BaseModel, Field

from shared.contracts.filters import BoundedFilter
from shared.contracts.search import ChunkPlace, RankingOptions, Rerank, Scores, SearchMode
from shared.contracts.wire import Request

PassageOrder = Literal["relevance", "reverse", "document"]
Attribution = Literal["embeddings", "words", "none"]
Query = Literal["last", "conversation"]
OnEmpty = Literal["answer", "abstain"]


class GroundingOptions(Request):
    """How an answer is made from documents: extensions of OpenAI's `file_search`, and a part of `retrieval`.

    `max_context_tokens` bounds the passages, counted with the model's own tokenizer. `order`: the best passage first, last, or all as they
    stand in their documents. `query`: the last question as it is, or rewritten by the model to stand without the conversation.
    `prompt_template`: Jinja, which shows `passages` and `question`. `on_empty`: what to do where nothing passes the threshold; abstaining
    asks no model. `attribution`: how the answer's sentences are held against the passages: by embeddings and words, by words, or not.
    """

    search_mode: SearchMode = "hybrid"
    rerank: Rerank | None = None
    max_context_tokens: int = Field(1024, ge=32)
    order: PassageOrder = "relevance"
    query: Query = "last"
    prompt_template: str | None = Field(None, min_length=1, max_length=8000)
    on_empty: OnEmpty = "answer"
    attribution: Attribution = "embeddings"


class RetrievalOptions(GroundingOptions):
    """The `retrieval` field: answer from these stores.

    `ranking_options`, where given, are those of the search, and `score_threshold` is theirs.
    """

    vector_store_ids: list[str] = Field(min_length=1, max_length=8)
    max_num_results: int = Field(5, ge=1, le=50)
    score_threshold: float = Field(0.0, ge=0, le=1)
    filters: BoundedFilter | None = None
    ranking_options: RankingOptions | None = None


class AnswerSpan(BaseModel):
    """Characters of an answer that rest on a passage: a marker such as `[1]` that the model wrote, or a sentence without one.

    `choice` is the index of the answer, where `n` asked for several; `support` is that of the sentence,
    None where none was worked out.
    """

    choice: int
    start: int
    end: int
    source: Literal["marker", "alignment"]
    support: float | None


class Citation(BaseModel):
    """A passage that was given to the model; `index` is its number in the prompt, from 1.

    Where it lies in its document (page, characters) is in `chunk`; where the answer rests on it in `spans`, none where it does not.
    """

    index: int
    file_id: str
    filename: str
    vector_store_id: str
    chunk_id: str
    score: float
    text: str
    chunk: ChunkPlace
    spans: list[AnswerSpan] = []


class Sentence(BaseModel):
    """A sentence of an answer, by its characters, and how far the passages support it, from 0 to 1.

    `passages` are the numbers of those it rests on; `unknown` are numbers it names that no passage has.
    """

    choice: int
    start: int
    end: int
    passages: list[int]
    unknown: list[int] = []
    support: float
    supported: bool


class TraceHit(BaseModel):
    """A hit of the search; `index` is its number in the prompt, None where it was left out for the `reason`."""

    index: int | None
    file_id: str
    filename: str
    vector_store_id: str
    chunk_id: str
    score: float
    scores: Scores | None = None
    reason: Literal["max_context_tokens", "window"] | None = None


class Trace(BaseModel):
    """How an answer came about.

    `query` is what was searched, `question` what was asked; `context_tokens` is what the passages take of the prompt.
    `prompt_sha256` is of the body as it was sent to the engine, None where none was; `timings_ms` is by step.
    """

    question: str
    query: str
    hits: list[TraceHit]
    context_tokens: int
    prompt_sha256: str | None
    timings_ms: dict[str, float]


class Basis(BaseModel):
    """How an answer from documents was made: whether without any model, what the caller should know, and, where asked for, a trace."""

    abstained: bool = False
    notes: list[str] = []
    trace: Trace | None = None


class Grounding(Basis):
    """What is added to an answer from documents; to a stream, with its last chunk."""

    citations: list[Citation]
    sentences: list[Sentence]

    def fields(self) -> dict[str, Any]:
        """Return it as it is sent: without a trace that was not asked for."""
        return self.model_dump(mode="json", exclude={"trace"} if self.trace is None else None)
