"""The vector stores of one caller, searched through the retrieval service with the caller's own credentials."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from services.generation.grounding.retrieve import replace_nul
from services.generation.http.client import ServiceClient
from services.generation.http.reply import HeaderList
from shared.contracts.embeddings import EmbeddingList
from shared.contracts.search import SearchHit, SearchRequest, SearchResults
from shared.errors import NotFound, Unavailable
from shared.http.errors import raise_for_error

PARAM = "vector_store_ids"
JSON = ("Content-Type", "application/json")


class EmbeddedStore(BaseModel):
    """What generation reads of a vector store: the model that embeds its chunks."""

    embedding_model: str


@dataclass(frozen=True)
class VectorStoreClient:
    """Searches and embeds as one caller; `credentials` are the caller's own headers."""

    retrieval: ServiceClient
    credentials: HeaderList

    async def search(self, store_id: str, request: SearchRequest) -> list[SearchHit]:
        """Return the hits of one store, best first.

        Raises:
            NotFound: if the caller's project has no such store.
            Unavailable: if retrieval cannot be reached, or returns something other than hits.
            DeadlineExceeded: if retrieval is too slow.
        """
        content = request.model_dump_json().encode()
        response = await self.retrieval.call("POST", f"{_path(store_id)}/search", content=content, headers=[*self.credentials, JSON])
        try:
            raise_for_error(response, self.retrieval.name)
            return SearchResults.model_validate_json(response.content).data
        except NotFound as error:
            raise NotFound(f"There is no vector store '{store_id}'.", param=PARAM) from error
        except ValidationError as error:
            raise Unavailable(f"{self.retrieval.name} returned something other than search results.") from error

    async def embed(self, store_id: str, texts: Sequence[str]) -> list[list[float]]:
        """Return the vectors, of length 1, that the store's embedding model makes of `texts`.

        Raises:
            TandemError: if retrieval cannot be reached, is too slow, refuses, or returns something other than embeddings.
        """
        store = await self.retrieval.call("GET", _path(store_id), headers=[*self.credentials, JSON])
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


def _path(store_id: str) -> str:
    return f"/v1/vector_stores/{quote(store_id, safe='')}"
