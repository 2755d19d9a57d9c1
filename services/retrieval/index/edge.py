"""Qdrant Edge: the index in this process, a folder for each space. One process at a time can use it.

The service runs it in a process of its own, see `edge_client.py`.
"""

import fcntl
import json
import os
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import qdrant_edge as qdrant

from services.retrieval.index.attributes import attribute_fields
from services.retrieval.index.filters import RangeIndexes, search_corpus, search_scope, to_qdrant_filter
from services.retrieval.index.points import DENSE, KEYWORD_FIELDS, KEYWORDS, TENANT, Hit, Point, Query, StoredChunk, to_stored_chunk
from services.retrieval.index.scroll import Batch, dense_vector, scroll, to_stored_point
from shared.contracts.filters import Filter
from shared.errors import Conflict, StorageFull, Unavailable

CREATING = ".creating"
# Optimizing this many new points stops the process for a quarter of a second. Most of it is spent waiting for the disk, so with smaller
# steps it would stand still for longer in all.
STEP_POINTS = 3000
# Steps merge the smallest segments: the more segments, the shorter a step, and the longer a search.
SEGMENTS = 40
MAX_SEGMENT_POINTS = 25_000  # a full segment takes no more points, so from 1,000,000 points on there are more than SEGMENTS
PAUSE_SECONDS = 0.1  # between an optimization and a flush, for the searches that have waited
OVERSAMPLING = 2.0  # less is enough for most texts, but not for thousands that are nearly the same, such as lines of a log
MAX_SEARCH_THREADS = 8  # as Edge has by itself, on every machine


