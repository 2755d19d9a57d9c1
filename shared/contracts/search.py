"""Search: what is looked for, by which filters, how it is ranked, and the hits."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, field_validator, model_validator

from shared.contracts.filters import BoundedFilter
from shared.contracts.wire import Request

MAX_QUERIES = 32
MAX_STORES = 16
OPENAI_RANKERS = ("none", "auto", "default-2024-11-15")

SearchMode = Literal["vector", "keyword", "hybrid"]
Weight = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]


def _refuse_nothing(*weights: float) -> None:
    if not any(weights):
        raise ValueError("must have at least one weight greater than 0")


class HybridSearch(Request):
    """Weights of reciprocal rank fusion, as OpenAI's `file_search` has them; at least one is above 0."""

    embedding_weight: Weight
    text_weight: Weight

    @model_validator(mode="after")
    def _weighs(self) -> Self:
        _refuse_nothing(self.embedding_weight, self.text_weight)
        return self


class RankingOptions(Request):
    """How hits are ranked and which are dropped.

    `ranker`: `none`, `auto` and `default-2024-11-15` rank by the fused score; the name of the reranker that the service is set up
    with (extension) ranks by that. `hybrid_search` asks for reciprocal rank fusion with these weights.
    """

    ranker: str = Field("auto", max_length=256)
    score_threshold: float = Field(0.0, ge=0, le=1)
    hybrid_search: HybridSearch | None = None


class Weights(Request):
    """How much each list counts, relative to the other; at least one is above 0."""

    vector: Weight = 1.0
    keyword: Weight = 1.0

    @model_validator(mode="after")
    def _weighs(self) -> Self:
        _refuse_nothing(self.vector, self.keyword)
        return self


class Convex(Request):
    """`alpha` times the vector score plus the rest times the keyword score."""

    type: Literal["convex"] = "convex"
    alpha: float = Field(0.5, ge=0, le=1)


class ReciprocalRank(Request):
    """The sum of weight / (k + rank), as a share of what the first of both lists has."""

    type: Literal["rrf"]
    k: int = Field(60, ge=0, le=10_000)
    weights: Weights = Weights()


class Distribution(Request):
    """The weighted mean of both scores, each by where it lies within three standard deviations about its list's mean."""

    type: Literal["dbsf"]
    weights: Weights = Weights()


Fusion = Annotated[Convex | ReciprocalRank | Distribution, Field(discriminator="type")]


class Rerank(Request):
    """The best `top_k` candidates (at least `max_num_results`) are ranked anew by the reranker, and only they are hits."""

    top_k: int = Field(50, ge=1, le=200)


class SearchRequest(Request):
    """Body of `POST /v1/vector_stores/{id}/search`.

    Several queries are searched each by itself; a chunk then has its best score. `rewrite_query` has a language model make search
    queries of them first.

    Extensions: `search_mode`; `fusion` of a hybrid search; `rerank`; `diversity` (0 the best, towards 1 the most different from each
    other: maximal marginal relevance, in the order of choice); `vector_store_ids` (more stores of the project); `group_by_file` (a
    hit for each file, its best chunks as its content); `context_window` (the text of so many chunks before and after each hit; chunks
    as they are searched, where those are parts of larger ones); `explain` (how each score came about); `explain_file` (why that file is
    not among the hits).
    """

    query: str | list[str]
    filters: BoundedFilter | None = None
    max_num_results: int = Field(10, ge=1, le=50)
    ranking_options: RankingOptions = RankingOptions()
    rewrite_query: bool = False
    search_mode: SearchMode = "hybrid"
    fusion: Fusion | None = None
    rerank: Rerank | None = None
    diversity: float = Field(0.0, ge=0, le=1)
    vector_store_ids: list[str] = Field([], max_length=MAX_STORES)
    group_by_file: bool = False
    context_window: int = Field(0, ge=0, le=10)
    explain: bool = False
    explain_file: str | None = None

    @field_validator("query")
    @classmethod
    def _has_words(cls, value: str | list[str]) -> str | list[str]:
        texts = [value] if isinstance(value, str) else value
        if not 0 < len(texts) <= MAX_QUERIES or not all(text.strip() for text in texts):
            raise ValueError(f"must be a string that is not blank, or a list of 1 to {MAX_QUERIES} such strings")
        return value

    @model_validator(mode="after")
    def _fits(self) -> Self:
        weights = self.ranking_options.hybrid_search
        if self.fusion and weights:
            raise ValueError("'fusion' and 'ranking_options.hybrid_search' cannot be combined. Send one of them.")
        if self.search_mode != "hybrid" and (self.fusion or weights):
            field = "fusion" if self.fusion else "ranking_options.hybrid_search"
            raise ValueError(f"'{field}' requires 'search_mode' to be 'hybrid'; got '{self.search_mode}'.")
        if self.rerank and self.ranking_options.ranker == "none":
            raise ValueError("'rerank' cannot be combined with the 'ranking_options.ranker' 'none'. Send one of them.")
        return self

    @property
    def queries(self) -> list[str]:
        """The texts that are looked for."""
        return [self.query] if isinstance(self.query, str) else self.query

    @property
    def fused_by(self) -> Convex | ReciprocalRank | Distribution:
        """How vector and keyword scores become one."""
        weights = self.ranking_options.hybrid_search
        if weights is None:
            return self.fusion or Convex()
        return ReciprocalRank(type="rrf", weights=Weights(vector=weights.embedding_weight, keyword=weights.text_weight))

    @property
    def uses_reranker(self) -> bool:
        """Whether the hits are ranked by a reranker."""
        return self.rerank is not None or self.names_reranker

    @property
    def names_reranker(self) -> bool:
        """Whether the ranker is none of OpenAI's."""
        return self.ranking_options.ranker not in OPENAI_RANKERS


