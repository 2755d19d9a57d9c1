"""A Qdrant server: the same layout as Qdrant Edge, shared by any number of processes."""

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import grpc
from qdrant_client import QdrantClient, models
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ApiException, UnexpectedResponse

from services.retrieval.index.attributes import attribute_fields
from services.retrieval.index.filters import RangeIndexes, search_corpus, search_scope, to_qdrant_filter
from services.retrieval.index.points import DENSE, KEYWORD_FIELDS, KEYWORDS, TENANT, Hit, Point, Query, StoredChunk, to_stored_chunk
from services.retrieval.index.scroll import Batch, dense_vector, scroll
from shared.contracts.filters import Filter
from shared.errors import Conflict, Unavailable
from shared.log import get_logger

TIMEOUT_SECONDS = 20
RARITY_PER_STORE = (1, 19)  # an older server ignores the corpus of a search, and counts words over the whole space
FAILURES = (ApiException, QdrantException, grpc.RpcError, OSError, RuntimeError)

log = get_logger(__name__)


class ServerIndex:
    """An `Index` in the Qdrant server at `url`. Nothing is sent before the first call."""

    is_exclusive = False

    def __init__(
        self, url: str, api_key: str | None = None, *, grpc_port: int | None = None, shards: int | None = None, replicas: int | None = None
    ) -> None:
        """Use gRPC if `grpc_port` is set, else REST. `shards` and `replicas` are for new spaces; None means the server's defaults."""
        self._url = url
        self._sharding: dict[str, Any] = {"shard_number": shards, "replication_factor": replicas}
        self._range_indexes = RangeIndexes()
        self._is_version_checked = False
        with warnings.catch_warnings():
            # The client warns about an API key sent without TLS, which is normal in a private network.
            warnings.simplefilter("ignore")
            ports: dict[str, Any] = {"prefer_grpc": grpc_port is not None, "grpc_port": grpc_port or 6334}
            self._client = QdrantClient(url=url, api_key=api_key, timeout=TIMEOUT_SECONDS, check_compatibility=False, **ports)

    def ensure_space(self, space: str, dimension: int) -> None:
        with self._translate_errors():
            if not self._client.collection_exists(space):
                self._create(space, dimension)
            collection = self._client.get_collection(space)
            self._create_field_indexes(space, collection.payload_schema)
        vectors: Any = collection.config.params.vectors
        if vectors[DENSE].size != dimension:
            stored = vectors[DENSE].size
            raise Conflict(f"The index of '{space}' stores vectors of dimension {stored}, but those of the embedder have {dimension}.")

    def upsert(self, space: str, points: Sequence[Point]) -> None:
        with self._translate_errors():
            self._client.upsert(space, [_to_server(point) for point in points], wait=True)

    def delete(self, space: str, where: Mapping[str, str]) -> None:
        with self._translate_errors():
            if self._client.collection_exists(space):
                self._client.delete(space, models.FilterSelector(filter=to_qdrant_filter(models, where)), wait=True)

    def count(self, space: str, where: Mapping[str, str]) -> int:
        with self._translate_errors():
            return self._client.count(space, to_qdrant_filter(models, where)).count if self._client.collection_exists(space) else 0

    def set_attributes(self, space: str, where: Mapping[str, str], attributes: Mapping[str, Any] | None) -> None:
        with self._translate_errors(missing_is_empty=True):
            selected = models.FilterSelector(filter=to_qdrant_filter(models, where))
            self._client.set_payload(space, attribute_fields(attributes), selected, wait=True)

    def scroll(self, space: str, where: Mapping[str, str], batch_size: int = 256) -> Iterator[list[Point]]:
        return scroll(lambda offset: self._read_batch(space, where, batch_size, offset))

    def _read_batch(self, space: str, where: Mapping[str, str], limit: int, offset: Any) -> Batch:
        with self._translate_errors(missing_is_empty=True):
            options: dict[str, Any] = {"scroll_filter": to_qdrant_filter(models, where), "limit": limit, "offset": offset}
            return self._client.scroll(space, **options, with_payload=True, with_vectors=True)
        return [], None

    def search(
        self,
        space: str,
        tenant: str,
        query: Query,
        filter: Filter | None,
        limit: int,
        exclude: Sequence[str] = (),
        attachment_id: str | None = None,
        corpus: Sequence[str] = (),
        keyword_limit: int | None = None,
    ) -> tuple[list[Hit], list[Hit]]:
        with self._translate_errors(missing_is_empty=True):
            self._range_indexes.ensure(space, filter, lambda path: self._create_range_index(space, path))
        matching = to_qdrant_filter(models, search_scope(tenant, attachment_id), filter, exclude)
        parts = {DENSE: query.wait_for_vector(), KEYWORDS: _to_sparse(query)}
        used = [name for name, vector in parts.items() if vector is not None]
        rarity = models.SearchParams(idf=models.IdfCorpusParams(corpus=search_corpus(models, tenant, corpus)))
        options: dict[str, dict[str, Any]] = {DENSE: {"limit": limit}, KEYWORDS: {"limit": keyword_limit or limit, "params": rarity}}
        requests = [models.QueryRequest(query=parts[name], using=name, filter=matching, **options[name]) for name in used]
        with self._translate_errors(missing_is_empty=True):
            # A collection that is being created answers a batch with no results at all, so there may be fewer than requests.
            responses = dict(zip(used, self._client.query_batch_points(space, requests), strict=False)) if requests else {}
            hits = {name: [Hit(str(point.id), point.score) for point in response.points] for name, response in responses.items()}
            return hits.get(DENSE, []), hits.get(KEYWORDS, [])
        return [], []

    def fetch_chunks(self, space: str, ids: Sequence[str]) -> dict[str, StoredChunk]:
        if not ids:
            return {}
        with self._translate_errors(missing_is_empty=True):
            records = self._client.retrieve(space, list(ids), with_payload=True)
            return {str(record.id): to_stored_chunk(record.payload or {}) for record in records}
        return {}

    def fetch_vectors(self, space: str, ids: Sequence[str]) -> dict[str, list[float]]:
        if not ids:
            return {}
        with self._translate_errors(missing_is_empty=True):
            records = self._client.retrieve(space, list(ids), with_payload=False, with_vectors=[DENSE])
            return {str(record.id): dense_vector(record) for record in records}
        return {}

    def optimize(self) -> None:
        """Do nothing: the server optimizes on its own, and every write waits until it is durable."""

    def check(self) -> None:
        with self._translate_errors():
            self._client.get_collections()
            if not self._is_version_checked:
                self._warn_about_version(self._client.info().version)

    def _warn_about_version(self, version: str) -> None:
        if tuple(int(part) for part in re.findall(r"\d+", version)[:2]) < RARITY_PER_STORE:
            log.warning("the Qdrant server is too old to count word rarities for each store", url=self._url, version=version, since="1.19")
        self._is_version_checked = True

    def close(self) -> None:
        self._client.close()

    def _create(self, space: str, dimension: int) -> None:
        try:
            self._client.create_collection(
                space,
                vectors_config={DENSE: models.VectorParams(size=dimension, distance=models.Distance.COSINE)},
                sparse_vectors_config={KEYWORDS: models.SparseVectorParams(modifier=models.Modifier.IDF)},
                **self._sharding,
            )
        except FAILURES:
            # Another process may have created it at the same moment.
            if not self._client.collection_exists(space):
                raise

    def _create_field_indexes(self, space: str, existing: Mapping[str, Any]) -> None:
        for name in set(KEYWORD_FIELDS) - set(existing):
            schema = models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, is_tenant=name == TENANT)
            self._client.create_payload_index(space, name, schema, wait=True)

    def _create_range_index(self, space: str, path: str) -> None:
        self._client.create_payload_index(space, path, models.FloatIndexParams(type=models.FloatIndexType.FLOAT), wait=True)

    @contextmanager
    def _translate_errors(self, *, missing_is_empty: bool = False) -> Iterator[None]:
        """Translate the client's errors. With `missing_is_empty`, a space that does not exist counts as empty."""
        try:
            yield
        except FAILURES as error:
            if missing_is_empty and _is_missing(error):
                return
            raise Unavailable(f"The Qdrant server at {self._url} (RETRIEVAL_QDRANT_URL) {_describe(error)}") from error


