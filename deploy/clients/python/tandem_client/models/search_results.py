from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.explanation import Explanation
    from ..models.search_hit import SearchHit


T = TypeVar("T", bound="SearchResults")


@_attrs_define
class SearchResults:
    """The hits of a search, best first. `search_query` has the queries as they were searched.

    Extension: `note` says which part of a query was ignored, because an embedding model reads a limited number of
    tokens.

        Attributes:
            object_ (Literal['vector_store.search_results.page']):  Default: 'vector_store.search_results.page'.
            search_query (list[str]):
            data (list[SearchHit]):
            has_more (bool):  Default: False.
            next_page (None | str):
            explanation (Explanation | None):
            note (None | str):
    """

    search_query: list[str]
    data: list[SearchHit]
    next_page: None | str
    explanation: Explanation | None
    note: None | str
    object_: Literal["vector_store.search_results.page"] = (
        "vector_store.search_results.page"
    )
    has_more: bool = False
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.explanation import Explanation  # noqa: PLC0415

        object_ = self.object_

        search_query = self.search_query

        data = []
        for data_item_data in self.data:
            data_item = data_item_data.to_dict()
            data.append(data_item)

        has_more = self.has_more

        next_page: None | str
        next_page = self.next_page

        explanation: dict[str, Any] | None
        if isinstance(self.explanation, Explanation):
            explanation = self.explanation.to_dict()
        else:
            explanation = self.explanation

        note: None | str
        note = self.note

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "object": object_,
                "search_query": search_query,
                "data": data,
                "has_more": has_more,
                "next_page": next_page,
                "explanation": explanation,
                "note": note,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.explanation import Explanation  # noqa: PLC0415
        from ..models.search_hit import SearchHit  # noqa: PLC0415

        d = dict(src_dict)
        object_ = cast(Literal["vector_store.search_results.page"], d.pop("object"))
        if object_ != "vector_store.search_results.page":
            raise ValueError(
                f"object must match const 'vector_store.search_results.page', got '{object_}'"
            )

        search_query = cast(list[str], d.pop("search_query"))

        data = []
        _data = d.pop("data")
        for data_item_data in _data:
            data_item = SearchHit.from_dict(data_item_data)

            data.append(data_item)

        has_more = d.pop("has_more")

        def _parse_next_page(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_page = _parse_next_page(d.pop("next_page"))

        def _parse_explanation(data: object) -> Explanation | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                explanation_type_0 = Explanation.from_dict(data)

                return explanation_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Explanation | None, data)

        explanation = _parse_explanation(d.pop("explanation"))

        def _parse_note(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        note = _parse_note(d.pop("note"))

        search_results = cls(
            object_=object_,
            search_query=search_query,
            data=data,
            has_more=has_more,
            next_page=next_page,
            explanation=explanation,
            note=note,
        )

        search_results.additional_properties = d
        return search_results

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
