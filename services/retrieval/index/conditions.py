"""Filters as Qdrant's conditions; the same meaning in process and on the server.

A file without the attribute, or with one of another kind, passes `ne` and `nin` and nothing else.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from services.retrieval.index.attributes import FACETS, facet, path_to
from services.retrieval.index.points import ATTACHMENT, TENANT
from shared.contracts.filters import ComparisonFilter, CompoundFilter, Filter


class OrderedKeys:
    """The attributes that have been filtered by order: each gets an index of its numbers when that happens first.

    Without one every point is read for it: 290 ms instead of 3 among 100,000. The index of one key is made once, in 0.8 s for as
    many; beyond `MOST` keys in a space there are no more of them, and the filters work all the same.
    """

    MOST = 64

    def __init__(self) -> None:
        self._known: dict[str, set[str]] = {}
        self._making = threading.Lock()

    def prepare(self, space: str, filter: Filter | None, index_numbers: Callable[[str], None]) -> None:
        """Call `index_numbers` with the path of each key that is compared by order for the first time; doing it again is harmless."""
        for path in _ordered_paths(filter):
            known = self._known.setdefault(space, set())
            if path in known or len(known) >= self.MOST:
                continue
            with self._making:
                index_numbers(path)
                known.add(path)


def _ordered_paths(filter: Filter | None) -> Iterator[str]:
    if isinstance(filter, CompoundFilter):
        for inner in filter.filters:
            yield from _ordered_paths(inner)
    elif filter is not None and filter.type in ("gt", "gte", "lt", "lte"):
        yield path_to(filter.key)


def searched(tenant: str, attachment: str | None) -> dict[str, str]:
    """Return the fields of the points to search: those of a tenant, or of one of its attachments."""
    return {TENANT: tenant} | ({ATTACHMENT: attachment} if attachment else {})


def to_conditions(models: Any, where: Mapping[str, str], filter: Filter | None = None, without: Sequence[str] = ()) -> Any:
    """Return Qdrant's filter for fields and attributes, leaving out the points of the attachments `without`.

    `models` is the library whose classes to use (Edge's or the client's).
    """
    must = [models.FieldCondition(key=key, match=models.MatchValue(value=value)) for key, value in where.items()]
    if filter is not None:
        must.append(_condition(models, filter))
    must_not = [models.FieldCondition(key=ATTACHMENT, match=models.MatchAny(any=list(without)))] if without else None
    return models.Filter(must=must, must_not=must_not)


def _condition(models: Any, filter: Filter) -> Any:
    if isinstance(filter, CompoundFilter):
        inner = [_condition(models, each) for each in filter.filters]
        return models.Filter(must=inner) if filter.type == "and" else models.Filter(should=inner)
    if filter.type in ("ne", "nin"):
        return models.Filter(must_not=[_equal(models, filter)])
    return _equal(models, filter) if filter.type in ("eq", "in") else _ordered(models, filter)


def _equal(models: Any, filter: ComparisonFilter) -> Any:
    values = filter.value if isinstance(filter.value, list) else [filter.value]
    return models.FieldCondition(key=FACETS, match=models.MatchAny(any=[facet(filter.key, value) for value in values]))


def _ordered(models: Any, filter: ComparisonFilter) -> Any:
    # The client and Edge have different names for the same class.
    limits = getattr(models, "Range", None) or models.RangeFloat
    return models.FieldCondition(key=path_to(filter.key), range=limits(**{filter.type: filter.value}))
