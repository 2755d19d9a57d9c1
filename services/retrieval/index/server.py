"""A Qdrant server: the same layout as in process, shared by any number of processes."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import grpc
from qdrant_client import QdrantClient, models
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ApiException, UnexpectedResponse

from services.retrieval.index.attributes import attribute_fields
from services.retrieval.index.conditions import OrderedKeys, searched, to_conditions
from services.retrieval.index.points import DENSE, KEYWORD_FIELDS, KEYWORDS, TENANT, Hit, Point, Query, Stored, from_fields
from services.retrieval.index.scroll import Portion, dense, scroll
from shared.contracts.filters import Filter
from shared.errors import Conflict, Unavailable

SECONDS = 20
FAILURES = (ApiException, QdrantException, grpc.RpcError, OSError, RuntimeError)


class ServerIndex:
    """An `Index` in the Qdrant server at `url`; nothing is sent before the first call."""

    exclusive = False

    def __init__(
        self, url: str, api_key: str | None = None, *, grpc_port: int | None = None, shards: int | None = None, replicas: int | None = None
    ) -> None:
        """Speak gRPC where `grpc_port` is given, else REST. A new space has so many shards and copies; None: the server's defaults."""
        self._url = url
        self._spread: dict[str, Any] = {"shard_number": shards, "replication_factor": replicas}
        self._ordered = OrderedKeys()
        with warnings.catch_warnings():
            # It warns of keys sent without TLS, which is how it is done inside a private network.
            warnings.simplefilter("ignore")
            ports: dict[str, Any] = {"prefer_grpc": grpc_port is not None, "grpc_port": grpc_port or 6334}
            self._client = QdrantClient(url=url, api_key=api_key, timeout=SECONDS, check_compatibility=False, **ports)

    def prepare(self, space: str, dimension: int) -> None:
        with self._translated():
            if not self._client.collection_exists(space):
                self._create(space, dimension)
            found = self._client.get_collection(space)
            self._index_fields(space, found.payload_schema)
        vectors: Any = found.config.params.vectors
        if vectors[DENSE].size != dimension:
            raise Conflict(f"The index of '{space}' has vectors of {vectors[DENSE].size} numbers, the embedder makes {dimension}.")

    def upsert(self, space: str, points: Sequence[Point]) -> None:
        with self._translated():
            self._client.upsert(space, [_to_server(point) for point in points], wait=True)

    def delete(self, space: str, where: Mapping[str, str]) -> None:
        with self._translated():
            if self._client.collection_exists(space):
                self._client.delete(space, models.FilterSelector(filter=to_conditions(models, where)), wait=True)

    def count(self, space: str, where: Mapping[str, str]) -> int:
        with self._translated():
            return self._client.count(space, to_conditions(models, where)).count if self._client.collection_exists(space) else 0

    def set_attributes(self, space: str, where: Mapping[str, str], attributes: Mapping[str, Any] | None) -> None:
        with self._translated(missing=True):
            selected = models.FilterSelector(filter=to_conditions(models, where))
            self._client.set_payload(space, attribute_fields(attributes), selected, wait=True)

    def scroll(self, space: str, where: Mapping[str, str], portion: int = 256) -> Iterator[list[Point]]:
        return scroll(lambda offset: self._portion(space, where, portion, offset))

    def _portion(self, space: str, where: Mapping[str, str], limit: int, offset: Any) -> Portion:
        with self._translated(missing=True):
            asked: dict[str, Any] = {"scroll_filter": to_conditions(models, where), "limit": limit, "offset": offset}
            return self._client.scroll(space, **asked, with_payload=True, with_vectors=True)
        return [], None

    def search(
        self,
        space: str,
        tenant: str,
        query: Query,
        filter: Filter | None,
        limit: int,
        without: Sequence[str] = (),
        only: str | None = None,
    ) -> tuple[list[Hit], list[Hit]]:
        with self._translated(missing=True):
            self._ordered.prepare(space, filter, lambda path: self._index_numbers(space, path))
        conditions = to_conditions(models, searched(tenant, only), filter, without)
        parts = {DENSE: query.vector, KEYWORDS: _sparse(query)}
        asked = [name for name, vector in parts.items() if vector is not None]
        requests = [models.QueryRequest(query=parts[name], using=name, filter=conditions, limit=limit) for name in asked]
        with self._translated(missing=True):
            found = dict(zip(asked, self._client.query_batch_points(space, requests), strict=True)) if requests else {}
            hits = {name: [Hit(str(point.id), point.score) for point in answer.points] for name, answer in found.items()}
            return hits.get(DENSE, []), hits.get(KEYWORDS, [])
        return [], []

    def read(self, space: str, ids: Sequence[str]) -> dict[str, Stored]:
        if not ids:
            return {}
        with self._translated(missing=True):
            records = self._client.retrieve(space, list(ids), with_payload=True)
            return {str(record.id): from_fields(record.payload or {}) for record in records}
        return {}

    def vectors(self, space: str, ids: Sequence[str]) -> dict[str, list[float]]:
        if not ids:
            return {}
        with self._translated(missing=True):
            records = self._client.retrieve(space, list(ids), with_payload=False, with_vectors=[DENSE])
            return {str(record.id): dense(record) for record in records}
        return {}

    def settle(self) -> None:
        """Do nothing: the server optimizes by itself, and every call waits until it is durable."""

    def check(self) -> None:
        with self._translated():
            self._client.get_collections()

    def close(self) -> None:
        self._client.close()

    def _create(self, space: str, dimension: int) -> None:
        try:
            self._client.create_collection(
                space,
                vectors_config={DENSE: models.VectorParams(size=dimension, distance=models.Distance.COSINE)},
                sparse_vectors_config={KEYWORDS: models.SparseVectorParams(modifier=models.Modifier.IDF)},
                **self._spread,
            )
        except FAILURES:
            # Another process may have made it at the same moment.
            if not self._client.collection_exists(space):
                raise

    def _index_fields(self, space: str, there: Mapping[str, Any]) -> None:
        for name in set(KEYWORD_FIELDS) - set(there):
            schema = models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, is_tenant=name == TENANT)
            self._client.create_payload_index(space, name, schema, wait=True)

    def _index_numbers(self, space: str, path: str) -> None:
        self._client.create_payload_index(space, path, models.FloatIndexParams(type=models.FloatIndexType.FLOAT), wait=True)

    @contextmanager
    def _translated(self, *, missing: bool = False) -> Iterator[None]:
        """Turn the client's errors into ours; `missing` lets a space that does not exist pass for an empty one."""
        try:
            yield
        except FAILURES as error:
            if missing and _is_missing(error):
                return
            raise Unavailable(f"The Qdrant server at {self._url} (RETRIEVAL_QDRANT_URL) {_problem(error)}") from error


