"""Cutting texts with an embedder whose tokens are words, for the tests of the strategies."""

from typing import Any

from services.retrieval.chunk import Chunk, chunk, token_spans
from services.retrieval.contracts.chunking import StaticChunking, StaticStrategy, parse_strategy
from services.retrieval.parse import Document, Heading
from tests.fake_embedder import WordEmbedder

WORDS = WordEmbedder()


def sizes(size: int, overlap: int) -> StaticStrategy:
    return StaticStrategy(static=StaticChunking(max_chunk_size_tokens=size, chunk_overlap_tokens=overlap))


def cut(text: str, name: str, headings: tuple[Heading, ...] = (), **sizes: Any) -> list[Chunk]:
    return list(chunk(Document(text, headings=headings), parse_strategy({"type": name, name: sizes}), WORDS))


def tokens_in(start: int, end: int, text: str) -> list[tuple[int, int]]:
    return [span for span in token_spans(text, WORDS) if start <= span[0] and span[1] <= end]
