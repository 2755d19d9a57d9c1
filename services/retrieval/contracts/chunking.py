"""Chunking strategies: how a document is split into chunks."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BaseModel, Field, TypeAdapter, model_validator

from shared.contracts.wire import Request

MAX_TOKENS = 4096
Size = Annotated[int, Field(ge=16, le=MAX_TOKENS)]
Overlap = Annotated[int, Field(ge=0)]
InvalidLines = Literal["reject", "skip"]


class ChunkSizes(Request):
    """A chunk has at most `max_chunk_size_tokens` of the embedding model's tokens, and shares `chunk_overlap_tokens` with the one before.

    Extensions: with `contextual_header`, title and headings are embedded before a chunk that does not contain them. If lines of a
    JSON Lines file are not valid, `invalid_lines` decides whether the file fails (`reject`) or is indexed without them (`skip`).
    """

    max_chunk_size_tokens: Size = 100
    chunk_overlap_tokens: Overlap = 0
    contextual_header: bool = Field(True, exclude_if=bool)
    invalid_lines: InvalidLines = Field("reject", exclude_if="reject".__eq__)

    @model_validator(mode="after")
    def _check_overlap(self) -> Self:
        if self.chunk_overlap_tokens * 2 > self.max_chunk_size_tokens:
            raise ValueError("must not have a 'chunk_overlap_tokens' of more than half of 'max_chunk_size_tokens'")
        return self


class StaticChunking(ChunkSizes):
    """The sizes of OpenAI's `static` strategy. Both are required."""

    max_chunk_size_tokens: Size
    chunk_overlap_tokens: Overlap


class SemanticChunking(ChunkSizes):
    """Sizes, and where a new subject starts: at gaps between sentences that are wider than `breakpoint_percentile` percent of all gaps."""

    breakpoint_percentile: float = Field(90, ge=50, le=99)


class ParentChildChunking(ChunkSizes):
    """The sizes of the children, which are searched, and of the parents, which are returned."""

    parent_max_chunk_size_tokens: Size = 400

    @model_validator(mode="after")
    def _check_parent(self) -> Self:
        if self.parent_max_chunk_size_tokens < self.max_chunk_size_tokens:
            raise ValueError("must not have a 'parent_max_chunk_size_tokens' below 'max_chunk_size_tokens', the size of the children")
        return self


class StaticStrategy(Request):
    """OpenAI's `static` strategy: a fixed number of tokens, wherever that splits the text."""

    type: Literal["static"] = "static"
    static: StaticChunking


class SentenceStrategy(Request):
    """Extension: as many whole sentences as fit into a chunk."""

    type: Literal["sentence"] = "sentence"
    sentence: ChunkSizes = ChunkSizes()


class RecursiveStrategy(Request):
    """Extension: whole paragraphs if they fit, otherwise sentences, lines, words."""

    type: Literal["recursive"] = "recursive"
    recursive: ChunkSizes = ChunkSizes()


class MarkdownStrategy(Request):
    """Extension: whole sections if they fit, otherwise blocks. Tables and code blocks stay whole. Uses the headings of any format."""

    type: Literal["markdown"] = "markdown"
    markdown: ChunkSizes = ChunkSizes()


class SemanticStrategy(Request):
    """Extension: sentences about one subject, by the similarity of their embeddings."""

    type: Literal["semantic"] = "semantic"
    semantic: SemanticChunking = SemanticChunking()


class ParentChildStrategy(Request):
    """Extension: small chunks are searched, and the larger chunks that contain them are returned."""

    type: Literal["parent_child"] = "parent_child"
    parent_child: ParentChildChunking = ParentChildChunking()


class AutoStrategy(Request):
    """The default strategy: the one with the best measured results."""

    type: Literal["auto"] = "auto"


class OtherStrategy(BaseModel):
    """OpenAI's shape for a file's strategy that is not `static`. Extension: `strategy` is that strategy."""

    type: Literal["other"] = "other"
    strategy: "Strategy"


Strategy: TypeAlias = Annotated[
    StaticStrategy | SentenceStrategy | RecursiveStrategy | MarkdownStrategy | SemanticStrategy | ParentChildStrategy,
    Field(discriminator="type"),
]
"""A strategy with sizes, which `auto` is not."""

ChunkingStrategy: TypeAlias = Annotated[
    StaticStrategy | SentenceStrategy | RecursiveStrategy | MarkdownStrategy | SemanticStrategy | ParentChildStrategy | AutoStrategy,
    Field(discriminator="type"),
]

_STRATEGIES: TypeAdapter[Strategy] = TypeAdapter(Strategy)


def parse_strategy(wire: Mapping[str, Any]) -> Strategy:
    """Return the strategy that was stored as JSON."""
    return _STRATEGIES.validate_python(wire)


def to_openai_strategy(strategy: Strategy) -> StaticStrategy | OtherStrategy:
    """Return a file's strategy in OpenAI's shape."""
    return strategy if isinstance(strategy, StaticStrategy) else OtherStrategy(strategy=strategy)


def get_sizes(strategy: Strategy) -> ChunkSizes:
    """Return the sizes of a strategy, which are in the field with the name of its type."""
    sizes: ChunkSizes = getattr(strategy, strategy.type)
    return sizes