def _to_server(point: Point) -> models.PointStruct:
    keywords = models.SparseVector(indices=point.keywords.indices, values=point.keywords.values)
    return models.PointStruct(id=point.id, vector={DENSE: point.vector, KEYWORDS: keywords}, payload=point.fields)


def _to_sparse(query: Query) -> models.SparseVector | None:
    if query.keywords is None or not query.keywords.indices:
        return None
    return models.SparseVector(indices=query.keywords.indices, values=query.keywords.values)


def _is_missing(error: Exception) -> bool:
    if isinstance(error, UnexpectedResponse):
        return error.status_code == 404
    return isinstance(error, grpc.RpcError) and _grpc_code(error) == "NOT_FOUND"


def _grpc_code(error: Any) -> str:
    return str(error.code().name) if hasattr(error, "code") else ""


def _describe(error: Exception) -> str:
    is_rejected = isinstance(error, UnexpectedResponse) and error.status_code in (401, 403)
    if is_rejected or _grpc_code(error) in ("UNAUTHENTICATED", "PERMISSION_DENIED"):
        return "rejects the key in RETRIEVAL_QDRANT_API_KEY."
    if isinstance(error, UnexpectedResponse):
        return f"returned status {error.status_code}: {error.content[:200].decode('utf-8', 'replace')}"
    return f"cannot be reached ({_grpc_code(error) or error})."
