"""An index and a sparse encoder in plain Python, for tests. Both behave as the real ones: `tests/contract/test_index.py` runs on them."""

import json
import math
import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zlib import crc32

from services.retrieval.index.attributes import FACETS, attribute_fields, facet
from services.retrieval.index.bm25 import query_weight
from services.retrieval.index.points import ATTACHMENT, TENANT, Hit, Point, Query, SparseVector, StoredChunk, to_stored_chunk
from shared.contracts.filters import ComparisonFilter, CompoundFilter, Filter
from shared.errors import Conflict, TandemError, Unavailable

INDEX_DOWN = Unavailable("The Qdrant server at http://nowhere (RETRIEVAL_QDRANT_URL) cannot be reached.")
COMPARISONS = {"gt": float.__gt__, "gte": float.__ge__, "lt": float.__lt__, "lte": float.__le__}
STOP_WORDS = {"a", "an", "and", "are", "as", "at", "in", "is", "it", "its", "not", "of", "on", "or", "that", "the", "then", "to", "with"}
WORD = re.compile(r"\w+")
K, B, MEAN_TERMS = 1.2, 0.75, 100.0


class FakeBm25:
    """BM25 weights of lower-case words without English stop words and plural endings."""

    def encode_passage(self, text: str) -> SparseVector:
        """Return the weights of a passage's terms."""
        counts = Counter(_terms(text))
        length = K * (1 - B + B * counts.total() / MEAN_TERMS)
        return SparseVector(list(counts), [count * (K + 1) / (count + length) for count in counts.values()])

    def encode_query(self, text: str) -> SparseVector:
        """Return the weights of a query's terms."""
        counts = Counter(_terms(text))
        return SparseVector(list(counts), [query_weight(count) for count in counts.values()])


def _terms(text: str) -> list[int]:
    words = (word for word in WORD.findall(text.lower()) if word not in STOP_WORDS)
    return [crc32(word.removesuffix("s").encode()) for word in words]


@dataclass
class Space:
    """The points of one embedder."""

    dimension: int
    points: dict[str, Point] = field(default_factory=dict)


