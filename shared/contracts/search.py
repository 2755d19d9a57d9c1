"""Search: the query, the filters, how hits are ranked, and the hits."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, ValidationInfo, field_validator, model_validator

from shared.contracts.filters import BoundedFilter
from shared.contracts.wire import Id, Request
from shared.validation.locate import error_at

MAX_QUERIES = 32
MAX_QUERY_CHARACTERS = 10_000
MAX_STORES = 16
OPENAI_RANKERS = ("none", "auto", "default-2024-11-15")
WEIGHTS, RANKER = ("ranking_options", "hybrid_search"), ("ranking_options", "ranker")

Query = Annotated[str, Field(max_length=MAX_QUERY_CHARACTERS)]
SearchMode = Literal["vector", "keyword", "hybrid"]
Weight = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]


def _check_weights(*weights: float) -> None:
    if not any(weights):
        raise ValueError("must have at least one weight greater than 0")


class HybridSearch(Request):
    """The weights of reciprocal rank fusion, as in OpenAI's `file_search`. At least one must be greater than 0."""

    embedding_weight: Weight
    text_weight: Weight

    @model_validator(mode="after")
    def _check(self) -> Self:
        _check_weights(self.embedding_weight, self.text_weight)
        return self


class RankingOptions(Request):
    """How hits are ranked, and the score below which they are left out.

    `ranker`: `none`, `auto` and `default-2024-11-15` rank by the fused score. Extension: the name of the configured reranker ranks by the
    reranker's score. `hybrid_search` selects reciprocal rank fusion with these weights.
    """

    ranker: str = Field("auto", max_length=256)
    score_threshold: float = Field(0.0, ge=0, le=1)
    hybrid_search: HybridSearch | None = None


class FusionWeights(Request):
    """The weight of each list relative to the other. At least one must be greater than 0."""

    vector: Weight = 1.0
    keyword: Weight = 1.0

    @model_validator(mode="after")
    def _check(self) -> Self:
        _check_weights(self.vector, self.keyword)
        return self


class ConvexFusion(Request):
    """`alpha` times the vector score plus `1 - alpha` times the keyword score."""

    type: Literal["convex"] = "convex"
    alpha: float = Field(0.5, ge=0, le=1)


class ReciprocalRankFusion(Request):
    """Reciprocal rank fusion: the sum of weight / (k + rank), divided by the sum for a hit that is first in both lists."""

    type: Literal["rrf"]
    k: int = Field(60, ge=0, le=10_000)
    weights: FusionWeights = FusionWeights()


class DistributionFusion(Request):
    """Distribution-based score fusion: the weighted mean of both scores, scaled to three standard deviations around each list's mean."""

    type: Literal["dbsf"]
    weights: FusionWeights = FusionWeights()


Fusion = Annotated[ConvexFusion | ReciprocalRankFusion | DistributionFusion, Field(discriminator="type")]


class Rerank(Request):
    """The reranker ranks the best `top_k` candidates (at least `max_num_results`) again. Only these can be hits."""

    top_k: int = Field(50, ge=1, le=200)


def check_ranking(mode: SearchMode, rerank: Rerank | None, options: RankingOptions) -> None:
    """Check that these fields of one object can be combined.

    Raises:
        PydanticCustomError: if they cannot; it is about the field in `ranking_options`.
    """
    if options.hybrid_search and mode != "hybrid":
        raise error_at(WEIGHTS, ValueError(f"must be left out unless 'search_mode' is 'hybrid'; it is '{mode}'"))
    if rerank and options.ranker == "none":
        raise error_at(RANKER, ValueError("must not be 'none' if 'rerank' is sent"))


