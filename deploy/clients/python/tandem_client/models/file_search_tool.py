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

from ..models.file_search_tool_attribution import (
    FileSearchToolAttribution,
    check_file_search_tool_attribution,
)
from ..models.file_search_tool_on_empty import (
    FileSearchToolOnEmpty,
    check_file_search_tool_on_empty,
)
from ..models.file_search_tool_order import (
    FileSearchToolOrder,
    check_file_search_tool_order,
)
from ..models.file_search_tool_query import (
    FileSearchToolQuery,
    check_file_search_tool_query,
)
from ..models.file_search_tool_search_mode import (
    FileSearchToolSearchMode,
    check_file_search_tool_search_mode,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.comparison_filter import ComparisonFilter
    from ..models.compound_filter import CompoundFilter
    from ..models.ranking_options import RankingOptions
    from ..models.rerank import Rerank


T = TypeVar("T", bound="FileSearchTool")


@_attrs_define
class FileSearchTool:
    """Answer from these vector stores. The fields that OpenAI does not have mean the same as in the `retrieval` field of
    chat.

        Attributes:
            type_ (Literal['file_search']):
            vector_store_ids (list[str]):
            search_mode (FileSearchToolSearchMode | Unset):  Default: 'hybrid'.
            rerank (None | Rerank | Unset):
            max_context_tokens (int | Unset):  Default: 1024.
            order (FileSearchToolOrder | Unset):  Default: 'relevance'.
            query (FileSearchToolQuery | Unset):  Default: 'last'.
            prompt_template (None | str | Unset):
            on_empty (FileSearchToolOnEmpty | Unset):  Default: 'answer'.
            attribution (FileSearchToolAttribution | Unset):  Default: 'embeddings'.
            filters (ComparisonFilter | CompoundFilter | None | Unset):
            max_num_results (int | Unset):  Default: 5.
            ranking_options (RankingOptions | Unset): How hits are ranked, and the score below which they are left out.

                `ranker`: `none`, `auto` and `default-2024-11-15` rank by the fused score. Extension: the name of the configured
                reranker ranks by the
                reranker's score. `hybrid_search` selects reciprocal rank fusion with these weights.
    """

    type_: Literal["file_search"]
    vector_store_ids: list[str]
    search_mode: FileSearchToolSearchMode | Unset = "hybrid"
    rerank: None | Rerank | Unset = UNSET
    max_context_tokens: int | Unset = 1024
    order: FileSearchToolOrder | Unset = "relevance"
    query: FileSearchToolQuery | Unset = "last"
    prompt_template: None | str | Unset = UNSET
    on_empty: FileSearchToolOnEmpty | Unset = "answer"
    attribution: FileSearchToolAttribution | Unset = "embeddings"
    filters: ComparisonFilter | CompoundFilter | None | Unset = UNSET
    max_num_results: int | Unset = 5
    ranking_options: RankingOptions | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.comparison_filter import ComparisonFilter  # noqa: PLC0415
        from ..models.compound_filter import CompoundFilter  # noqa: PLC0415
        from ..models.rerank import Rerank  # noqa: PLC0415

        type_ = self.type_

        vector_store_ids = self.vector_store_ids

        search_mode: str | Unset = UNSET
        if not isinstance(self.search_mode, Unset):
            search_mode = self.search_mode

        rerank: dict[str, Any] | None | Unset
        if isinstance(self.rerank, Unset):
            rerank = UNSET
        elif isinstance(self.rerank, Rerank):
            rerank = self.rerank.to_dict()
        else:
            rerank = self.rerank

        max_context_tokens = self.max_context_tokens

        order: str | Unset = UNSET
        if not isinstance(self.order, Unset):
            order = self.order

        query: str | Unset = UNSET
        if not isinstance(self.query, Unset):
            query = self.query

        prompt_template: None | str | Unset
        if isinstance(self.prompt_template, Unset):
            prompt_template = UNSET
        else:
            prompt_template = self.prompt_template

        on_empty: str | Unset = UNSET
        if not isinstance(self.on_empty, Unset):
            on_empty = self.on_empty

        attribution: str | Unset = UNSET
        if not isinstance(self.attribution, Unset):
            attribution = self.attribution

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

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
                "vector_store_ids": vector_store_ids,
            }
        )
        if search_mode is not UNSET:
            field_dict["search_mode"] = search_mode
        if rerank is not UNSET:
            field_dict["rerank"] = rerank
        if max_context_tokens is not UNSET:
            field_dict["max_context_tokens"] = max_context_tokens
        if order is not UNSET:
            field_dict["order"] = order
        if query is not UNSET:
            field_dict["query"] = query
        if prompt_template is not UNSET:
            field_dict["prompt_template"] = prompt_template
        if on_empty is not UNSET:
            field_dict["on_empty"] = on_empty
        if attribution is not UNSET:
            field_dict["attribution"] = attribution
        if filters is not UNSET:
            field_dict["filters"] = filters
        if max_num_results is not UNSET:
            field_dict["max_num_results"] = max_num_results
        if ranking_options is not UNSET:
            field_dict["ranking_options"] = ranking_options

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.comparison_filter import ComparisonFilter  # noqa: PLC0415
        from ..models.compound_filter import CompoundFilter  # noqa: PLC0415
        from ..models.ranking_options import RankingOptions  # noqa: PLC0415
        from ..models.rerank import Rerank  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["file_search"], d.pop("type"))
        if type_ != "file_search":
            raise ValueError(f"type must match const 'file_search', got '{type_}'")

        vector_store_ids = cast(list[str], d.pop("vector_store_ids"))

        _search_mode = d.pop("search_mode", UNSET)
        search_mode: FileSearchToolSearchMode | Unset
        if isinstance(_search_mode, Unset):
            search_mode = UNSET
        else:
            search_mode = check_file_search_tool_search_mode(_search_mode)

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

        max_context_tokens = d.pop("max_context_tokens", UNSET)

        _order = d.pop("order", UNSET)
        order: FileSearchToolOrder | Unset
        if isinstance(_order, Unset):
            order = UNSET
        else:
            order = check_file_search_tool_order(_order)

        _query = d.pop("query", UNSET)
        query: FileSearchToolQuery | Unset
        if isinstance(_query, Unset):
            query = UNSET
        else:
            query = check_file_search_tool_query(_query)

        def _parse_prompt_template(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        prompt_template = _parse_prompt_template(d.pop("prompt_template", UNSET))

        _on_empty = d.pop("on_empty", UNSET)
        on_empty: FileSearchToolOnEmpty | Unset
        if isinstance(_on_empty, Unset):
            on_empty = UNSET
        else:
            on_empty = check_file_search_tool_on_empty(_on_empty)

        _attribution = d.pop("attribution", UNSET)
        attribution: FileSearchToolAttribution | Unset
        if isinstance(_attribution, Unset):
            attribution = UNSET
        else:
            attribution = check_file_search_tool_attribution(_attribution)

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

        file_search_tool = cls(
            type_=type_,
            vector_store_ids=vector_store_ids,
            search_mode=search_mode,
            rerank=rerank,
            max_context_tokens=max_context_tokens,
            order=order,
            query=query,
            prompt_template=prompt_template,
            on_empty=on_empty,
            attribution=attribution,
            filters=filters,
            max_num_results=max_num_results,
            ranking_options=ranking_options,
        )

        return file_search_tool