class FakeIndex:
    """An index in memory. Several share their points if they are made with the same `spaces`. While `failure` is set, writing raises it."""

    is_exclusive = True

    def __init__(self, spaces: dict[str, Space] | None = None) -> None:
        self.failure: TandemError | None = None
        self._spaces = {} if spaces is None else spaces
        self._lock = threading.RLock()

    def ensure_space(self, space: str, dimension: int) -> None:
        self._fail()
        with self._lock:
            existing = self._spaces.setdefault(space, Space(dimension)).dimension
        if existing != dimension:
            raise Conflict(f"The index of '{space}' stores vectors of dimension {existing}, but those of the embedder have {dimension}.")

    def upsert(self, space: str, points: Sequence[Point]) -> None:
        self._fail()
        with self._lock:
            if space not in self._spaces:
                raise Unavailable(f"The index has no space '{space}'.")
            self._spaces[space].points |= {point.id: replace(point, vector=_normalize(point.vector)) for point in points}

    def delete(self, space: str, where: Mapping[str, str]) -> None:
        self._fail()
        with self._lock:
            for point in self._select(space, where):
                del self._spaces[space].points[point.id]

    def count(self, space: str, where: Mapping[str, str]) -> int:
        return len(self._select(space, where))

    def set_attributes(self, space: str, where: Mapping[str, str], attributes: Mapping[str, Any] | None) -> None:
        self._fail()
        with self._lock:
            for point in self._select(space, where):
                changed = replace(point, fields={**point.fields, **attribute_fields(attributes)})
                self._spaces[space].points[point.id] = changed

    def scroll(self, space: str, where: Mapping[str, str], batch_size: int = 256) -> Iterator[list[Point]]:
        points = sorted(self._select(space, where), key=lambda point: point.id)
        yield from (points[first : first + batch_size] for first in range(0, len(points), batch_size))

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
        where = {TENANT: tenant} | ({ATTACHMENT: attachment_id} if attachment_id else {})
        points = [each for each in self._select(space, where) if each.fields[ATTACHMENT] not in exclude and _matches(filter, each)]
        nearest = [] if (vector := query.wait_for_vector()) is None else _nearest(points, _normalize(vector))
        matching = [] if query.keywords is None else _matching(points, query.keywords, self._rarity(space, corpus or [tenant]))
        return nearest[:limit], matching[: keyword_limit or limit]

    def fetch_chunks(self, space: str, ids: Sequence[str]) -> dict[str, StoredChunk]:
        return {point.id: to_stored_chunk(point.fields) for point in self._find(space, ids)}

    def fetch_vectors(self, space: str, ids: Sequence[str]) -> dict[str, list[float]]:
        return {point.id: list(point.vector) for point in self._find(space, ids)}

    def optimize(self) -> None:
        self._fail()

    def check(self) -> None:
        self._fail()

    def close(self) -> None:
        """Do nothing: there is nothing to release."""

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure

    def _select(self, space: str, where: Mapping[str, str]) -> list[Point]:
        with self._lock:
            points = list(self._spaces[space].points.values()) if space in self._spaces else []
        return [point for point in points if all(point.fields.get(key) == value for key, value in where.items())]

    def _find(self, space: str, ids: Sequence[str]) -> list[Point]:
        wanted = set(ids)
        return [point for point in self._select(space, {}) if point.id in wanted]

    def _rarity(self, space: str, corpus: Sequence[str]) -> dict[int, float]:
        """Return the inverse document frequency of each term over the tenants of `corpus`, as Qdrant computes it."""
        points = [point for point in self._select(space, {}) if point.fields[TENANT] in corpus]
        frequency = Counter(term for point in points for term in point.keywords.indices)
        return {term: math.log(1 + (len(points) - count + 0.5) / (count + 0.5)) for term, count in frequency.items()}


def _normalize(vector: Sequence[float]) -> list[float]:
    length = math.sqrt(sum(number * number for number in vector)) or 1.0
    return [number / length for number in vector]


def _nearest(points: Sequence[Point], vector: Sequence[float]) -> list[Hit]:
    hits = [Hit(point.id, sum(a * b for a, b in zip(point.vector, vector, strict=True))) for point in points]
    return sorted(hits, key=lambda hit: -hit.score)


def _matching(points: Sequence[Point], keywords: SparseVector, rarity: Mapping[int, float]) -> list[Hit]:
    hits = [Hit(point.id, score) for point in points if (score := _bm25(point, keywords, rarity)) > 0]
    return sorted(hits, key=lambda hit: -hit.score)


def _bm25(point: Point, keywords: SparseVector, rarity: Mapping[int, float]) -> float:
    weights = dict(zip(point.keywords.indices, point.keywords.values, strict=True))
    pairs = zip(keywords.indices, keywords.values, strict=True)
    return sum(value * weights.get(term, 0.0) * rarity.get(term, 0.0) for term, value in pairs)


def _matches(filter: Filter | None, point: Point) -> bool:
    if filter is None:
        return True
    if isinstance(filter, CompoundFilter):
        return (all if filter.type == "and" else any)(_matches(each, point) for each in filter.filters)
    return _compare(filter, point.fields[FACETS])


def _compare(filter: ComparisonFilter, facets: Sequence[str]) -> bool:
    if filter.type in COMPARISONS:
        value: Any = dict(json.loads(each) for each in facets).get(filter.key)
        return isinstance(value, float) and COMPARISONS[filter.type](value, float(str(filter.value)))
    values = filter.value if isinstance(filter.value, list) else [filter.value]
    is_equal = any(facet(filter.key, value) in facets for value in values)
    return is_equal == (filter.type in ("eq", "in"))