class SearchRequest(Request):
    """Body of `POST /v1/vector_stores/{id}/search`.

    If there are several queries, each is searched separately, and a chunk has its best score. With `rewrite_query` a language model turns
    them into search queries first.

    Extensions: `search_mode`; `fusion` for a hybrid search; `rerank`; `diversity` (maximal marginal relevance: 0 for the most relevant
    hits, towards 1 for hits that differ most from each other, in the order of their selection); `vector_store_ids` (more stores of the
    project); `group_by_file` (one hit per file, with its best chunks as its content); `context_window` (adds the text of that many chunks
    before and after each hit; if chunks are parts of larger ones, of the chunks that are searched); `explain` (how each score was
    computed); `explain_file` (why this file is not among the hits).
    """

    query: Query | Annotated[list[Query], Field(min_length=1, max_length=MAX_QUERIES, fail_fast=True)]
    filters: BoundedFilter | None = None
    max_num_results: int = Field(10, ge=1, le=50)
    ranking_options: RankingOptions = RankingOptions()
    rewrite_query: bool = False
    search_mode: SearchMode = "hybrid"
    fusion: Fusion | None = None
    rerank: Rerank | None = None
    diversity: float = Field(0.0, ge=0, le=1)
    vector_store_ids: list[Id] = Field([], max_length=MAX_STORES)
    group_by_file: bool = False
    context_window: int = Field(0, ge=0, le=10)
    explain: bool = False
    explain_file: Id | None = None

    @field_validator("query")
    @classmethod
    def _check_query(cls, value: str | list[str]) -> str | list[str]:
        texts = [value] if isinstance(value, str) else value
        if not all(text.strip() for text in texts):
            raise ValueError(f"must be a string that is not blank, or a list of 1 to {MAX_QUERIES} such strings")
        return value

    @field_validator("fusion")
    @classmethod
    def _check_fusion(cls, value: Fusion | None, info: ValidationInfo) -> Fusion | None:
        mode = info.data.get("search_mode", "hybrid")
        if value and mode != "hybrid":
            raise ValueError(f"'fusion' requires 'search_mode' to be 'hybrid'; got '{mode}'.")
        return value

    @model_validator(mode="after")
    def _check_combination(self) -> Self:
        if self.fusion and self.ranking_options.hybrid_search:
            raise error_at(WEIGHTS, ValueError("must not be combined with 'fusion'. Send one of them"))
        check_ranking(self.search_mode, self.rerank, self.ranking_options)
        return self

    @property
    def queries(self) -> list[str]:
        """The queries as a list."""
        return [self.query] if isinstance(self.query, str) else self.query

    @property
    def effective_fusion(self) -> ConvexFusion | ReciprocalRankFusion | DistributionFusion:
        """The fusion of vector and keyword scores: `fusion`, or what `ranking_options` selects, or the default."""
        weights = self.ranking_options.hybrid_search
        if weights is None:
            return self.fusion or ConvexFusion()
        return ReciprocalRankFusion(type="rrf", weights=FusionWeights(vector=weights.embedding_weight, keyword=weights.text_weight))

    @property
    def uses_reranker(self) -> bool:
        """Whether the hits are ranked by a reranker."""
        return self.rerank is not None or self.names_reranker

    @property
    def names_reranker(self) -> bool:
        """Whether `ranker` is the name of a reranker, and not one of OpenAI's values."""
        return self.ranking_options.ranker not in OPENAI_RANKERS


class TextContent(BaseModel):
    """A chunk's text."""

    type: Literal["text"] = "text"
    text: str


class ChunkLocation(BaseModel):
    """Where a chunk is in its document: `start` and `end` are character offsets in the parsed text.

    `page` counts from 1; it is null if the format has no pages. `heading_path` starts with the outermost heading. If the chunk is part of a
    larger one whose text is the hit's content, `parent_start` and `parent_end` are the offsets of the larger one.
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
    """A range of characters in the parsed text, and the chunks it covers."""

    start: int
    end: int
    first_position: int
    last_position: int


class ScoreComponent(BaseModel):
    """A score in [0, 1], its rank (from 1) among the candidates, and the raw value: a cosine similarity or a BM25 score."""

    score: float
    rank: int
    raw: float | None = None


class Scores(BaseModel):
    """How a score was computed. `query` is the query with the best score. A part is null if that search did not find the chunk."""

    query: str
    vector: ScoreComponent | None = None
    keyword: ScoreComponent | None = None
    fused: ScoreComponent
    rerank: ScoreComponent | None = None


class SearchHit(BaseModel):
    """A hit. `score` is in [0, 1]; higher is better. Extensions: `chunk`, `vector_store_id`, and what the request selects.

    `chunks` are the locations of a file's chunks, in the order of `content`. `context` is the range of the text in `content`, if it is more
    than the chunk.
    """

    file_id: str
    filename: str
    score: float
    attributes: dict[str, Any] | None = None
    content: list[TextContent]
    chunk: ChunkLocation
    vector_store_id: str
    chunks: list[ChunkLocation] | None = None
    context: Span | None = None
    scores: Scores | None = None


ExplanationReason = Literal[
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
    """Why a file is or is not among the hits. With several stores, for the store in which it is closest to being a hit.

    `rank` and `score` are those of its best chunk; null if it has none.
    """

    file_id: str
    reason: ExplanationReason
    message: str
    vector_store_id: str | None = None
    rank: int | None = None
    score: float | None = None
    chunk: ChunkLocation | None = None


class SearchResults(BaseModel):
    """The hits of a search, best first. `search_query` has the queries as they were searched.

    Extension: `note` says which part of a query was ignored, because an embedding model reads a limited number of tokens.
    """

    object: Literal["vector_store.search_results.page"] = "vector_store.search_results.page"
    search_query: list[str]
    data: list[SearchHit]
    has_more: bool = False
    next_page: str | None = None
    explanation: Explanation | None = None
    note: str | None = None
