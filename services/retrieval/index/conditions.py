"""Filters as Qdrant's conditions; the same meaning in process and on the server.

A file without the attribute, or with one of another kind, passes `ne` and `nin` and nothing else.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.retrieval.index.attributes import FACETS, facet, path_to
from services.retrieval.index.points import ATTACHMENT
from shared.contracts.search import ComparisonFilter, CompoundFilter, Filter


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
