from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.compound_filter_type import CompoundFilterType, check_compound_filter_type

if TYPE_CHECKING:
    from ..models.comparison_filter import ComparisonFilter


T = TypeVar("T", bound="CompoundFilter")


@_attrs_define
class CompoundFilter:
    """All of `filters` must match (`and`), or at least one of them (`or`).

    Attributes:
        type_ (CompoundFilterType):
        filters (list[ComparisonFilter | CompoundFilter]):
    """

    type_: CompoundFilterType
    filters: list[ComparisonFilter | CompoundFilter]

    def to_dict(self) -> dict[str, Any]:
        from ..models.comparison_filter import ComparisonFilter  # noqa: PLC0415

        type_: str = self.type_

        filters = []
        for filters_item_data in self.filters:
            filters_item: dict[str, Any]
            if isinstance(filters_item_data, ComparisonFilter):
                filters_item = filters_item_data.to_dict()
            else:
                filters_item = filters_item_data.to_dict()

            filters.append(filters_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
                "filters": filters,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.comparison_filter import ComparisonFilter  # noqa: PLC0415

        d = dict(src_dict)
        type_ = check_compound_filter_type(d.pop("type"))

        filters = []
        _filters = d.pop("filters")
        for filters_item_data in _filters:

            def _parse_filters_item(data: object) -> ComparisonFilter | CompoundFilter:
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    filters_item_type_0 = ComparisonFilter.from_dict(data)

                    return filters_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                if not isinstance(data, dict):
                    raise TypeError()
                filters_item_type_1 = CompoundFilter.from_dict(data)

                return filters_item_type_1

            filters_item = _parse_filters_item(filters_item_data)

            filters.append(filters_item)

        compound_filter = cls(
            type_=type_,
            filters=filters,
        )

        return compound_filter
