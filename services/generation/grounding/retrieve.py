"""Searches the vector stores that an answer may be based on, and merges their hits."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from shared.contracts.chat import RetrievalOptions
from shared.contracts.search import RankingOptions, SearchHit, SearchRequest
from shared.errors import InvalidRequest
from shared.validation.translate import parse


class Searcher(Protocol):
    """Searches one vector store."""

    async def search(self, store_id: str, request: SearchRequest) -> list[SearchHit]:
        """Return the hits of one store, best first."""


class Embedder(Protocol):
    """Embeds texts with the model of a vector store."""

    async def embed(self, store_id: str, texts: Sequence[str]) -> list[list[float]]:
        """Return the vectors of `texts`."""


class Retriever(Searcher, Embedder, Protocol):
    """Searches and embeds."""


async def retrieve(query: str | list[str], options: RetrievalOptions, searcher: Searcher, explain: bool = False) -> list[SearchHit]:
    """Return the best `max_num_results` hits of all stores, best first. A passage that is in two stores appears once.

    Several queries are searched separately, and a hit has the best of its scores. With `explain`, hits show how their score was made.

    Raises:
        InvalidRequest: if the options cannot be combined.
        TandemError: as `searcher` does.
    """
    request = _search_request(query, options, explain)
    results = await asyncio.gather(*(searcher.search(store_id, request) for store_id in dict.fromkeys(options.vector_store_ids)))
    ranked = sorted((hit for hits in results for hit in hits), key=lambda hit: -hit.score)
    best: dict[tuple[str, int, int], SearchHit] = {}
    for hit in ranked:
        best.setdefault((hit.file_id, hit.chunk.start, hit.chunk.end), hit)
    return list(best.values())[: options.max_num_results]


def _search_request(query: str | list[str], options: RetrievalOptions, explain: bool) -> SearchRequest:
    fields = {
        "query": replace_nul(query) if isinstance(query, str) else [replace_nul(each) for each in query],
        "max_num_results": options.max_num_results,
        "ranking_options": options.ranking_options or RankingOptions(score_threshold=options.score_threshold),
        "search_mode": options.search_mode,
        "filters": options.filters,
        "rerank": options.rerank,
        "explain": explain,
    }
    try:
        return parse(SearchRequest, fields)
    except InvalidRequest as error:
        # Each option is valid on its own, so options cannot be combined (always with `ranking_options`), or the query has no words.
        raise InvalidRequest(error.message, param=None if error.param else "ranking_options", code=error.code) from error


def replace_nul(text: str) -> str:
    """Return the text without NUL characters, which the retrieval service rejects although an engine accepts them."""
    return text.replace("\0", "\ufffd")
