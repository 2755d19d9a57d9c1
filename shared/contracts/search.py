"""Search: what is looked for, by which filters, how it is ranked, and the hits."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, field_validator

from shared.contracts.wire import Request

MAX_QUERIES = 32

SearchMode = Literal["vector", "keyword", "hybrid"]


class ComparisonFilter(Request):
    """`key` compared with `value`. So far `eq`."""

    type: Literal["eq"]
    key: str
    value: str | bool | float


class CompoundFilter(Request):
    """All of `filters` must hold. So far `and`."""

    type: Literal["and"]
    filters: list["Filter"] = Field(min_length=1, max_length=32)


Filter = Annotated[ComparisonFilter | CompoundFilter, Field(discriminator="type")]
CompoundFilter.model_rebuild()


class RankingOptions(Request):
    """How hits are ranked and which are dropped."""

    ranker: Literal["none", "auto", "default-2024-11-15"] = "auto"
    score_threshold: float = Field(0.0, ge=0, le=1)


class SearchRequest(Request):
    """Body of `POST /v1/vector_stores/{id}/search`. Extension: `search_mode`.

    Several queries are searched each by itself; a chunk then has its best score.
    """

    query: str | list[str]
    filters: Filter | None = None
    max_num_results: int = Field(10, ge=1, le=50)
    ranking_options: RankingOptions = RankingOptions()
    rewrite_query: Literal[False] = False
    search_mode: SearchMode = "hybrid"

    @field_validator("query")
    @classmethod
    def _has_words(cls, value: str | list[str]) -> str | list[str]:
        texts = [value] if isinstance(value, str) else value
        if not 0 < len(texts) <= MAX_QUERIES or not all(texts):
            raise ValueError(f"a query is a text of at least one character, or a list of 1 to {MAX_QUERIES} such texts")
        return value

    @property
    def queries(self) -> list[str]:
        """The texts that are looked for."""
        return [self.query] if isinstance(self.query, str) else self.query


class TextContent(BaseModel):
    """A chunk's text."""

    type: Literal["text"] = "text"
    text: str


class ChunkPlace(BaseModel):
    """Where a chunk lies in its document: `start` and `end` are character offsets into the parsed text.

    `page` counts from 1, None where the format has no pages; `heading_path` goes from the outermost heading inwards.
    """

    position: int
    start: int
    end: int
    page: int | None = None
    heading_path: list[str] = []
    title: str | None = None


class SearchHit(BaseModel):
    """A chunk that was found; `score` is in [0, 1], higher is better. Extensions: `chunk`, `vector_store_id`."""

    file_id: str
    filename: str
    score: float
    attributes: dict[str, Any] | None = None
    content: list[TextContent]
    chunk: ChunkPlace
    vector_store_id: str


class SearchResults(BaseModel):
    """What a search answers, best hit first."""

    object: Literal["vector_store.search_results.page"] = "vector_store.search_results.page"
    search_query: list[str]
    data: list[SearchHit]
    has_more: bool = False
    next_page: str | None = None
