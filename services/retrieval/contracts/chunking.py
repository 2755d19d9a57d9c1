"""Chunking strategies: how a document is cut into chunks."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BaseModel, Field, TypeAdapter, model_validator

from shared.contracts.wire import Request

MAX_TOKENS = 4096
Size = Annotated[int, Field(ge=16, le=MAX_TOKENS)]
Overlap = Annotated[int, Field(ge=0)]


class Sizes(Request):
    """At most `max_chunk_size_tokens` of the embedder's tokens a chunk, of which it may share `chunk_overlap_tokens` with the one before.

    `contextual_header` (extension) says whether title and headings are embedded in front of a chunk that does not show them itself.
    """

    max_chunk_size_tokens: Size = 100
    chunk_overlap_tokens: Overlap = 0
    contextual_header: bool = Field(True, exclude_if=bool)

    @model_validator(mode="after")
    def _check_overlap(self) -> Self:
        if self.chunk_overlap_tokens * 2 > self.max_chunk_size_tokens:
            raise ValueError("must not have a 'chunk_overlap_tokens' of more than half of 'max_chunk_size_tokens'")
        return self


class StaticChunking(Sizes):
    """The sizes of OpenAI's `static` strategy, both to be said."""

    max_chunk_size_tokens: Size
    chunk_overlap_tokens: Overlap


class SemanticChunking(Sizes):
    """Sizes, and where the subject is taken to change: at the gaps between sentences that are wider than this percentage of gaps."""

    breakpoint_percentile: float = Field(90, ge=50, le=99)


class ParentChildChunking(Sizes):
    """The sizes of the children that are searched, and of the parents that are returned."""

    parent_max_chunk_size_tokens: Size = 400

    @model_validator(mode="after")
    def _check_parent(self) -> Self:
        if self.parent_max_chunk_size_tokens < self.max_chunk_size_tokens:
            raise ValueError("must not have a 'parent_max_chunk_size_tokens' below 'max_chunk_size_tokens', the size of the children")
        return self


class StaticStrategy(Request):
    """OpenAI's `static` chunking strategy: so many tokens, wherever that is."""

    type: Literal["static"] = "static"
    static: StaticChunking


class SentenceStrategy(Request):
    """Extension: as many whole sentences as fit."""

    type: Literal["sentence"] = "sentence"
    sentence: Sizes = Sizes()


class RecursiveStrategy(Request):
    """Extension: whole paragraphs where they fit, else sentences, lines, words."""

    type: Literal["recursive"] = "recursive"
    recursive: Sizes = Sizes()


class MarkdownStrategy(Request):
    """Extension: whole sections where they fit, else blocks; tables and code blocks stay whole. Follows the headings of any format."""

    type: Literal["markdown"] = "markdown"
    markdown: Sizes = Sizes()


class SemanticStrategy(Request):
    """Extension: sentences about one subject, as the store's embedder sees it."""

    type: Literal["semantic"] = "semantic"
    semantic: SemanticChunking = SemanticChunking()


class ParentChildStrategy(Request):
    """Extension: small chunks are searched, and the larger ones that they are parts of are returned."""

    type: Literal["parent_child"] = "parent_child"
    parent_child: ParentChildChunking = ParentChildChunking()


class AutoStrategy(Request):
    """The default strategy: the one that measured best."""

    type: Literal["auto"] = "auto"


class OtherStrategy(BaseModel):
    """How OpenAI's shape shows a strategy of a file that is not `static`; `strategy` (extension) is which."""

    type: Literal["other"] = "other"
    strategy: "Strategy"


Strategy: TypeAlias = Annotated[
    StaticStrategy | SentenceStrategy | RecursiveStrategy | MarkdownStrategy | SemanticStrategy | ParentChildStrategy,
    Field(discriminator="type"),
]
"""A strategy that says how it cuts."""

ChunkingStrategy: TypeAlias = Annotated[
    StaticStrategy | SentenceStrategy | RecursiveStrategy | MarkdownStrategy | SemanticStrategy | ParentChildStrategy | AutoStrategy,
    Field(discriminator="type"),
]

_STRATEGIES: TypeAdapter[Strategy] = TypeAdapter(Strategy)


def to_strategy(wire: Mapping[str, Any]) -> Strategy:
    """Return the strategy of a stored wire form."""
    return _STRATEGIES.validate_python(wire)


def shown(strategy: Strategy) -> StaticStrategy | OtherStrategy:
    """Return a file's strategy as OpenAI's shape has it."""
    return strategy if isinstance(strategy, StaticStrategy) else OtherStrategy(strategy=strategy)


def sizes_of(strategy: Strategy) -> Sizes:
    """Return the sizes of a strategy; they lie in the field of its type's name."""
    sizes: Sizes = getattr(strategy, strategy.type)
    return sizes
