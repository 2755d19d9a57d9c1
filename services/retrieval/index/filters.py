"""The API's filters as Qdrant's, with the same meaning in process and on the server.

A file that lacks the attribute, or has a value of another type, matches `ne` and `nin` and nothing else.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from services.retrieval.index.attributes import FACETS, attribute_path, facet
from services.retrieval.index.points import ATTACHMENT, TENANT
from shared.contracts.filters import ComparisonFilter, CompoundFilter, Filter

RANGE_TYPES = ("gt", "gte", "lt", "lte")


class RangeIndexes:
    """Creates an index of an attribute's numbers the first time that a filter compares it by order.

    Without an index every point is read: 290 ms instead of 3 among 100,000. Creating one takes 0.8 s for as many points. A space gets at
    most `MAX_KEYS` of them; filters on further keys work without one.
    """

    MAX_KEYS = 64

    def __init__(self) -> None:
        self._indexed: dict[str, set[str]] = {}
        self._creating = threading.Lock()

    def ensure(self, space: str, filter: Filter | None, create_index: Callable[[str], None]) -> None:
        """Call `create_index` with the path of each key that is compared by order for the first time; it may be called again."""
        for path in _range_paths(filter):
            indexed = self._indexed.setdefault(space, set())
            if path in indexed or len(indexed) >= self.MAX_KEYS:
                continue
            with self._creating:
                create_index(path)
                indexed.add(path)


def _range_paths(filter: Filter | None) -> Iterator[str]:
    if isinstance(filter, CompoundFilter):
        for inner in filter.filters:
            yield from _range_paths(inner)
    elif filter is not None and filter.type in RANGE_TYPES:
        yield attribute_path(filter.key)


def search_scope(tenant: str, attachment_id: str | None) -> dict[str, str]:
    """Return the field values of the points to search: those of a tenant, or of one of its attachments."""
    return {TENANT: tenant} | ({ATTACHMENT: attachment_id} if attachment_id else {})


def search_corpus(models: Any, tenant: str, corpus: Sequence[str]) -> Any:
    """Return Qdrant's filter for the points that word rarities are counted over: those of the tenants `corpus`, by default of `tenant`."""
    # One condition for each tenant, because Edge needs twice as long for a list of values.
    each = (models.MatchValue(value=value) for value in corpus or [tenant])
    return models.Filter(should=[models.FieldCondition(key=TENANT, match=match) for match in each])


def to_qdrant_filter(models: Any, where: Mapping[str, str], filter: Filter | None = None, exclude: Sequence[str] = ()) -> Any:
    """Return Qdrant's filter for field values and attributes, without the points of the attachments in `exclude`.

    `models` is the library whose classes to use: Edge's or the client's.
    """
    must = [models.FieldCondition(key=key, match=models.MatchValue(value=value)) for key, value in where.items()]
    if filter is not None:
        must.append(_to_condition(models, filter))
    must_not = [models.FieldCondition(key=ATTACHMENT, match=models.MatchAny(any=list(exclude)))] if exclude else None
    return models.Filter(must=must, must_not=must_not)


def _to_condition(models: Any, filter: Filter) -> Any:
    if isinstance(filter, CompoundFilter):
        inner = [_to_condition(models, each) for each in filter.filters]
        return models.Filter(must=inner) if filter.type == "and" else models.Filter(should=inner)
    if filter.type in RANGE_TYPES:
        return _in_range(models, filter)
    if filter.type in ("ne", "nin"):
        return models.Filter(must_not=[_equals(models, filter)])
    return _equals(models, filter)


def _equals(models: Any, filter: ComparisonFilter) -> Any:
    values = filter.value if isinstance(filter.value, list) else [filter.value]
    return models.FieldCondition(key=FACETS, match=models.MatchAny(any=[facet(filter.key, value) for value in values]))


def _in_range(models: Any, filter: ComparisonFilter) -> Any:
    # The client and Edge have different names for the same class.
    range_type = getattr(models, "Range", None) or models.RangeFloat
    return models.FieldCondition(key=attribute_path(filter.key), range=range_type(**{filter.type: filter.value}))
