"""Searcher the vector stores a question may be answered from, through retrieval's HTTP and as the caller."""

import asyncio
import json
from collections.abc import Sequence
from typing import Protocol
from urllib.parse import quote

from pydantic import ValidationError

from services.generation.http.client import ServiceClient
from services.generation.http.relay import HeaderList
from shared.contracts.chat import RetrievalOptions
from shared.contracts.embeddings import EmbeddingList
from shared.contracts.search import RankingOptions, SearchHit, SearchRequest, SearchResults
from shared.contracts.vector_stores import VectorStore
from shared.errors import NotFound, Unavailable
from shared.http.errors import raise_for_error

NAME = "The retrieval service (GENERATION_RETRIEVAL_URL)"
PARAM = "retrieval.vector_store_ids"


class Searcher(Protocol):
    """Searcher one store, best hit first."""

    async def search(self, store_id: str, wanted: SearchRequest) -> list[SearchHit]:
        """Return the hits of one store."""


async def retrieve(question: str | list[str], options: RetrievalOptions, stores: Searcher, explain: bool = False) -> list[SearchHit]:
    """Return the best `max_num_results` hits of all stores together, best first; a passage that lies in two stores comes once.

    Of several questions each is searched by itself, and a passage has its best score. With `explain` each tells how its score came about.
    """
    wanted = SearchRequest(
        query=_taken(question) if isinstance(question, str) else [_taken(each) for each in question],
        max_num_results=options.max_num_results,
        ranking_options=options.ranking_options or RankingOptions(score_threshold=options.score_threshold),
        search_mode=options.search_mode,
        filters=options.filters,
        rerank=options.rerank,
        explain=explain,
    )
    ids = dict.fromkeys(options.vector_store_ids)
    found = await asyncio.gather(*(stores.search(store_id, wanted) for store_id in ids))
    ranked = sorted((hit for hits in found for hit in hits), key=lambda hit: -hit.score)
    best: dict[tuple[str, int, int], SearchHit] = {}
    for hit in ranked:
        best.setdefault((hit.file_id, hit.chunk.start, hit.chunk.end), hit)
    return list(best.values())[: options.max_num_results]


def _taken(text: str) -> str:
    """Return a text as retrieval takes it, which refuses the character zero; an engine does not."""
    return text.replace("\0", "\ufffd")


class Embedder(Protocol):
    """Embedder as a store does."""

    async def embed(self, store_id: str, texts: Sequence[str]) -> list[list[float]]:
        """Return the vectors of texts."""


class Documents(Searcher, Embedder, Protocol):
    """Searcher and embeds."""


class Stores:
    """The stores of one caller; `credentials` are the caller's own headers."""

    def __init__(self, retrieval: ServiceClient, credentials: HeaderList) -> None:
        self._retrieval = retrieval
        self._headers = [*credentials, ("Content-Type", "application/json")]

    async def search(self, store_id: str, wanted: SearchRequest) -> list[SearchHit]:
        """Return the hits of one store, best first.

        Raises:
            NotFound: the caller's project has no such store.
            Unavailable: retrieval is gone, or answers something else than hits.
            DeadlineExceeded: it is too slow.
        """
        path = f"/v1/vector_stores/{quote(store_id, safe='')}/search"
        response = await self._retrieval.call("POST", path, content=wanted.model_dump_json().encode(), headers=self._headers)
        try:
            raise_for_error(response, NAME)
            return SearchResults.model_validate_json(response.content).data
        except NotFound as error:
            raise NotFound(f"There is no vector store '{store_id}'.", param=PARAM) from error
        except ValidationError as error:
            raise Unavailable(f"{NAME} answered something else than search results.") from error

    async def embed(self, store_id: str, texts: Sequence[str]) -> list[list[float]]:
        """Return the vectors, of length 1, that the store's embedder makes of `texts`.

        Raises:
            TandemError: retrieval is gone, too slow, refuses, or answers something else.
        """
        about = await self._retrieval.call("GET", f"/v1/vector_stores/{quote(store_id, safe='')}", headers=self._headers)
        raise_for_error(about, NAME)
        try:
            body = {"model": VectorStore.model_validate_json(about.content).embedding_model, "input": [_taken(text) for text in texts]}
            response = await self._retrieval.call("POST", "/v1/embeddings", content=json.dumps(body).encode(), headers=self._headers)
            raise_for_error(response, NAME)
            data = EmbeddingList.model_validate_json(response.content).data
        except ValidationError as error:
            raise Unavailable(f"{NAME} answered something else than embeddings.") from error
        return [each.embedding for each in data if isinstance(each.embedding, list)]
