"""Search: what is looked for, by which filters, how it is ranked, and the hits."""

from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, Discriminator, Field, Tag, field_validator, model_validator

from shared.contracts.wire import Request

MAX_QUERIES = 32
MAX_FILTERS = 128
MAX_DEPTH = 8
MAX_VALUES = 1000

Value: TypeAlias = str | bool | Annotated[float, Field(allow_inf_nan=False)]
SearchMode = Literal["vector", "keyword", "hybrid"]


class ComparisonFilter(Request):
    """The attribute `key` compared with `value`.

    `eq` and `ne` take a text, a number or a truth value; `gt`, `gte`, `lt` and `lte` a number; `in` and `nin` a list. 1 and 1.0 are
    equal, 1 and "1" and true are not. A file without the attribute, or with one of another kind, passes `ne` and `nin` alone.
    """

    type: Literal["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"]
    key: str = Field(max_length=64)
    value: Value | list[Value]

    @model_validator(mode="after")
    def _suits(self) -> Self:
        if self.type in ("in", "nin"):
            if not isinstance(self.value, list) or not 0 < len(self.value) <= MAX_VALUES:
                raise ValueError(f"`{self.type}` takes a list of 1 to {MAX_VALUES} values, such as ['a', 'b']; for one value there is `eq`")
        elif isinstance(self.value, list):
            raise ValueError(f"`{self.type}` takes one value; for a list there are `in` and `nin`")
        elif self.type not in ("eq", "ne") and not isinstance(self.value, float):
            raise ValueError(
                f"`{self.type}` compares numbers, so its value is a number, such as 2024; texts and truth values have no order"
            )
        return self


class CompoundFilter(Request):
    """All of `filters` must hold (`and`), or at least one of them (`or`)."""

    type: Literal["and", "or"]
    filters: list["Filter"] = Field(min_length=1, max_length=MAX_FILTERS)


def _type(filter: Any) -> str:
    kind = filter.get("type") if isinstance(filter, dict) else getattr(filter, "type", None)
    return "compound" if kind in ("and", "or") else "comparison"


Filter = Annotated[Annotated[ComparisonFilter, Tag("comparison")] | Annotated[CompoundFilter, Tag("compound")], Discriminator(_type)]
CompoundFilter.model_rebuild()


def _bounded(filter: Filter) -> Filter:
    """Refuse a filter that is too deep or has too many parts."""
    level: list[Any] = [filter]
    parts = depth = 0
    while level:
        parts, depth = parts + len(level), depth + 1
        if depth > MAX_DEPTH or parts > MAX_FILTERS:
            raise ValueError(f"filters may be nested {MAX_DEPTH} levels deep and have {MAX_FILTERS} parts in all")
        level = [inner for each in level if isinstance(each, CompoundFilter) for inner in each.filters]
    return filter


class RankingOptions(Request):
    """How hits are ranked and which are dropped."""

    ranker: Literal["none", "auto", "default-2024-11-15"] = "auto"
    score_threshold: float = Field(0.0, ge=0, le=1)


class SearchRequest(Request):
    """Body of `POST /v1/vector_stores/{id}/search`. Extension: `search_mode`.

    Several queries are searched each by itself; a chunk then has its best score.
    """

    query: str | list[str]
    filters: Annotated[Filter, AfterValidator(_bounded)] | None = None
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