class EdgeIndex:
    """An `Index` in the folder `path`.

    A search compares vectors quantized to bytes, four for the price of one, and then, in each segment, the best of twice as many exactly.
    This returns the same hits and scores as comparing all vectors exactly (recall@100 is 1.0 among 100,000), except among thousands of
    texts with cosines above 0.99. There is no HNSW graph. Among 100,000 points of 384 dimensions on two cores, the hundred nearest take
    3.5 ms and the first twenty by keyword 1.5 ms. That includes counting how rare the words are among some of the points. Exact vectors in
    99 small segments with graphs, which Edge does not use below 10 MB a segment, took 9 and 5 ms.

    Edge holds Python's interpreter lock while it optimizes, so nothing else in the process runs, not even searches. So it is done in steps
    of `STEP_POINTS` new points: at most 0.3 s a step up to 100,000 points, and 0.75 s at 300,000. After large deletions, optimizing takes
    a single step. It does the same while it flushes, which syncs the files of every segment. So that no search waits for both, a flush
    comes half a step after an optimization. Until then, the new points are in Edge's log.
    """

    is_exclusive = True

    def __init__(self, path: Path) -> None:
        """Open and lock the folder.

        Raises:
            Unavailable: if another process has locked it.
        """
        path.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._lock = (path / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise Unavailable(
                f"The index folder {path} is in use by another process. Stop that process, or set RETRIEVAL_INDEX (or TANDEM_DATA) to "
                "another folder. To share an index between processes, use a Qdrant server (RETRIEVAL_QDRANT_URL)."
            ) from error
        self._opening = threading.Lock()
        self._shards: dict[str, Any] = {}
        self._unoptimized: dict[str, int] = {}
        self._range_indexes = RangeIndexes()
        self._writes: Counter[str] = Counter()
        self._everything: dict[str, tuple[int, Sequence[str], bool]] = {}

    def ensure_space(self, space: str, dimension: int) -> None:
        with _translate_errors(self._path), self._opening:
            if not self._open(space):
                self._create(space, dimension)
            stored = _read_dimension(self._path / space)
        if stored != dimension:
            raise Conflict(f"The index of '{space}' stores vectors of dimension {stored}, but those of the embedder have {dimension}.")

    def upsert(self, space: str, points: Sequence[Point]) -> None:
        with _translate_errors(self._path):
            shard = self._shard(space)
            shard.update(qdrant.UpdateOperation.upsert_points([_to_edge(point) for point in points]))
            self._writes[space] += 1
            before = self._unoptimized.get(space, 0)
            self._unoptimized[space] = before + len(points)
            if self._unoptimized[space] >= STEP_POINTS:
                self._optimize(space, shard)
            elif before < STEP_POINTS / 2 <= self._unoptimized[space]:
                shard.flush()

    def delete(self, space: str, where: Mapping[str, str]) -> None:
        with _translate_errors(self._path):
            if shard := self._find(space):
                shard.update(qdrant.UpdateOperation.delete_points_by_filter(to_qdrant_filter(qdrant, where)))
                self._writes[space] += 1

    def count(self, space: str, where: Mapping[str, str]) -> int:
        with _translate_errors(self._path):
            shard = self._find(space)
            return shard.count(qdrant.CountRequest(exact=True, filter=to_qdrant_filter(qdrant, where))) if shard else 0

    def set_attributes(self, space: str, where: Mapping[str, str], attributes: Mapping[str, Any] | None) -> None:
        with _translate_errors(self._path):
            if shard := self._find(space):
                matching = to_qdrant_filter(qdrant, where)
                shard.update(qdrant.UpdateOperation.set_payload_by_filter(matching, attribute_fields(attributes)))
                self._writes[space] += 1

    def scroll(self, space: str, where: Mapping[str, str], batch_size: int = 256) -> Iterator[list[Point]]:
        return scroll(lambda offset: self._read_batch(space, where, batch_size, offset))

    def read_points(self, space: str, where: Mapping[str, str], limit: int, offset: Any) -> tuple[list[Point], Any]:
        """Return at most `limit` points with these values from `offset` on (None: from the first), and the next offset, None at the end."""
        records, following = self._read_batch(space, where, limit, offset)
        return [to_stored_point(record) for record in records], following

    def _read_batch(self, space: str, where: Mapping[str, str], limit: int, offset: Any) -> Batch:
        with _translate_errors(self._path):
            shard = self._find(space)
            if shard is None:
                return [], None
            options = {"offset": offset, "limit": limit, "filter": to_qdrant_filter(qdrant, where)}
            batch: Batch = shard.scroll(qdrant.ScrollRequest(**options, with_payload=True, with_vector=True))
            return batch

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
        with _translate_errors(self._path):
            shard = self._find(space)
            if shard is None:
                return [], []
            self._range_indexes.ensure(space, filter, lambda path: _create_range_index(shard, path))
            matching = to_qdrant_filter(qdrant, search_scope(tenant, attachment_id), filter, exclude)
            rescored = qdrant.SearchParams(quantization=qdrant.QuantizationSearchParams(rescore=True, oversampling=OVERSAMPLING))
            by_vector = _find_nearest(shard, DENSE, query.wait_for_vector(), matching, limit, rescored)
            return by_vector, self._find_matching(space, shard, _to_sparse(query), matching, keyword_limit or limit, corpus or (tenant,))

    def _find_matching(self, space: str, shard: Any, keywords: Any, matching: Any, limit: int, corpus: Sequence[str]) -> list[Hit]:
        """Return the points that match the keywords.

        If the corpus is everything in the space, Edge need not count how rare a word is, which takes longer than the search itself. But
        what it knows includes deleted points. So after each write, the scores of one search are compared.
        """
        known = self._writes[space], corpus
        if self._everything.get(space) == (*known, True):
            return _find_nearest(shard, KEYWORDS, keywords, matching, limit, None)
        among = search_corpus(qdrant, "", corpus)
        hits = _find_nearest(shard, KEYWORDS, keywords, matching, limit, qdrant.SearchParams(idf=qdrant.IdfParams(among)))
        if hits and self._everything.get(space) != (*known, False):
            is_everything = shard.count(qdrant.CountRequest(exact=False, filter=among)) == shard.info().points_count
            without = _find_nearest(shard, KEYWORDS, keywords, matching, limit, None) if is_everything else []
            is_everything = [hit.score for hit in hits] == [hit.score for hit in without]
            self._everything[space] = (*known, is_everything)
        return hits

    def fetch_chunks(self, space: str, ids: Sequence[str]) -> dict[str, StoredChunk]:
        with _translate_errors(self._path):
            shard = self._find(space)
            records = shard.retrieve(list(ids), True, False) if shard and ids else []
            return {str(record.id): to_stored_chunk(record.payload) for record in records}

    def fetch_vectors(self, space: str, ids: Sequence[str]) -> dict[str, list[float]]:
        with _translate_errors(self._path):
            shard = self._find(space)
            records = shard.retrieve(list(ids), False, [DENSE]) if shard and ids else []
            return {str(record.id): dense_vector(record) for record in records}

    def optimize(self) -> None:
        with _translate_errors(self._path):
            for space, shard in list(self._shards.items()):
                self._optimize(space, shard)
                time.sleep(PAUSE_SECONDS)
                shard.flush()

    def check(self) -> None:
        if self._lock.closed:
            raise Unavailable("The index is closed.")

    def close(self) -> None:
        with self._opening:
            for shard in self._shards.values():
                shard.close()
            self._shards.clear()
            self._lock.close()

    def _optimize(self, space: str, shard: Any) -> None:
        self._unoptimized[space] = 0
        self._writes[space] += 1
        shard.optimize()

    def _shard(self, space: str) -> Any:
        shard = self._find(space)
        if shard is None:
            raise Unavailable(f"The index has no space '{space}' yet. Index a file first.")
        return shard

    def _find(self, space: str) -> Any:
        with self._opening:
            return self._open(space)

    def _open(self, space: str) -> Any:
        """Return the space's shard; None if it does not exist yet. The caller holds `_opening`."""
        self.check()
        folder = self._path / space
        if space not in self._shards and folder.exists():
            # With the configuration, because it may have been created by an earlier version.
            self._shards[space] = qdrant.EdgeShard.load(str(folder), _shard_config(_read_dimension(folder)))
        return self._shards.get(space)

    def _create(self, space: str, dimension: int) -> None:
        # Created under another name and renamed once complete, so that a killed process leaves no incomplete space.
        temporary = self._path / (space + CREATING)
        shutil.rmtree(temporary, ignore_errors=True)
        shard = qdrant.EdgeShard.create(str(temporary), _shard_config(dimension))
        for name in KEYWORD_FIELDS:
            shard.update(qdrant.UpdateOperation.create_field_index(name, qdrant.KeywordIndexParams(is_tenant=name == TENANT)))
        shard.flush()
        shard.close()
        temporary.rename(self._path / space)


def _create_range_index(shard: Any, path: str) -> None:
    shard.update(qdrant.UpdateOperation.create_field_index(path, qdrant.FloatIndexParams()))


def _read_dimension(folder: Path) -> int:
    """Return the dimension of the dense vectors in a shard's folder."""
    return int(json.loads((folder / "edge_config.json").read_text())["vectors"][DENSE]["size"])


def _shard_config(dimension: int) -> Any:
    point_kib = dimension * 4 / 1024
    return qdrant.EdgeConfig(
        vectors={DENSE: qdrant.EdgeVectorParams(dimension, qdrant.Distance.Cosine)},
        # By default, Edge ignores the index of a segment with fewer than 5,000 points, and a search takes more than twice as long.
        sparse_vectors={KEYWORDS: qdrant.EdgeSparseVectorParams(full_scan_threshold=1, modifier=qdrant.Modifier.Idf)},
        optimizers=qdrant.EdgeOptimizersConfig(
            default_segment_number=SEGMENTS,
            max_segment_size=int(point_kib * MAX_SEGMENT_POINTS) + 1,
            indexing_threshold=int(point_kib * STEP_POINTS / 2) + 1,
        ),
        hnsw_config=qdrant.HnswIndexConfig(m=0, ef_construct=4, full_scan_threshold=10_000),
        quantization_config=qdrant.ScalarQuantizationConfig(qdrant.ScalarType.Int8, quantile=0.99, always_ram=True),
        # On two cores, waking eight threads for a search takes a fifth more processor time than waking two.
        max_search_threads=min(os.cpu_count() or 1, MAX_SEARCH_THREADS),
    )


def _to_edge(point: Point) -> Any:
    keywords = qdrant.SparseVector(point.keywords.indices, point.keywords.values)
    return qdrant.Point(point.id, {DENSE: point.vector, KEYWORDS: keywords}, point.fields)


def _to_sparse(query: Query) -> Any:
    if query.keywords is None or not query.keywords.indices:
        return None
    return qdrant.SparseVector(query.keywords.indices, query.keywords.values)


def _find_nearest(shard: Any, using: str, vector: Any, matching: Any, limit: int, parameters: Any) -> list[Hit]:
    if vector is None:
        return []
    query = qdrant.Query.Nearest(vector, using=using)
    request = qdrant.QueryRequest(limit=limit, query=query, filter=matching, params=parameters)
    return [Hit(str(point.id), point.score) for point in shard.query(request)]


@contextmanager
def _translate_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (Conflict, Unavailable):
        raise
    except Exception as error:
        # Edge raises plain Exceptions, which differ only in their text.
        if "No space left" in str(error):
            raise StorageFull(f"The disk of the index folder {path} (RETRIEVAL_INDEX) is full. Free some space.") from error
        raise Unavailable(f"The index in {path} (RETRIEVAL_INDEX) failed: {error}") from error
