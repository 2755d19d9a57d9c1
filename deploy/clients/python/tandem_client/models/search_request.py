from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.search_request_search_mode import (
    SearchRequestSearchMode,
    check_search_request_search_mode,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.comparison_filter import ComparisonFilter
    from ..models.compound_filter import CompoundFilter
    from ..models.convex_fusion import ConvexFusion
    from ..models.distribution_fusion import DistributionFusion
    from ..models.ranking_options import RankingOptions
    from ..models.reciprocal_rank_fusion import ReciprocalRankFusion
    from ..models.rerank import Rerank


T = TypeVar("T", bound="SearchRequest")


@_attrs_define
class SearchRequest:
    """Body of `POST /v1/vector_stores/{id}/search`.

    If there are several queries, each is searched separately, and a chunk has its best score. With `rewrite_query` a
    language model turns
    them into search queries first.

    Extensions: `search_mode`; `fusion` for a hybrid search; `rerank`; `diversity` (maximal marginal relevance: 0 for
    the most relevant
    hits, towards 1 for hits that differ most from each other, in the order of their selection); `vector_store_ids`
    (more stores of the
    project); `group_by_file` (one hit per file, with its best chunks as its content); `context_window` (adds the text
    of that many chunks
    before and after each hit; if chunks are parts of larger ones, of the chunks that are searched); `explain` (how each
    score was
    computed); `explain_file` (why this file is not among the hits).

        Attributes:
            query (list[str] | str):
            filters (ComparisonFilter | CompoundFilter | None | Unset):
            max_num_results (int | Unset):  Default: 10.
            ranking_options (RankingOptions | Unset): How hits are ranked, and the score below which they are left out.

                `ranker`: `none`, `auto` and `default-2024-11-15` rank by the fused score. Extension: the name of the configured
                reranker ranks by the
                reranker's score. `hybrid_search` selects reciprocal rank fusion with these weights.
            rewrite_query (bool | Unset):  Default: False.
            search_mode (SearchRequestSearchMode | Unset):  Default: 'hybrid'.
            fusion (ConvexFusion | DistributionFusion | None | ReciprocalRankFusion | Unset):
            rerank (None | Rerank | Unset):
            diversity (float | Unset):  Default: 0.0.
            vector_store_ids (list[str] | Unset):
            group_by_file (bool | Unset):  Default: False.
            context_window (int | Unset):  Default: 0.
            explain (bool | Unset):  Default: False.
            explain_file (None | str | Unset):
    """

    query: list[str] | str
    filters: ComparisonFilter | CompoundFilter | None | Unset = UNSET
    max_num_results: int | Unset = 10
    ranking_options: RankingOptions | Unset = UNSET
    rewrite_query: bool | Unset = False
    search_mode: SearchRequestSearchMode | Unset = "hybrid"
    fusion: ConvexFusion | DistributionFusion | None | ReciprocalRankFusion | Unset = (
        UNSET
    )
    rerank: None | Rerank | Unset = UNSET
    diversity: float | Unset = 0.0
    vector_store_ids: list[str] | Unset = UNSET
    group_by_file: bool | Unset = False
    context_window: int | Unset = 0
    explain: bool | Unset = False
    explain_file: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.comparison_filter import ComparisonFilter  # noqa: PLC0415
        from ..models.compound_filter import CompoundFilter  # noqa: PLC0415
        from ..models.convex_fusion import ConvexFusion  # noqa: PLC0415
        from ..models.distribution_fusion import DistributionFusion  # noqa: PLC0415
        from ..models.reciprocal_rank_fusion import ReciprocalRankFusion  # noqa: PLC0415
        from ..models.rerank import Rerank  # noqa: PLC0415

        query: list[str] | str
        if isinstance(self.query, list):
            query = self.query

        else:
            query = self.query

        filters: dict[str, Any] | None | Unset
        if isinstance(self.filters, Unset):
            filters = UNSET
        elif isinstance(self.filters, ComparisonFilter):
            filters = self.filters.to_dict()
        elif isinstance(self.filters, CompoundFilter):
            filters = self.filters.to_dict()
        else:
            filters = self.filters

        max_num_results = self.max_num_results

        ranking_options: dict[str, Any] | Unset = UNSET
        if not isinstance(self.ranking_options, Unset):
            ranking_options = self.ranking_options.to_dict()

        rewrite_query = self.rewrite_query

        search_mode: str | Unset = UNSET
        if not isinstance(self.search_mode, Unset):
            search_mode = self.search_mode

        fusion: dict[str, Any] | None | Unset
        if isinstance(self.fusion, Unset):
            fusion = UNSET
        elif isinstance(self.fusion, ConvexFusion):
            fusion = self.fusion.to_dict()
        elif isinstance(self.fusion, ReciprocalRankFusion):
            fusion = self.fusion.to_dict()
        elif isinstance(self.fusion, DistributionFusion):
            fusion = self.fusion.to_dict()
        else:
            fusion = self.fusion

        rerank: dict[str, Any] | None | Unset
        if isinstance(self.rerank, Unset):
            rerank = UNSET
        elif isinstance(self.rerank, Rerank):
            rerank = self.rerank.to_dict()
        else:
            rerank = self.rerank

        diversity = self.diversity

        vector_store_ids: list[str] | Unset = UNSET
        if not isinstance(self.vector_store_ids, Unset):
            vector_store_ids = self.vector_store_ids

        group_by_file = self.group_by_file

        context_window = self.context_window

        explain = self.explain

        explain_file: None | str | Unset
        if isinstance(self.explain_file, Unset):
            explain_file = UNSET
        else:
            explain_file = self.explain_file

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "query": query,
            }
        )
        if filters is not UNSET:
            field_dict["filters"] = filters
        if max_num_results is not UNSET:
            field_dict["max_num_results"] = max_num_results
        if ranking_options is not UNSET:
            field_dict["ranking_options"] = ranking_options
        if rewrite_query is not UNSET:
            field_dict["rewrite_query"] = rewrite_query
        if search_mode is not UNSET:
            field_dict["search_mode"] = search_mode
        if fusion is not UNSET:
            field_dict["fusion"] = fusion
        if rerank is not UNSET:
            field_dict["rerank"] = rerank
        if diversity is not UNSET:
            field_dict["diversity"] = diversity
        if vector_store_ids is not UNSET:
            field_dict["vector_store_ids"] = vector_store_ids
        if group_by_file is not UNSET:
            field_dict["group_by_file"] = group_by_file
        if context_window is not UNSET:
            field_dict["context_window"] = context_window
        if explain is not UNSET:
            field_dict["explain"] = explain
        if explain_file is not UNSET:
            field_dict["explain_file"] = explain_file

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.comparison_filter import ComparisonFilter  # noqa: PLC0415
        from ..models.compound_filter import CompoundFilter  # noqa: PLC0415
        from ..models.convex_fusion import ConvexFusion  # noqa: PLC0415
        from ..models.distribution_fusion import DistributionFusion  # noqa: PLC0415
        from ..models.ranking_options import RankingOptions  # noqa: PLC0415
        from ..models.reciprocal_rank_fusion import ReciprocalRankFusion  # noqa: PLC0415
        from ..models.rerank import Rerank  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_query(data: object) -> list[str] | str:
            try:
                if not isinstance(data, list):
                    raise TypeError()
                query_type_1 = cast(list[str], data)

                return query_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | str, data)

        query = _parse_query(d.pop("query"))

        def _parse_filters(
            data: object,
        ) -> ComparisonFilter | CompoundFilter | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                filters_type_0_type_0 = ComparisonFilter.from_dict(data)

                return filters_type_0_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                filters_type_0_type_1 = CompoundFilter.from_dict(data)

                return filters_type_0_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ComparisonFilter | CompoundFilter | None | Unset, data)

        filters = _parse_filters(d.pop("filters", UNSET))

        max_num_results = d.pop("max_num_results", UNSET)

        _ranking_options = d.pop("ranking_options", UNSET)
        ranking_options: RankingOptions | Unset
        if isinstance(_ranking_options, Unset):
            ranking_options = UNSET
        else:
            ranking_options = RankingOptions.from_dict(_ranking_options)

        rewrite_query = d.pop("rewrite_query", UNSET)

        _search_mode = d.pop("search_mode", UNSET)
        search_mode: SearchRequestSearchMode | Unset
        if isinstance(_search_mode, Unset):
            search_mode = UNSET
        else:
            search_mode = check_search_request_search_mode(_search_mode)

        def _parse_fusion(
            data: object,
        ) -> ConvexFusion | DistributionFusion | None | ReciprocalRankFusion | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                fusion_type_0_type_0 = ConvexFusion.from_dict(data)

                return fusion_type_0_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                fusion_type_0_type_1 = ReciprocalRankFusion.from_dict(data)

                return fusion_type_0_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                fusion_type_0_type_2 = DistributionFusion.from_dict(data)

                return fusion_type_0_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(
                ConvexFusion | DistributionFusion | None | ReciprocalRankFusion | Unset,
                data,
            )

        fusion = _parse_fusion(d.pop("fusion", UNSET))

        def _parse_rerank(data: object) -> None | Rerank | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                rerank_type_0 = Rerank.from_dict(data)

                return rerank_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Rerank | Unset, data)

        rerank = _parse_rerank(d.pop("rerank", UNSET))

        diversity = d.pop("diversity", UNSET)

        vector_store_ids = cast(list[str], d.pop("vector_store_ids", UNSET))

        group_by_file = d.pop("group_by_file", UNSET)

        context_window = d.pop("context_window", UNSET)

        explain = d.pop("explain", UNSET)

        def _parse_explain_file(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        explain_file = _parse_explain_file(d.pop("explain_file", UNSET))

        search_request = cls(
            query=query,
            filters=filters,
            max_num_results=max_num_results,
            ranking_options=ranking_options,
            rewrite_query=rewrite_query,
            search_mode=search_mode,
            fusion=fusion,
            rerank=rerank,
            diversity=diversity,
            vector_store_ids=vector_store_ids,
            group_by_file=group_by_file,
            context_window=context_window,
            explain=explain,
            explain_file=explain_file,
        )

        return search_request
