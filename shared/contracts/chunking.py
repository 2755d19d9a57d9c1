"""Chunking strategies: how a document is cut into chunks."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, model_validator

from shared.contracts.wire import Request


class StaticChunking(Request):
    """Chunks of at most `max_chunk_size_tokens` of the embedder's tokens, overlapping by `chunk_overlap_tokens`."""

    max_chunk_size_tokens: int = Field(ge=16, le=4096)
    chunk_overlap_tokens: int = Field(ge=0)

    @model_validator(mode="after")
    def _check_overlap(self) -> "StaticChunking":
        if self.chunk_overlap_tokens * 2 > self.max_chunk_size_tokens:
            raise ValueError("chunk_overlap_tokens must not exceed half of max_chunk_size_tokens")
        return self


class StaticStrategy(Request):
    """OpenAI's `static` chunking strategy."""

    type: Literal["static"] = "static"
    static: StaticChunking


class AutoStrategy(Request):
    """The default strategy: sizes that suit the store's embedder."""

    type: Literal["auto"] = "auto"


Strategy = StaticStrategy
"""A strategy that says how it cuts."""

ChunkingStrategy = Annotated[Strategy | AutoStrategy, Field(discriminator="type")]

_STRATEGIES: TypeAdapter[Strategy] = TypeAdapter(Strategy)


def to_strategy(wire: Mapping[str, Any]) -> Strategy:
    """Return the strategy of a stored wire form."""
    return _STRATEGIES.validate_python(wire)
