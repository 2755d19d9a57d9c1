from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.score_component import ScoreComponent


T = TypeVar("T", bound="Scores")


@_attrs_define
class Scores:
    """How a score was computed. `query` is the query with the best score. A part is null if that search did not find the
    chunk.

        Attributes:
            query (str):
            vector (None | ScoreComponent):
            keyword (None | ScoreComponent):
            fused (ScoreComponent): A score in [0, 1], its rank (from 1) among the candidates, and the raw value: a cosine
                similarity or a BM25 score.
            rerank (None | ScoreComponent):
    """

    query: str
    vector: None | ScoreComponent
    keyword: None | ScoreComponent
    fused: ScoreComponent
    rerank: None | ScoreComponent
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.score_component import ScoreComponent  # noqa: PLC0415

        query = self.query

        vector: dict[str, Any] | None
        if isinstance(self.vector, ScoreComponent):
            vector = self.vector.to_dict()
        else:
            vector = self.vector

        keyword: dict[str, Any] | None
        if isinstance(self.keyword, ScoreComponent):
            keyword = self.keyword.to_dict()
        else:
            keyword = self.keyword

        fused = self.fused.to_dict()

        rerank: dict[str, Any] | None
        if isinstance(self.rerank, ScoreComponent):
            rerank = self.rerank.to_dict()
        else:
            rerank = self.rerank

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "query": query,
                "vector": vector,
                "keyword": keyword,
                "fused": fused,
                "rerank": rerank,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.score_component import ScoreComponent  # noqa: PLC0415

        d = dict(src_dict)
        query = d.pop("query")

        def _parse_vector(data: object) -> None | ScoreComponent:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                vector_type_0 = ScoreComponent.from_dict(data)

                return vector_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ScoreComponent, data)

        vector = _parse_vector(d.pop("vector"))

        def _parse_keyword(data: object) -> None | ScoreComponent:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                keyword_type_0 = ScoreComponent.from_dict(data)

                return keyword_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ScoreComponent, data)

        keyword = _parse_keyword(d.pop("keyword"))

        fused = ScoreComponent.from_dict(d.pop("fused"))

        def _parse_rerank(data: object) -> None | ScoreComponent:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                rerank_type_0 = ScoreComponent.from_dict(data)

                return rerank_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ScoreComponent, data)

        rerank = _parse_rerank(d.pop("rerank"))

        scores = cls(
            query=query,
            vector=vector,
            keyword=keyword,
            fused=fused,
            rerank=rerank,
        )

        scores.additional_properties = d
        return scores

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
