"""Finds the passages that an answer may be based on: searches the caller's vector stores, and merges their hits.

The stores are searched through the retrieval service, with the caller's own credentials. Knows no HTTP library.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from services.generation.http.reply import HeaderList
from shared.contracts.chat import RetrievalOptions
from shared.contracts.embeddings import EmbeddingList
from shared.contracts.search import MAX_QUERY_CHARACTERS, RankingOptions, SearchHit, SearchRequest, SearchResults
from shared.errors import InvalidRequest, NotFound, Unavailable
from shared.http.errors import ReadResponse, raise_for_error
from shared.validation.translate import parse

STORES_PARAM = "vector_store_ids"
JSON = ("Content-Type", "application/json")


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
        InvalidRequest: if a query has no words.
        TandemError: as `searcher` does.
    """
    request = _search_request(query, options, explain)
    positions = {store_id: options.vector_store_ids.index(store_id) for store_id in options.vector_store_ids}
    results = await asyncio.gather(*(_search(searcher, store_id, position, request) for store_id, position in positions.items()))
    ranked = sorted((hit for hits in results for hit in hits), key=lambda hit: -hit.score)
    best: dict[tuple[str, int, int], SearchHit] = {}
    for hit in ranked:
        best.setdefault((hit.file_id, hit.chunk.start, hit.chunk.end), hit)
    return list(best.values())[: options.max_num_results]


async def _search(searcher: Searcher, store_id: str, position: int, request: SearchRequest) -> list[SearchHit]:
    """Search a store; `position` is where the options list it."""
    try:
        return await searcher.search(store_id, request)
    except NotFound as error:
        raise error.with_param(f"{STORES_PARAM}[{position}]") from error


def _search_request(query: str | list[str], options: RetrievalOptions, explain: bool) -> SearchRequest:
    fields = {
        "query": _searchable(query) if isinstance(query, str) else [_searchable(each) for each in query],
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
        # The options were checked when the request was read, so the query has no words. It may be the model's.
        raise InvalidRequest(error.message, code=error.code) from error


def _searchable(query: str) -> str:
    """Return the part of a query that is searched. A model may have written a query that never ends."""
    return replace_nul(query)[:MAX_QUERY_CHARACTERS]


def replace_nul(text: str) -> str:
    """Return the text without NUL characters, which the retrieval service rejects although an engine accepts them."""
    return text.replace("\0", "\ufffd")


class RetrievalService(Protocol):
    """The retrieval service's HTTP API; `name` is what error messages call it."""

    @property
    def name(self) -> str:
        """The name."""

    async def call(self, method: str, path: str, *, content: bytes | None = None, headers: HeaderList | None = None) -> ReadResponse:
        """Send a request, and return the response with its body."""


class EmbeddedStore(BaseModel):
    """What generation reads of a vector store: the model that embeds its chunks."""

    embedding_model: str


@dataclass(frozen=True)
class VectorStoreClient:
    """Searches and embeds as one caller; `credentials` are the caller's own headers."""

    retrieval: RetrievalService
    credentials: HeaderList

    async def search(self, store_id: str, request: SearchRequest) -> list[SearchHit]:
        """Return the hits of one store, best first.

        Raises:
            NotFound: if the caller's project has no such store.
            Unavailable: if retrieval cannot be reached, or returns something other than hits.
            DeadlineExceeded: if retrieval is too slow.
        """
        content = request.model_dump_json().encode()
        response = await self.retrieval.call("POST", f"{_store_path(store_id)}/search", content=content, headers=[*self.credentials, JSON])
        try:
            raise_for_error(response, self.retrieval.name)
            return SearchResults.model_validate_json(response.content).data
        except NotFound as error:
            raise NotFound(f"There is no vector store '{store_id}'.", param=STORES_PARAM) from error
        except ValidationError as error:
            raise Unavailable(f"{self.retrieval.name} returned something other than search results.") from error

    async def embed(self, store_id: str, texts: Sequence[str]) -> list[list[float]]:
        """Return the vectors, of length 1, that the store's embedding model makes of `texts`.

        Raises:
            TandemError: if retrieval cannot be reached, is too slow, refuses, or returns something other than embeddings.
        """
        store = await self.retrieval.call("GET", _store_path(store_id), headers=[*self.credentials, JSON])
        raise_for_error(store, self.retrieval.name)
        try:
            model = EmbeddedStore.model_validate_json(store.content).embedding_model
            content = json.dumps({"model": model, "input": [replace_nul(text) for text in texts]}).encode()
            response = await self.retrieval.call("POST", "/v1/embeddings", content=content, headers=[*self.credentials, JSON])
            raise_for_error(response, self.retrieval.name)
            data = EmbeddingList.model_validate_json(response.content).data
        except ValidationError as error:
            raise Unavailable(f"{self.retrieval.name} returned something other than embeddings.") from error
        return [each.embedding for each in data if isinstance(each.embedding, list)]


def _store_path(store_id: str) -> str:
    return f"/v1/vector_stores/{quote(store_id, safe='')}"
