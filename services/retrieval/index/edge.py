"""Qdrant Edge: the index in this process, one folder for each space. One process at a time."""

import fcntl
import json
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import qdrant_edge as qdrant

from services.retrieval.index.attributes import attribute_fields
from services.retrieval.index.conditions import OrderedKeys, searched, to_conditions
from services.retrieval.index.points import DENSE, KEYWORD_FIELDS, KEYWORDS, TENANT, Hit, Point, Query, Stored, from_fields
from services.retrieval.index.scroll import Portion, dense, scroll
from shared.contracts.filters import Filter
from shared.errors import Conflict, StorageFull, Unavailable

CREATING = ".creating"
# Settling so many new points stops the process for half a second or so.
STEP_POINTS = 1000
SEGMENTS = 10
SEGMENT_STEPS = 25  # beyond that a segment takes no further points, so that there are more than SEGMENTS from 250,000 points on
OVERSAMPLING = 2.0


class EdgeIndex:
    """An `Index` in the folder `path`.

    Vectors are compared as bytes, four at the price of one, and the best of twice as many then exactly: the same hits and
    scores as by comparing all of them exactly (recall 1.0 of the first 100 among 100,000). There is no graph. Among 100,000 points of
    384 numbers on two cores a dense search takes 2.4 ms and one by keywords 0.5 to 1; exact vectors in 99 small segments with
    graphs, which Edge does not use below 10 MB a segment, took 9 and 5.

    Edge keeps the interpreter to itself while it optimizes, so that nothing else in the process runs. That is done in steps of
    `STEP_POINTS` new points: 0.26 s a step up to 30,000 points, 0.6 s up to 100,000 (0.9 the longest; building and merging graphs of
    12,000 at once took 14 s). What large deletions leave is cleared up in one go.
    """

    exclusive = True

    def __init__(self, path: Path) -> None:
        """Take the folder.

        Raises:
            Unavailable: another process has it.
        """
        path.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._lock = (path / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise Unavailable(
                f"The index folder {path} is in use by another process. Stop that one, or set RETRIEVAL_INDEX (or TANDEM_DATA) to another "
                "folder; several processes can share a Qdrant server (RETRIEVAL_QDRANT_URL)."
            ) from error
        self._opening = threading.Lock()
        self._shards: dict[str, Any] = {}
        self._unsettled: dict[str, int] = {}
        self._ordered = OrderedKeys()

    def prepare(self, space: str, dimension: int) -> None:
        with _translated(self._path), self._opening:
            if not self._open(space):
                self._create(space, dimension)
            stored = _dimension(self._path / space)
        if stored != dimension:
            raise Conflict(f"The index of '{space}' has vectors of {stored} numbers, the embedder makes {dimension}.")

    def upsert(self, space: str, points: Sequence[Point]) -> None:
        with _translated(self._path):
            shard = self._shard(space)
            shard.update(qdrant.UpdateOperation.upsert_points([_to_edge(point) for point in points]))
            self._unsettled[space] = self._unsettled.get(space, 0) + len(points)
            if self._unsettled[space] >= STEP_POINTS:
                self._settle(space, shard)

    def delete(self, space: str, where: Mapping[str, str]) -> None:
        with _translated(self._path):
            if shard := self._find(space):
                shard.update(qdrant.UpdateOperation.delete_points_by_filter(to_conditions(qdrant, where)))

    def count(self, space: str, where: Mapping[str, str]) -> int:
        with _translated(self._path):
            shard = self._find(space)
            return shard.count(qdrant.CountRequest(exact=True, filter=to_conditions(qdrant, where))) if shard else 0

    def set_attributes(self, space: str, where: Mapping[str, str], attributes: Mapping[str, Any] | None) -> None:
        with _translated(self._path):
            if shard := self._find(space):
                conditions = to_conditions(qdrant, where)
                shard.update(qdrant.UpdateOperation.set_payload_by_filter(conditions, attribute_fields(attributes)))

    def scroll(self, space: str, where: Mapping[str, str], portion: int = 256) -> Iterator[list[Point]]:
        return scroll(lambda offset: self._portion(space, where, portion, offset))

    def _portion(self, space: str, where: Mapping[str, str], limit: int, offset: Any) -> Portion:
        with _translated(self._path):
            shard = self._find(space)
            if shard is None:
                return [], None
            asked = {"offset": offset, "limit": limit, "filter": to_conditions(qdrant, where)}
            found: Portion = shard.scroll(qdrant.ScrollRequest(**asked, with_payload=True, with_vector=True))
            return found

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
        with _translated(self._path):
            shard = self._find(space)
            if shard is None:
                return [], []
            self._ordered.prepare(space, filter, lambda path: _index_numbers(shard, path))
            conditions = to_conditions(qdrant, searched(tenant, only), filter, without)
            return _nearest(shard, DENSE, query.vector, conditions, limit), _nearest(shard, KEYWORDS, _sparse(query), conditions, limit)

    def read(self, space: str, ids: Sequence[str]) -> dict[str, Stored]:
        with _translated(self._path):
            shard = self._find(space)
            records = shard.retrieve(list(ids), True, False) if shard and ids else []
            return {str(record.id): from_fields(record.payload) for record in records}

    def vectors(self, space: str, ids: Sequence[str]) -> dict[str, list[float]]:
        with _translated(self._path):
            shard = self._find(space)
            records = shard.retrieve(list(ids), False, [DENSE]) if shard and ids else []
            return {str(record.id): dense(record) for record in records}

    def settle(self) -> None:
        with _translated(self._path):
            for space, shard in list(self._shards.items()):
                self._settle(space, shard)

    def check(self) -> None:
        if self._lock.closed:
            raise Unavailable("The index is closed.")

    def close(self) -> None:
        with self._opening:
            for shard in self._shards.values():
                shard.close()
            self._shards.clear()
            self._lock.close()

    def _settle(self, space: str, shard: Any) -> None:
        self._unsettled[space] = 0
        shard.optimize()
        shard.flush()

    def _shard(self, space: str) -> Any:
        shard = self._find(space)
        if shard is None:
            raise Unavailable(f"The index has no space '{space}' yet.")
        return shard

    def _find(self, space: str) -> Any:
        with self._opening:
            return self._open(space)

    def _open(self, space: str) -> Any:
        """Return the space's shard, or None where there is none yet; `_opening` is held."""
        self.check()
        folder = self._path / space
        if space not in self._shards and folder.exists():
            self._shards[space] = qdrant.EdgeShard.load(str(folder))
        return self._shards.get(space)

    def _create(self, space: str, dimension: int) -> None:
        # Made under another name and renamed when whole: a process killed meanwhile leaves nothing half made.
        making = self._path / (space + CREATING)
        shutil.rmtree(making, ignore_errors=True)
        shard = qdrant.EdgeShard.create(str(making), _layout(dimension))
        for name in KEYWORD_FIELDS:
            shard.update(qdrant.UpdateOperation.create_field_index(name, qdrant.KeywordIndexParams(is_tenant=name == TENANT)))
        shard.flush()
        shard.close()
        making.rename(self._path / space)


def _index_numbers(shard: Any, path: str) -> None:
    shard.update(qdrant.UpdateOperation.create_field_index(path, qdrant.FloatIndexParams()))


def _dimension(folder: Path) -> int:
    """Return how many numbers the dense vectors in a shard's folder have."""
    return int(json.loads((folder / "edge_config.json").read_text())["vectors"][DENSE]["size"])


def _layout(dimension: int) -> Any:
    step = STEP_POINTS * dimension * 4 / 1024
    return qdrant.EdgeConfig(
        vectors={DENSE: qdrant.EdgeVectorParams(dimension, qdrant.Distance.Cosine)},
        sparse_vectors={KEYWORDS: qdrant.EdgeSparseVectorParams(modifier=qdrant.Modifier.Idf)},
        optimizers=qdrant.EdgeOptimizersConfig(
            default_segment_number=SEGMENTS, max_segment_size=int(step * SEGMENT_STEPS) + 1, indexing_threshold=int(step * 0.5) + 1
        ),
        hnsw_config=qdrant.HnswIndexConfig(m=0, ef_construct=4, full_scan_threshold=10_000),
        quantization_config=qdrant.ScalarQuantizationConfig(qdrant.ScalarType.Int8, quantile=0.99, always_ram=True),
    )


def _to_edge(point: Point) -> Any:
    keywords = qdrant.SparseVector(point.keywords.indices, point.keywords.values)
    return qdrant.Point(point.id, {DENSE: point.vector, KEYWORDS: keywords}, point.fields)


def _sparse(query: Query) -> Any:
    has_terms = query.keywords is not None and query.keywords.indices
    return qdrant.SparseVector(query.keywords.indices, query.keywords.values) if query.keywords and has_terms else None


def _nearest(shard: Any, using: str, vector: Any, conditions: Any, limit: int) -> list[Hit]:
    if vector is None:
        return []
    exactly = qdrant.SearchParams(quantization=qdrant.QuantizationSearchParams(rescore=True, oversampling=OVERSAMPLING))
    query = qdrant.Query.Nearest(vector, using=using)
    request = qdrant.QueryRequest(limit=limit, query=query, filter=conditions, params=exactly if using == DENSE else None)
    return [Hit(str(found.id), found.score) for found in shard.query(request)]


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (Conflict, Unavailable):
        raise
    except Exception as error:
        # Edge raises plain Exceptions; only their text tells them apart.
        if "No space left" in str(error):
            raise StorageFull(f"There is no space left in the index folder {path} (RETRIEVAL_INDEX).") from error
        raise Unavailable(f"The index in {path} (RETRIEVAL_INDEX) failed: {error}") from error
