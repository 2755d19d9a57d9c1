from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.hybrid_search import HybridSearch


T = TypeVar("T", bound="RankingOptions")


@_attrs_define
class RankingOptions:
    """How hits are ranked, and the score below which they are left out.

    `ranker`: `none`, `auto` and `default-2024-11-15` rank by the fused score. Extension: the name of the configured
    reranker ranks by the
    reranker's score. `hybrid_search` selects reciprocal rank fusion with these weights.

        Attributes:
            ranker (str | Unset):  Default: 'auto'.
            score_threshold (float | Unset):  Default: 0.0.
            hybrid_search (HybridSearch | None | Unset):
    """

    ranker: str | Unset = "auto"
    score_threshold: float | Unset = 0.0
    hybrid_search: HybridSearch | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.hybrid_search import HybridSearch  # noqa: PLC0415

        ranker = self.ranker

        score_threshold = self.score_threshold

        hybrid_search: dict[str, Any] | None | Unset
        if isinstance(self.hybrid_search, Unset):
            hybrid_search = UNSET
        elif isinstance(self.hybrid_search, HybridSearch):
            hybrid_search = self.hybrid_search.to_dict()
        else:
            hybrid_search = self.hybrid_search

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if ranker is not UNSET:
            field_dict["ranker"] = ranker
        if score_threshold is not UNSET:
            field_dict["score_threshold"] = score_threshold
        if hybrid_search is not UNSET:
            field_dict["hybrid_search"] = hybrid_search

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.hybrid_search import HybridSearch  # noqa: PLC0415

        d = dict(src_dict)
        ranker = d.pop("ranker", UNSET)

        score_threshold = d.pop("score_threshold", UNSET)

        def _parse_hybrid_search(data: object) -> HybridSearch | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                hybrid_search_type_0 = HybridSearch.from_dict(data)

                return hybrid_search_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(HybridSearch | None | Unset, data)

        hybrid_search = _parse_hybrid_search(d.pop("hybrid_search", UNSET))

        ranking_options = cls(
            ranker=ranker,
            score_threshold=score_threshold,
            hybrid_search=hybrid_search,
        )

        return ranking_options