class TextContent(BaseModel):
    """A chunk's text."""

    type: Literal["text"] = "text"
    text: str


class ChunkPlace(BaseModel):
    """Where a chunk lies in its document: `start` and `end` are character offsets into the parsed text.

    `page` counts from 1, None where the format has no pages; `heading_path` goes from the outermost heading inwards.
    Where a chunk was found that stands for a larger one, whose text is the hit's, `parent_start` and `parent_end` are the span of that.
    """

    position: int
    start: int
    end: int
    page: int | None = None
    heading_path: list[str] = []
    title: str | None = None
    parent_start: int | None = None
    parent_end: int | None = None


class Span(BaseModel):
    """Characters of the parsed text, and the chunks they cover."""

    start: int
    end: int
    first_position: int
    last_position: int


class ScorePart(BaseModel):
    """A score in [0, 1], its rank (from 1) among the candidates, and the number it was made of: a cosine, or a sum of BM25."""

    score: float
    rank: int
    raw: float | None = None


class Scores(BaseModel):
    """How a score came about; `query` is the one of several that it is for. A part is None where that search did not find the chunk."""

    query: str
    vector: ScorePart | None = None
    keyword: ScorePart | None = None
    fused: ScorePart
    rerank: ScorePart | None = None


class SearchHit(BaseModel):
    """A chunk that was found; `score` is in [0, 1], higher is better. Extensions: `chunk`, `vector_store_id`, and what was asked for.

    `chunks` are the places of a file's chunks, in the order of `content`; `context` is the text in `content`, where that is more
    than the chunk.
    """

    file_id: str
    filename: str
    score: float
    attributes: dict[str, Any] | None = None
    content: list[TextContent]
    chunk: ChunkPlace
    vector_store_id: str
    chunks: list[ChunkPlace] | None = None
    context: Span | None = None
    scores: Scores | None = None


Reason = Literal[
    "found",
    "no_such_file",
    "not_in_store",
    "in_progress",
    "failed",
    "cancelled",
    "duplicate",
    "no_chunks",
    "filtered_out",
    "no_match",
    "below_threshold",
    "outranked",
]


class Explanation(BaseModel):
    """Why a file is, or is not, among the hits, in the one of several stores where it comes nearest to being one.

    `rank` and `score` are those of its best chunk, None where it has none.
    """

    file_id: str
    reason: Reason
    message: str
    vector_store_id: str | None = None
    rank: int | None = None
    score: float | None = None
    chunk: ChunkPlace | None = None


class SearchResults(BaseModel):
    """What a search answers, best hit first; `search_query` are the queries as they were searched.

    `note` (extension) says what of the queries was not heeded: an embedder reads only so many tokens of each.
    """

    object: Literal["vector_store.search_results.page"] = "vector_store.search_results.page"
    search_query: list[str]
    data: list[SearchHit]
    has_more: bool = False
    next_page: str | None = None
    explanation: Explanation | None = None
    note: str | None = None