def _to_server(point: Point) -> models.PointStruct:
    keywords = models.SparseVector(indices=point.keywords.indices, values=point.keywords.values)
    return models.PointStruct(id=point.id, vector={DENSE: point.vector, KEYWORDS: keywords}, payload=point.fields)


def _sparse(query: Query) -> models.SparseVector | None:
    if query.keywords is None or not query.keywords.indices:
        return None
    return models.SparseVector(indices=query.keywords.indices, values=query.keywords.values)


def _is_missing(error: Exception) -> bool:
    if isinstance(error, UnexpectedResponse):
        return error.status_code == 404
    return isinstance(error, grpc.RpcError) and _grpc_code(error) == "NOT_FOUND"


def _grpc_code(error: Any) -> str:
    return str(error.code().name) if hasattr(error, "code") else ""


def _problem(error: Exception) -> str:
    refused = isinstance(error, UnexpectedResponse) and error.status_code in (401, 403)
    if refused or _grpc_code(error) in ("UNAUTHENTICATED", "PERMISSION_DENIED"):
        return "refuses the key in RETRIEVAL_QDRANT_API_KEY."
    if isinstance(error, UnexpectedResponse):
        return f"answered {error.status_code}: {error.content[:200].decode('utf-8', 'replace')}"
    return f"cannot be reached ({_grpc_code(error) or error})."
